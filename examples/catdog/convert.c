/* SPDX-License-Identifier: MIT
 *
 * catdog convert: a model's file written anew. */
#include <stdio.h>
#include <stdlib.h>

#include "save.h"
#include "tool.h"

static int convert(const char *name, const char *out, int half)
{
    const cnn_save_options_t options = {
        .struct_size = sizeof options,
        .precision = half ? CNN_PRECISION_HALF : CNN_PRECISION_FLOAT,
    };
    struct tool tool;
    cnn_model_t *model = NULL;
    int rc = tool_open(&tool, 1, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, tool_load_model(&tool, name, &model));
    TOOL_TRY(rc, cnn_model_save_as(model, out, &options));
    printf("model: %s\n", out);
done:
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

int command_convert(int argc, char **argv)
{
    const char *out = NULL;
    int half = 0;
    const struct option options[] = {
        ARG_TEXT("out", &out, "FILE", "where the model is written (needed; may be MODEL itself)"),
        ARG_FLAG("half", &half,
                 "kernels in half precision: half the size, and predictions that differ\n"
                 "in the third digit or so"),
        ARG_END,
    };
    const struct command command = {
        .name = "convert",
        .synopsis = "MODEL|builtin --out FILE [options]",
        .about = "Writes a model (builtin: the one that the library brings along) to a file, with\n"
                 "weights in 32 bits or, with --half, in 16.",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc == ARGS_GO_ON && !out)
        rc = args_error(&command, "--out FILE is needed");
    if (rc == ARGS_GO_ON)
        rc = save_check(out) == EXIT_SUCCESS ? convert(argv[0], out, half) : EXIT_FAILURE;
    return rc;
}
