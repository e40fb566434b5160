/* SPDX-License-Identifier: MIT
 *
 * catdog edges: draws the edges of a photo with a network of one convolution. Its weights are not
 * trained, but set to kernels that detect vertical and horizontal edges. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "base/save.h"
#include "base/tool.h"
#include "commands.h"

#define CHANNELS 3
#define KERNEL 3

static const float vertical[KERNEL][KERNEL] = {{1, 0, -1}, {1, 0, -1}, {1, 0, -1}};
static const float horizontal[KERNEL][KERNEL] = {{1, 1, 1}, {0, 0, 0}, {-1, -1, -1}};

static const char *prefix;

struct edges {
    struct tool tool;
    size_t height, width;         /* size of the photo */
    size_t out_height, out_width; /* size of the feature map */
    float *x, *y;
    uint8_t *rgb;
};

static int create_model(struct edges *e, cnn_model_t **model)
{
    cnn_conv2d_options_t conv = CNN_INIT(cnn_conv2d_options_t);
    cnn_graph_t *graph = NULL;
    cnn_node_t node;
    int rc = EXIT_SUCCESS;

    conv.name = "edges";
    conv.filters = 1;
    conv.kernel_height = conv.kernel_width = KERNEL;
    conv.no_bias = 1;
    TOOL_TRY(rc, cnn_graph_create(e->tool.context, &graph));
    TOOL_TRY(rc, cnn_graph_add_input(graph, (uint32_t)e->height, (uint32_t)e->width, CHANNELS, NULL,
                                     &node));
    TOOL_TRY(rc, cnn_graph_add_conv2d(graph, node, &conv, &node));
    TOOL_TRY(rc, cnn_model_create(graph, NULL, model));
done:
    cnn_graph_free(graph);
    return rc;
}

/* Sets the convolution's weights, height x width x input channels x 1 output channel, to the same
 * kernel for each colour. */
static cnn_status_t set_kernel(cnn_model_t *model, const float kernel[KERNEL][KERNEL])
{
    float values[KERNEL][KERNEL][CHANNELS];

    for (size_t i = 0; i < KERNEL; i++)
        for (size_t j = 0; j < KERNEL; j++)
            for (size_t c = 0; c < CHANNELS; c++)
                values[i][j][c] = kernel[i][j];
    return cnn_model_set_parameter_values(model, "edges/kernel", &values[0][0][0],
                                          KERNEL * KERNEL * CHANNELS);
}

/* Converts the absolute values of y to grey, scaled so that the largest is white. */
static void to_grey(const struct edges *e)
{
    size_t n = e->out_height * e->out_width;
    float largest = 0;

    for (size_t i = 0; i < n; i++)
        largest = fmaxf(largest, fabsf(e->y[i]));
    for (size_t i = 0; i < n; i++) {
        float value = largest > 0 ? fabsf(e->y[i]) / largest : 0;
        memset(e->rgb + 3 * i, (int)(value * 255 + 0.5f), 3);
    }
}

static int save_edges(struct edges *e, const char *name)
{
    cnn_image_t *image = NULL;
    size_t size = strlen(prefix) + strlen(name) + sizeof "-.jpg";
    char *path = malloc(size);
    int rc = EXIT_SUCCESS;

    if (!path)
        return output_no_memory();
    snprintf(path, size, "%s-%s.jpg", prefix, name);
    to_grey(e);
    if ((rc = save_check(path)) != EXIT_SUCCESS)
        goto done;
    TOOL_TRY(rc, cnn_image_create(e->tool.context, e->rgb, e->out_height, e->out_width, 0, &image));
    TOOL_TRY(rc, cnn_image_save(image, path, NULL));
    printf("%s\n", path);
done:
    cnn_image_free(image);
    free(path);
    return rc;
}

static int run_kernels(struct edges *e)
{
    cnn_session_options_t one = CNN_INIT(cnn_session_options_t);
    cnn_model_t *model = NULL;
    cnn_session_t *session = NULL;
    int rc = create_model(e, &model);

    if (rc != EXIT_SUCCESS)
        return rc;
    one.batch_size = 1;
    TOOL_TRY(rc, cnn_session_create(model, &one, &session));
    TOOL_TRY(rc, set_kernel(model, vertical));
    TOOL_TRY(rc, cnn_session_run(session, e->x, 1, e->y));
    if ((rc = save_edges(e, "vertical")) != EXIT_SUCCESS)
        goto done;
    TOOL_TRY(rc, set_kernel(model, horizontal));
    TOOL_TRY(rc, cnn_session_run(session, e->x, 1, e->y));
    rc = save_edges(e, "horizontal");
done:
    cnn_session_free(session);
    cnn_model_free(model);
    return rc;
}

static int allocate(struct edges *e, const cnn_image_t *image)
{
    size_t n;

    e->height = cnn_image_height(image);
    e->width = cnn_image_width(image);
    if (e->height < KERNEL || e->width < KERNEL)
        return output_failure("the photo has %zu x %zu pixels; the kernels need %d x %d", e->width,
                              e->height, KERNEL, KERNEL);
    e->out_height = e->height - KERNEL + 1;
    e->out_width = e->width - KERNEL + 1;
    n = e->height * e->width * CHANNELS;
    e->x = malloc(n * sizeof *e->x);
    e->y = malloc(e->out_height * e->out_width * sizeof *e->y);
    e->rgb = malloc(e->out_height * e->out_width * 3);
    if (!e->x || !e->y || !e->rgb)
        return output_no_memory();
    for (size_t i = 0; i < n; i++)
        e->x[i] = cnn_image_pixels(image)[i] / 255.0f;
    return EXIT_SUCCESS;
}

static int edges(char **files, size_t n_files)
{
    struct edges e = {.x = NULL};
    cnn_image_t *image = NULL;
    int rc = tool_open(&e.tool, 0, 0);

    (void)n_files;
    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, cnn_image_load(e.tool.context, files[0], NULL, &image));
    if ((rc = allocate(&e, image)) == EXIT_SUCCESS)
        rc = run_kernels(&e);
done:
    free(e.x);
    free(e.y);
    free(e.rgb);
    cnn_image_free(image);
    tool_close(&e.tool);
    return rc;
}

static const struct option options[] = {
    ARG_REQUIRED("out", OPTION_TEXT, &prefix, "PREFIX",
                 "Write PREFIX-vertical.jpg and PREFIX-horizontal.jpg."),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog edges photo.jpg --out photo", "Write photo-vertical.jpg and photo-horizontal.jpg."},
    {NULL, NULL},
};

const struct command command_edges = {
    .name = "edges",
    .summary = "draw the edges in a photo with the article's kernels",
    .synopsis = "PHOTO --out PREFIX",
    .description =
        "This command runs the article's two 3x3 kernels, for vertical and for horizontal edges, "
        "over a photo in its original size. The kernels are a network of one convolution layer. "
        "Each output is the absolute value, scaled so that the strongest edge is white.",
    .options = options,
    .examples = examples,
    .min_files = 1,
    .max_files = 1,
    .run = edges,
};
