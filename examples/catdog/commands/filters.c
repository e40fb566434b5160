/* SPDX-License-Identifier: MIT
 *
 * catdog filters: draws the kernels of a network, or its feature maps of a photo. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "base/tool.h"
#include "commands.h"
#include "images/sheet.h"

/* Kernels and feature maps are enlarged by an integer factor until their longer side has about this
 * many pixels. */
enum { KERNEL_PIXELS = 48, MAP_PIXELS = 64 };

static struct {
    const char *out;
    const char *layer, *photo; /* NULL if the option is not given */
    uint32_t threads;
} o;

static size_t zoom_for(size_t height, size_t width, size_t pixels)
{
    const size_t longer = height > width ? height : width;

    return longer < pixels ? pixels / longer : 1;
}

/* ---- the layer ---- */

static int is_convolution(const cnn_layer_info_t *layer)
{
    return strcmp(layer->type, "conv2d") == 0;
}

/* Finds the layer with the name, or the first convolution if name is NULL. */
static int find_layer(const cnn_model_t *model, const char *name, cnn_layer_info_t *layer)
{
    const cnn_graph_t *graph = cnn_model_graph(model);

    layer->struct_size = sizeof *layer;
    for (size_t i = 0; i < cnn_graph_layer_count(graph); i++) {
        if (cnn_graph_layer(graph, i, layer) != CNN_OK)
            return output_failure("%s", cnn_error_message());
        if (name ? strcmp(layer->name, name) == 0 : is_convolution(layer))
            return EXIT_SUCCESS;
    }
    return name ? output_failure("there is no layer \"%s\"", name)
                : output_failure("this network has no convolution");
}

/* ---- kernels ---- */

struct kernels {
    size_t height, width, inputs, n;
    float *values; /* height x width x inputs x n */
};

static int read_kernels(const cnn_model_t *model, const char *layer, struct kernels *kernels)
{
    cnn_parameter_info_t info = CNN_INIT(cnn_parameter_info_t);
    char name[160];
    int rc = EXIT_SUCCESS;

    snprintf(name, sizeof name, "%s/kernel", layer);
    for (size_t i = 0; i < cnn_model_parameter_count(model); i++) {
        TOOL_TRY(rc, cnn_model_parameter(model, i, &info));
        if (strcmp(info.name, name) == 0)
            break;
    }
    kernels->height = info.dims[0];
    kernels->width = info.dims[1];
    kernels->inputs = info.dims[2];
    kernels->n = info.dims[3];
    kernels->values = malloc(info.n_values * sizeof *kernels->values);
    if (!kernels->values)
        return output_no_memory();
    TOOL_TRY(rc, cnn_model_parameter_values(model, name, info.n_values, kernels->values));
done:
    return rc;
}

/* Computes the colour of a kernel's pixel, not yet scaled. If the kernel has three input channels,
 * they become red, green and blue. Otherwise the mean over the input channels becomes grey. index:
 * the output channel; place: the pixel's position in the kernel, row by row. */
static void kernel_pixel(const struct kernels *k, size_t index, size_t place, float rgb[3])
{
    const float *values = k->values + place * k->inputs * k->n + index;
    float sum = 0;

    for (size_t i = 0; i < k->inputs; i++)
        sum += values[i * k->n];
    for (size_t c = 0; c < 3; c++)
        rgb[c] = k->inputs == 3 ? values[c * k->n] : sum / (float)k->inputs;
}

/* Draws a kernel in its cell. The weight 0 becomes grey. The weight with the largest absolute value
 * becomes black if it is negative, else white. */
static void draw_kernel(const struct sheet *sheet, const struct kernels *k, size_t zoom,
                        size_t index)
{
    float largest = 0, rgb[3];
    uint8_t bytes[3];

    for (size_t place = 0; place < k->height * k->width; place++) {
        kernel_pixel(k, index, place, rgb);
        for (size_t c = 0; c < 3; c++)
            largest = fmaxf(largest, fabsf(rgb[c]));
    }
    for (size_t place = 0; place < k->height * k->width; place++) {
        kernel_pixel(k, index, place, rgb);
        for (size_t c = 0; c < 3; c++)
            bytes[c] = (uint8_t)(128 + (largest > 0 ? 127 * rgb[c] / largest : 0));
        sheet_fill(sheet, index, zoom, place / k->width, place % k->width, bytes);
    }
}

