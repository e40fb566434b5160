/* SPDX-License-Identifier: MIT
 *
 * What every command needs of the library: a context whose warnings go to stderr, a cancel flag
 * that signals set, models by name, and exit statuses for library statuses. */
#ifndef CATDOG_TOOL_H
#define CATDOG_TOOL_H

#include <catdog/catdog.h>

#include "base/command.h"

struct tool {
    cnn_context_t *context;
    cnn_cancel_t *cancel;
};

/* ---- options that several commands have ---- */

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

/* Returns EXIT_SUCCESS, or an exit status after a message. */
int tool_open(struct tool *tool, uint32_t threads, uint64_t seed);
void tool_close(struct tool *tool);

/* Installs signal handlers: the first SIGINT or SIGTERM requests tool->cancel, the second has its
 * default action. */
void tool_cancel_on_signals(const struct tool *tool);

/* Loads a model from a file. "builtin" and NULL stand for the built-in model; a file of that name
 * is ./builtin. */
cnn_status_t tool_load_model(const struct tool *tool, const char *name, cnn_model_t **model);
int tool_is_builtin(const char *name);

/* Prints the library's last error message of this thread. Returns the exit status: 128 + the
 * signal's number if a signal asked to stop, else EXIT_FAILURE. */
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

#endif
