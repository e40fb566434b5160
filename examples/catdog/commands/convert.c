/* SPDX-License-Identifier: MIT
 *
 * catdog convert: a model's file written anew. */
#include <stdio.h>
#include <stdlib.h>

#include "base/save.h"
#include "base/tool.h"

/* size: height, width of the input; 0: as it is. */
static int convert(const char *name, const char *out, int half, const uint32_t size[2])
{
    const cnn_model_save_options_t options = {
        .struct_size = sizeof options,
        .precision = half ? CNN_PRECISION_HALF : CNN_PRECISION_FLOAT,
    };
    struct tool tool;
    cnn_model_t *model = NULL, *resized = NULL;
    int rc = tool_open(&tool, 1, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, tool_load_model(&tool, name, &model));
    if (size[0]) {
        const cnn_model_adapt_options_t input = {
            .struct_size = sizeof input, .height = size[0], .width = size[1]};
        TOOL_TRY(rc, cnn_model_adapt(model, &input, &resized));
    }
    TOOL_TRY(rc, cnn_model_save(resized ? resized : model, out, &options));
    printf("model: %s\n", out);
done:
    cnn_model_free(resized);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

int command_convert(int argc, char **argv)
{
    const char *out = NULL;
    uint32_t size[2] = {0, 0};
    int half = 0;
    const struct option options[] = {
        ARG_TEXT("out", &out, "FILE", "where the model is written (needed; may be MODEL itself)"),
        ARG_FLAG("half", &half,
                 "kernels in half precision: half the size, and predictions that differ\n"
                 "in the third digit or so"),
        ARG_NUMBER("size", OPTION_SHAPE, size, "HxW",
                   "the network's input, height x width, if it ends in global pooling: trained on\n"
                   "random parts of photos (--crop), it may do better on whole ones held a little\n"
                   "larger",
                   1, 65535),
        ARG_END,
    };
    const struct command command = {
        .name = "convert",
        .synopsis = "MODEL|builtin --out FILE [options]",
        .about = "Writes a model (builtin: the one that the library brings along) to a file, with\n"
                 "weights in 32 bits or, with --half, in 16, or for photos of another size.",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc == ARGS_GO_ON && !out)
        rc = args_error(&command, "--out FILE is needed");
    if (rc == ARGS_GO_ON)
        rc = save_check(out) == EXIT_SUCCESS ? convert(argv[0], out, half, size) : EXIT_FAILURE;
    return rc;
}
