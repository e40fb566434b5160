/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"

#include "core/context.h"
#include "core/log.h"

cnn_status_t cd_api_result(cnn_context_t *context, cnn_status_t status)
{
    if (status != CNN_OK)
        cd_log(context, CNN_LOG_ERROR, cd_error_message());
    return status;
}
