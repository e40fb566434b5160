/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "base/tool.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"

const struct choice tool_layouts[] = {{"auto", CNN_LAYOUT_AUTO},
                                      {"prefix", CNN_LAYOUT_PREFIX},
                                      {"folders", CNN_LAYOUT_FOLDERS},
                                      {NULL, 0}};

const struct choice tool_fits[] = {{"squash", CNN_FIT_SQUASH},
                                   {"crop", CNN_FIT_CROP},
                                   {"letterbox", CNN_FIT_LETTERBOX},
                                   {NULL, 0}};

const struct choice tool_decodes[] = {
    {"full", CNN_DECODE_FULL}, {"scaled", CNN_DECODE_SCALED}, {NULL, 0}};

/* Global, because a signal handler has no user pointer. */
static cnn_cancel_t *volatile signal_cancel;
static volatile sig_atomic_t signal_number;

static void on_signal(int number)
{
    signal_number = number;
    if (signal_cancel)
        cnn_cancel_request(signal_cancel);
}

void tool_cancel_on_signals(const struct tool *tool)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    /* SA_RESETHAND restores the default action for the second signal. */
    action.sa_flags = (int)(SA_RESETHAND | SA_RESTART);
    sigemptyset(&action.sa_mask);
    signal_cancel = tool->cancel;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* Prints the warnings of the library's log. Errors are left out, because tool_failed() prints them.
 * Warnings about skipped photos are left out, because photos_print_skipped() lists those photos. */
static void on_log(cnn_log_level_t level, const char *text, void *user)
{
    (void)user;
    if (level == CNN_LOG_WARNING && !strstr(text, ": skipped: "))
        output_message("%s", text);
}

int tool_open(struct tool *tool, uint32_t threads, uint64_t seed)
{
    cnn_context_options_t options = CNN_INIT(cnn_context_options_t);
    cnn_status_t status;

    tool->cancel = NULL;
    options.threads = threads;
    options.seed = seed;
    options.log = on_log;
    if ((status = cnn_context_create(&options, &tool->context)) != CNN_OK)
        return tool_failed(status);
    if ((status = cnn_cancel_create(tool->context, &tool->cancel)) != CNN_OK) {
        int rc = tool_failed(status);
        tool_close(tool);
        return rc;
    }
    return EXIT_SUCCESS;
}

void tool_close(struct tool *tool)
{
    signal_cancel = NULL;
    cnn_cancel_free(tool->cancel);
    cnn_context_free(tool->context);
    tool->cancel = NULL;
    tool->context = NULL;
}

int tool_is_builtin(const char *name)
{
    return !name || strcmp(name, "builtin") == 0;
}

cnn_status_t tool_load_model(const struct tool *tool, const char *name, cnn_model_t **model)
{
    return tool_is_builtin(name) ? cnn_model_load_builtin(tool->context, model)
                                 : cnn_model_load(tool->context, name, model);
}

int tool_failed(cnn_status_t status)
{
    const char *text = cnn_error_message();

    if (status == CNN_ERROR_CANCELLED && signal_number) {
        output_message("stopped by signal %d", (int)signal_number);
        return 128 + (int)signal_number;
    }
    output_message("%s", *text ? text : cnn_status_string(status));
    return EXIT_FAILURE;
}
