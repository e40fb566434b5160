/* SPDX-License-Identifier: MIT */
#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The message of the calling thread's last error. It is the library's only state outside its
 * handles. */
static _Thread_local char message[CD_MESSAGE_SIZE];

/* Formats into a second buffer first, because the arguments may point into `message`. */
static void set_message(const char *format, va_list arguments)
{
    char text[CD_MESSAGE_SIZE];
    vsnprintf(text, sizeof text, format, arguments);
    memcpy(message, text, sizeof text);
}

cnn_status_t cd_error(cnn_status_t status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_message(format, arguments);
    va_end(arguments);
    return status;
}

cnn_status_t cd_error_memory(void)
{
    return cd_error(CNN_ERROR_MEMORY, "out of memory");
}

const char *cd_error_message(void)
{
    return message;
}

/* The switch has no default label, so that the compiler warns if a status has no text. */
const char *cd_status_text(cnn_status_t status)
{
    switch (status) {
    case CNN_OK:
        return "success";
    case CNN_ERROR_ARGUMENT:
        return "an argument is not valid";
    case CNN_ERROR_MEMORY:
        return "out of memory";
    case CNN_ERROR_IO:
        return "a file or folder cannot be read or written";
    case CNN_ERROR_IMAGE:
        return "the photo cannot be decoded";
    case CNN_ERROR_MODEL_FILE:
        return "the model file is not valid";
    case CNN_ERROR_SHAPE:
        return "shapes do not fit together";
    case CNN_ERROR_DATA:
        return "the dataset cannot be used for this";
    case CNN_ERROR_NAN:
        return "the loss or a weight is no longer a finite number";
    case CNN_ERROR_CANCELLED:
        return "cancelled on request";
    case CNN_ERROR_THREAD:
        return "a thread could not be started";
    case CNN_ERROR_UNSUPPORTED:
        return "not supported by this build or this version";
    }
    return "unknown status";
}
