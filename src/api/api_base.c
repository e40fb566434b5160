/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "core/version.h"

const char *cnn_version(void)
{
    return CD_VERSION;
}

uint32_t cnn_version_number(void)
{
    return CNN_VERSION_NUMBER;
}

const char *cnn_status_string(cnn_status_t status)
{
    return cd_status_text(status);
}

const char *cnn_error_message(void)
{
    return cd_error_message();
}
