/* SPDX-License-Identifier: MIT
 *
 * What every sub-command needs: a context whose warnings go to stderr, a cancel flag that Ctrl-C
 * sets, and exit statuses out of library statuses. */
#ifndef CATDOG_TOOL_H
#define CATDOG_TOOL_H

#include <catdog/catdog.h>

#include "base/args.h"

struct tool {
    cnn_context_t *context;
    cnn_cancel_t *cancel;
};

/* For --fit. */
extern const struct choice tool_fits[];
#define TOOL_FIT_HELP "how a photo gets that size: squash (default), crop, letterbox"

/* For --decode. */
extern const struct choice tool_decodes[];
#define TOOL_DECODE_HELP                                                                           \
    "JPEGs full (default) or scaled by their decoder to the next size above that,\n"               \
    "which is faster and sees slightly other pixels"

/* For --layout. */
extern const struct choice tool_layouts[];
#define TOOL_LAYOUT_HELP "of the folder: prefix (cat.0.jpg), folders (cats/any.jpg), auto (default)"

/* Returns EXIT_SUCCESS, or an exit status after telling why. */
int tool_open(struct tool *tool, uint32_t threads, uint64_t seed);

/* For work that can be cancelled: from here on the first SIGINT or SIGTERM requests tool->cancel,
 * and the second ends the process as it would without this. */
void tool_cancel_on_signals(const struct tool *tool);
void tool_close(struct tool *tool);

/* A model by name: a file's path, or the built-in one for "builtin" (a file of that name is
 * ./builtin) and for NULL. */
#define TOOL_BUILTIN "builtin"
int tool_is_builtin(const char *name);
cnn_status_t tool_load_model(const struct tool *tool, const char *name, cnn_model_t **model);

/* For --model. */
#define TOOL_MODEL_HELP "the model; default: the one that the library brings along"

/* Tells what the library's last failure was, in this thread. Returns the exit status for it:
 * 128 + the signal's number if a signal asked to stop, else EXIT_FAILURE. */
int tool_failed(cnn_status_t status);

/* One step of a sequence that ends at `done:` with an exit status in rc. */
#define TOOL_TRY(rc, call)                                                                         \
    do {                                                                                           \
        cnn_status_t status_ = (call);                                                             \
        if (status_ != CNN_OK) {                                                                   \
            (rc) = tool_failed(status_);                                                           \
            goto done;                                                                             \
        }                                                                                          \
    } while (0)

/* The commands; argv[0] is the command's name. They return the exit status. */
int command_survey(int argc, char **argv);
int command_split(int argc, char **argv);
int command_sheet(int argc, char **argv);
int command_train(int argc, char **argv);
int command_evaluate(int argc, char **argv);
int command_calibrate(int argc, char **argv);
int command_predict(int argc, char **argv);
int command_info(int argc, char **argv);
int command_convert(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_filters(int argc, char **argv);
int command_edges(int argc, char **argv);
int command_plot(int argc, char **argv);
int command_article(int argc, char **argv);
int command_bench(int argc, char **argv);

#endif
