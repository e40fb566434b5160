/* SPDX-License-Identifier: MIT
 *
 * Fuzzes decoding and preprocessing. The last two bytes of the input select the settings, so that
 * the input can begin like an image file. `make fuzz` builds the program. */
#include <stdlib.h>

#include "core/context.h"
#include "image/decode.h"
#include "image/image_limits.h"
#include "image/preprocess.h"
#include "image/readers.h"
#include "kernels/kernels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static cnn_context_t *open_context(void)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 1};
    cnn_context_t *context;

    if (cd_context_create(&options, &context) != CNN_OK)
        abort();
    context->kernels = cd_kernels_find(NULL);
    return context;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t sizes[][2] = {{94, 125}, {5, 3}, {1, 40}, {33, 1}};
    static cnn_context_t *context;
    static uint8_t out[94 * 125 * 3];
    const unsigned a = size > 1 ? data[size - 1] : 0, b = size > 1 ? data[size - 2] : 0;
    const cnn_preprocess_t given = {.struct_size = sizeof given,
                                    .height = sizes[a % 4][0],
                                    .width = sizes[a % 4][1],
                                    .fit = (cnn_fit_t)(b % 3),
                                    .decode = (cnn_decode_t)(b / 3 % 2)};
    const cnn_image_options_t own = {.struct_size = sizeof own, .max_pixels = 1 << 18};
    cnn_image_options_t limits;
    cnn_preprocess_t preprocess;

    if (!context)
        context = open_context();
    cd_image_limits(&own, &limits);
    if (cd_preprocess_complete(&given, &preprocess) != CNN_OK)
        abort();
    const struct cd_image_source source = cd_image_in_memory(context, data, size, &limits);
    const cnn_status_t rc = cd_decode_photo(&source, &preprocess, NULL, out);
    if (rc != CNN_OK && rc != CNN_ERROR_IMAGE)
        abort();
    return 0;
}
