/* SPDX-License-Identifier: MIT */
#include "image/jpeg_errors.h"

#include <jerror.h>

static struct cd_jpeg_errors *errors_of(j_common_ptr jpeg)
{
    return (struct cd_jpeg_errors *)jpeg->err;
}

_Noreturn void cd_jpeg_errors_escape(struct cd_jpeg_errors *errors, cnn_status_t status,
                                     const char *text)
{
    errors->status = status;
    snprintf(errors->text, sizeof errors->text, "%s", text);
    longjmp(errors->escape, 1);
}

static void on_fault(j_common_ptr jpeg)
{
    struct cd_jpeg_errors *errors = errors_of(jpeg);
    const int code = errors->base.msg_code;
    char text[JMSG_LENGTH_MAX];

    if (code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE)
        cd_jpeg_errors_escape(errors, CNN_ERROR_MEMORY, "out of memory");
    errors->base.format_message(jpeg, text);
    cd_jpeg_errors_escape(errors, CNN_ERROR_IMAGE, text);
}

/* Called by libjpeg for warnings (level < 0) and trace messages. For a truncated file, libjpeg only
 * warns and fills the rest of the image with grey. This callback makes it an error. */
static void on_message(j_common_ptr jpeg, int level)
{
    struct cd_jpeg_errors *errors = errors_of(jpeg);

    if (level >= 0)
        return;
    if (errors->base.msg_code == JWRN_JPEG_EOF)
        cd_jpeg_errors_escape(errors, CNN_ERROR_IMAGE,
                              "is cut short: the file ends before the image does");
    if (errors->base.num_warnings++ == 0)
        errors->base.format_message(jpeg, errors->text);
}

static void print_nothing(j_common_ptr jpeg)
{
    (void)jpeg;
}

struct jpeg_error_mgr *cd_jpeg_errors_init(struct cd_jpeg_errors *errors)
{
    jpeg_std_error(&errors->base);
    errors->base.error_exit = on_fault;
    errors->base.emit_message = on_message;
    errors->base.output_message = print_nothing;
    errors->status = CNN_OK;
    errors->text[0] = '\0';
    return &errors->base;
}
