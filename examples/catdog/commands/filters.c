/* SPDX-License-Identifier: MIT
 *
 * catdog filters: what a convolution looks for, and what it finds in a photo. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "base/save.h"
#include "images/sheet.h"
#include "base/tool.h"

enum { KERNEL_PIXELS = 48, MAP_PIXELS = 64 };

struct options {
    const char *model, *out;
    const char *layer, *photo; /* or NULL */
    uint32_t threads;
};

static int failed(const char *why)
{
    output_message("%s", why);
    return EXIT_FAILURE;
}

/* ---- the layer ---- */

static int is_convolution(const cnn_layer_info_t *layer)
{
    return strcmp(layer->type, "conv2d") == 0;
}

/* By its name; or the first convolution. */
static int find_layer(const cnn_model_t *model, const char *name, cnn_layer_info_t *layer)
{
    const cnn_graph_t *graph = cnn_model_graph(model);

    layer->struct_size = sizeof *layer;
    for (size_t i = 0; i < cnn_graph_layer_count(graph); i++) {
        if (cnn_graph_layer(graph, i, layer) != CNN_OK)
            return failed(cnn_error_message());
        if (name ? strcmp(layer->name, name) == 0 : is_convolution(layer))
            return EXIT_SUCCESS;
    }
    if (name)
        output_message("there is no layer \"%s\"", name);
    else
        output_message("this network has no convolution");
    return EXIT_FAILURE;
}

/* ---- kernels ---- */

struct kernels {
    size_t height, width, inputs, n;
    float *values; /* height x width x inputs x n */
};

static int read_kernels(const cnn_model_t *model, const char *layer, struct kernels *kernels)
{
    cnn_parameter_info_t info = {.struct_size = sizeof info};
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
    kernels->values = malloc(info.count * sizeof *kernels->values);
    if (!kernels->values)
        return failed("out of memory");
    TOOL_TRY(rc, cnn_model_parameter_values(model, name, kernels->values, info.count));
done:
    return rc;
}

/* Three inputs are red, green and blue; of others the mean stands for all. */
static void kernel_pixel(const struct kernels *k, size_t index, size_t place, float rgb[3])
{
    const float *values = k->values + place * k->inputs * k->n + index;
    float sum = 0;

    for (size_t i = 0; i < k->inputs; i++)
        sum += values[i * k->n];
    for (size_t c = 0; c < 3; c++)
        rgb[c] = k->inputs == 3 ? values[c * k->n] : sum / (float)k->inputs;
}

/* Grey is 0, and the value farthest from it black or white. */
static void draw_kernel(const struct tiles *tiles, const struct kernels *k, size_t index)
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
        tiles_set(tiles, index, place / k->width, place % k->width, bytes);
    }
}

static int draw_kernels(const struct options *o, const struct tool *tool, const cnn_model_t *model,
                        const char *layer)
{
    struct kernels k = {.values = NULL};
    struct tiles tiles = {.rgb = NULL};
    int rc = read_kernels(model, layer, &k);

    if (rc == EXIT_SUCCESS)
        rc = tiles_open(&tiles, k.n, k.height, k.width, KERNEL_PIXELS);
    for (size_t i = 0; rc == EXIT_SUCCESS && i < k.n; i++)
        draw_kernel(&tiles, &k, i);
    if (rc == EXIT_SUCCESS)
        rc = tiles_save(&tiles, tool->context, o->out);
    if (rc == EXIT_SUCCESS)
        printf("%s: %zu kernels of %s, %zu x %zu x %zu\n", o->out, k.n, layer, k.height, k.width,
               k.inputs);
    tiles_close(&tiles);
    free(k.values);
    return rc;
}

/* ---- maps ---- */

/* |value|, scaled so that the map's strongest place is white. */
static void draw_map(const struct tiles *tiles, const cnn_layer_info_t *layer, const float *values,
                     size_t channel)
{
    const size_t n = (size_t)layer->height * layer->width;
    float largest = 0;
    uint8_t grey[3];

    for (size_t i = 0; i < n; i++)
        largest = fmaxf(largest, fabsf(values[i * layer->channels + channel]));
    for (size_t i = 0; i < n; i++) {
        const float value = fabsf(values[i * layer->channels + channel]);
        memset(grey, (int)(largest > 0 ? value / largest * 255 + 0.5f : 0), 3);
        tiles_set(tiles, channel, i / layer->width, i % layer->width, grey);
    }
}

static int draw_maps(const struct options *o, const struct tool *tool, const cnn_model_t *model,
                     const cnn_layer_info_t *layer)
{
    const size_t n = (size_t)layer->height * layer->width * layer->channels;
    float *values = malloc(n * sizeof *values);
    struct tiles tiles = {.rgb = NULL};
    cnn_image_t *photo = NULL;
    int rc = EXIT_SUCCESS;

    if (!values)
        return failed("out of memory");
    TOOL_TRY(rc, cnn_image_load(tool->context, o->photo, NULL, &photo));
    TOOL_TRY(rc, cnn_model_layer_output(model, photo, layer->name, values, n));
    rc = tiles_open(&tiles, layer->channels, layer->height, layer->width, MAP_PIXELS);
    for (size_t i = 0; rc == EXIT_SUCCESS && i < layer->channels; i++)
        draw_map(&tiles, layer, values, i);
    if (rc == EXIT_SUCCESS)
        rc = tiles_save(&tiles, tool->context, o->out);
    if (rc == EXIT_SUCCESS)
        printf("%s: %u maps of %s, %u x %u\n", o->out, layer->channels, layer->name, layer->height,
               layer->width);
done:
    tiles_close(&tiles);
    cnn_image_free(photo);
    free(values);
    return rc;
}

static int filters(const struct options *o)
{
    cnn_layer_info_t layer;
    cnn_model_t *model = NULL;
    struct tool tool;
    int rc = tool_open(&tool, o->threads, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, tool_load_model(&tool, o->model, &model));
    if ((rc = find_layer(model, o->layer, &layer)) != EXIT_SUCCESS)
        goto done;
    if (o->photo) {
        rc = draw_maps(o, &tool, model, &layer);
    } else if (is_convolution(&layer)) {
        rc = draw_kernels(o, &tool, model, layer.name);
    } else {
        output_message("layer \"%s\" is no convolution: it has no kernels", layer.name);
        rc = EXIT_FAILURE;
    }
done:
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

int command_filters(int argc, char **argv)
{
    struct options o = {.out = NULL};
    const struct option options[] = {
        ARG_TEXT("out", &o.out, "FILE.jpg", "the sheet (needed)"),
        ARG_TEXT("layer", &o.layer, "NAME", "default: the first convolution"),
        ARG_TEXT("photo", &o.photo, "PHOTO",
                 "draw what the layer makes of this photo, a picture for each channel;\n"
                 "then it may be any layer"),
        ARG_THREADS(&o.threads),
        ARG_END,
    };
    const struct command command = {
        .name = "filters",
        .synopsis = "MODEL|builtin --out FILE.jpg [options]",
        .about =
            "Draws the kernels of a convolution, each scaled to its own range around grey, which "
            "is 0:\n"
            "of three inputs in colour, of others the mean of all. With --photo: the layer's "
            "maps,\n"
            "each as edges draws its own (white: the strongest place; black: 0).",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc == ARGS_GO_ON && !o.out)
        rc = args_error(&command, "--out FILE.jpg is needed");
    if (rc == ARGS_GO_ON) {
        o.model = argv[0];
        rc = save_check(o.out) == EXIT_SUCCESS ? filters(&o) : EXIT_FAILURE;
    }
    return rc;
}