static int draw_kernels(const struct tool *tool, const cnn_model_t *model, const char *layer)
{
    struct kernels k = {.values = NULL};
    struct sheet sheet = {.rgb = NULL};
    size_t zoom = 1;
    int rc = read_kernels(model, layer, &k);

    if (rc == EXIT_SUCCESS) {
        zoom = zoom_for(k.height, k.width, KERNEL_PIXELS);
        rc = sheet_open(&sheet, k.n, 0, k.height * zoom, k.width * zoom);
    }
    for (size_t i = 0; rc == EXIT_SUCCESS && i < k.n; i++)
        draw_kernel(&sheet, &k, zoom, i);
    if (rc == EXIT_SUCCESS)
        rc = sheet_save(&sheet, tool->context, o.out);
    if (rc == EXIT_SUCCESS)
        printf("%s: %zu kernels of %s, %zu x %zu x %zu\n", o.out, k.n, layer, k.height, k.width,
               k.inputs);
    sheet_close(&sheet);
    free(k.values);
    return rc;
}

/* ---- feature maps ---- */

/* Draws a channel of the feature map in its cell: absolute values, scaled so that the largest is
 * white. */
static void draw_map(const struct sheet *sheet, const cnn_layer_info_t *layer, const float *values,
                     size_t zoom, size_t channel)
{
    const size_t n = (size_t)layer->height * layer->width;
    float largest = 0;
    uint8_t grey[3];

    for (size_t i = 0; i < n; i++)
        largest = fmaxf(largest, fabsf(values[i * layer->channels + channel]));
    for (size_t i = 0; i < n; i++) {
        const float value = fabsf(values[i * layer->channels + channel]);
        memset(grey, (int)(largest > 0 ? value / largest * 255 + 0.5f : 0), 3);
        sheet_fill(sheet, channel, zoom, i / layer->width, i % layer->width, grey);
    }
}

static int draw_maps(const struct tool *tool, const cnn_model_t *model,
                     const cnn_layer_info_t *layer)
{
    const size_t n = (size_t)layer->height * layer->width * layer->channels;
    const size_t zoom = zoom_for(layer->height, layer->width, MAP_PIXELS);
    float *values = malloc(n * sizeof *values);
    struct sheet sheet = {.rgb = NULL};
    cnn_image_t *photo = NULL;
    int rc = EXIT_SUCCESS;

    if (!values)
        return output_no_memory();
    TOOL_TRY(rc, cnn_image_load(tool->context, o.photo, NULL, &photo));
    TOOL_TRY(rc, cnn_model_layer_output(model, photo, layer->name, n, values));
    rc = sheet_open(&sheet, layer->channels, 0, layer->height * zoom, layer->width * zoom);
    for (size_t i = 0; rc == EXIT_SUCCESS && i < layer->channels; i++)
        draw_map(&sheet, layer, values, zoom, i);
    if (rc == EXIT_SUCCESS)
        rc = sheet_save(&sheet, tool->context, o.out);
    if (rc == EXIT_SUCCESS)
        printf("%s: %u maps of %s, %u x %u\n", o.out, layer->channels, layer->name, layer->height,
               layer->width);
done:
    sheet_close(&sheet);
    cnn_image_free(photo);
    free(values);
    return rc;
}

static int filters(char **files, size_t n_files)
{
    cnn_layer_info_t layer;
    cnn_model_t *model = NULL;
    struct tool tool;
    int rc = tool_open(&tool, o.threads, 0);

    (void)n_files;
    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, tool_load_model(&tool, files[0], &model));
    if ((rc = find_layer(model, o.layer, &layer)) != EXIT_SUCCESS)
        goto done;
    if (o.photo) {
        rc = draw_maps(&tool, model, &layer);
    } else if (is_convolution(&layer)) {
        rc = draw_kernels(&tool, model, layer.name);
    } else {
        rc = output_failure("layer \"%s\" is no convolution: it has no kernels", layer.name);
    }
done:
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

static const struct option options[] = {
    ARG_REQUIRED("out", OPTION_OUTPUT, &o.out, "FILE.jpg", "The file for the sheet."),
    ARG_VALUE("layer", OPTION_TEXT, &o.layer, "NAME", "The layer. Default: the first convolution."),
    ARG_VALUE("photo", OPTION_TEXT, &o.photo, "PHOTO",
              "Draw the layer's feature maps of this photo, an image for each channel. The layer "
              "may then be of any kind."),
    ARG_THREADS(&o.threads),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog filters builtin --out kernels.jpg", "Draw the kernels of the first convolution."},
    {"catdog filters builtin --photo photo.jpg --out maps.jpg",
     "Draw its feature maps of a photo."},
    {NULL, NULL},
};

const struct command command_filters = {
    .name = "filters",
    .summary = "draw the kernels of a network or its feature maps of a photo",
    .synopsis = "MODEL|builtin --out FILE.jpg [options]",
    .description =
        "This command draws each kernel of a convolution, scaled to its own range around grey, "
        "which is 0. Kernels with three inputs are in colour. For other kernels, the mean over the "
        "inputs is drawn."
        "\n\n"
        "With --photo, the command draws the absolute value of each feature map, scaled so that "
        "its maximum is white.",
    .options = options,
    .examples = examples,
    .min_files = 1,
    .max_files = 1,
    .run = filters,
};
