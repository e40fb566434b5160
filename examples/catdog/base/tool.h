/* SPDX-License-Identifier: MIT
 *
 * Connects the commands to the library: creates a context that logs warnings to stderr, cancels on
 * signals, loads models by name, and converts library statuses to exit statuses. */
#ifndef CATDOG_TOOL_H
#define CATDOG_TOOL_H

#include <catdog/catdog.h>

#include "base/command.h"

struct tool {
    cnn_context_t *context;
    cnn_cancel_t *cancel;
};

/* ---- options that several commands share ---- */

extern const struct choice tool_fits[];
extern const struct choice tool_decodes[];
extern const struct choice tool_layouts[];

#define TOOL_SIZE(variable)                                                                        \
    ARG_NUMBER("size", OPTION_SHAPE, variable, "HxW",                                              \
               "The input size of the network, height x width. Default: 94x125.", 1, 65535)
#define TOOL_FIT(variable)                                                                         \
    ARG_CHOICE("fit", variable, "NAME", "How a photo is resized to the input. Default: squash.",   \
               tool_fits)
#define TOOL_DECODE(variable)                                                                      \
    ARG_CHOICE("decode", variable, "NAME",                                                         \
               "Decode JPEGs in full or at the next scale above the input size. Scaled decoding "  \
               "is faster and gives slightly different pixels. Default: full.",                    \
               tool_decodes)
#define TOOL_LAYOUT(variable)                                                                      \
    ARG_CHOICE("layout", variable, "NAME",                                                         \
               "Where the classes stand: prefix (cat.0.jpg), folders (cats/any.jpg). Default: "    \
               "auto.",                                                                            \
               tool_layouts)
#define TOOL_MODEL(variable)                                                                       \
    ARG_VALUE("model", OPTION_TEXT, variable, "FILE",                                              \
              "The model. Default: the model that is built into the library.")
#define TOOL_STRICT(variable) ARG_FLAG("strict", variable, "Stop at the first unusable photo.")

/* ---- the library ---- */

/* Creates the context and the cancel flag. Returns EXIT_SUCCESS, or an exit status after a
 * message. */
int tool_open(struct tool *tool, uint32_t threads, uint64_t seed);
void tool_close(struct tool *tool);

/* Installs handlers for SIGINT and SIGTERM. The first signal of each kind requests cancellation by
 * tool->cancel. The second one has its default action, which ends the process. */
void tool_cancel_on_signals(const struct tool *tool);

/* Loads a model from the file `name`, or the built-in model if name is "builtin" or NULL. A file
 * called builtin is loaded as "./builtin". */
cnn_status_t tool_load_model(const struct tool *tool, const char *name, cnn_model_t **model);
int tool_is_builtin(const char *name);

/* Prints the library's last error message of this thread. Returns the exit status: 128 + the signal
 * number if a signal cancelled the operation, else EXIT_FAILURE. */
int tool_failed(cnn_status_t status);

/* Makes a library call. If it fails, prints the error, sets rc to the exit status and jumps to the
 * label `done`. */
#define TOOL_TRY(rc, call)                                                                         \
    do {                                                                                           \
        cnn_status_t status_ = (call);                                                             \
        if (status_ != CNN_OK) {                                                                   \
            (rc) = tool_failed(status_);                                                           \
            goto done;                                                                             \
        }                                                                                          \
    } while (0)

#endif
