/* SPDX-License-Identifier: MIT
 *
 * catdog convert: writes a model in another precision or for another input size. */
#include <stdio.h>
#include <stdlib.h>

#include "base/tool.h"
#include "commands.h"

static struct {
    const char *out;
    int half;
    uint32_t size[2]; /* new height and width of the input, or 0 to keep it */
} o;

static int convert(char **files, size_t n_files)
{
    const cnn_model_save_options_t save = {
        .struct_size = sizeof save,
        .precision = o.half ? CNN_PRECISION_HALF : CNN_PRECISION_FLOAT,
    };
    const cnn_model_adapt_options_t input = {
        .struct_size = sizeof input, .height = o.size[0], .width = o.size[1]};
    struct tool tool;
    cnn_model_t *model = NULL, *resized = NULL;
    int rc = tool_open(&tool, 1, 0);

    (void)n_files;
    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, tool_load_model(&tool, files[0], &model));
    if (o.size[0])
        TOOL_TRY(rc, cnn_model_adapt(model, &input, &resized));
    TOOL_TRY(rc, cnn_model_save(resized ? resized : model, o.out, &save));
    printf("model: %s\n", o.out);
done:
    cnn_model_free(resized);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

static const struct option options[] = {
    ARG_REQUIRED("out", OPTION_OUTPUT, &o.out, "FILE", "The file for the model. It may be MODEL."),
    ARG_FLAG("half", &o.half,
             "Store kernels in half precision. The file has half the size, and probabilities "
             "change in about the third digit."),
    ARG_NUMBER(
        "size", OPTION_SHAPE, o.size, "HxW",
        "Change the input size, height x width. The network must end in global pooling. A "
        "network that was trained with --crop-area is often more accurate at a slightly larger "
        "size.",
        1, 65535),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog convert builtin --out model.safetensors", "Write the built-in model to a file."},
    {"catdog convert model.safetensors --half --out small.safetensors",
     "Halve the size of a model file."},
    {NULL, NULL},
};

const struct command command_convert = {
    .name = "convert",
    .summary = "write a model in another precision or for another input size",
    .synopsis = "MODEL|builtin --out FILE [options]",
    .description =
        "This command reads a model and writes it to a file, with weights in 32 bits or, with "
        "--half, in 16 bits. With --size the model takes images of another size.",
    .options = options,
    .examples = examples,
    .min_files = 1,
    .max_files = 1,
    .run = convert,
};
