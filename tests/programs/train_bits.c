/* SPDX-License-Identifier: MIT
 *
 * Trains a small network on generated images and prints a hash of all parameters.
 * BITS_THREADS and BITS_SEED set the number of threads and the seed of the context. */
#include <catdog/catdog.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PHOTOS = 48, HEIGHT = 62, WIDTH = 70 };

static uint64_t number_from(const char *name)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : 0;
}

/* Returns the FNV-1a hash of the bits of all parameters. */
static uint64_t hash_weights(const cnn_model_t *model)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < cnn_model_parameter_count(model); i++) {
        cnn_parameter_info_t info = {.struct_size = sizeof info};
        cnn_model_parameter(model, i, &info);
        float *values = malloc(info.n_values * sizeof *values);
        if (!values ||
            cnn_model_parameter_values(model, info.name, info.n_values, values) != CNN_OK)
            exit(1);
        for (size_t k = 0; k < info.n_values * sizeof *values; k++)
            hash = (hash ^ ((unsigned char *)values)[k]) * UINT64_C(1099511628211);
        free(values);
    }
    return hash;
}

int main(void)
{
    static uint8_t pixels[PHOTOS * HEIGHT * WIDTH * 3];
    static uint32_t labels[PHOTOS];
    const char *const classes[] = {"dark", "light"};
    cnn_context_options_t options = {.struct_size = sizeof options};
    cnn_train_options_t training = {.struct_size = sizeof training};
    cnn_context_t *context = NULL;
    cnn_dataset_t *data = NULL;
    cnn_graph_t *graph = NULL;
    cnn_model_t *model = NULL;
    const cnn_pixels_t all = {.struct_size = sizeof all,
                              .rgb = pixels,
                              .labels = labels,
                              .n_images = PHOTOS,
                              .height = HEIGHT,
                              .width = WIDTH,
                              .classes = classes,
                              .n_classes = 2};
    uint32_t state = 1;

    for (size_t i = 0; i < sizeof pixels; i++) {
        state = state * 1664525u + 1013904223u;
        labels[i / (HEIGHT * WIDTH * 3)] = (uint32_t)(i / (HEIGHT * WIDTH * 3) % 2);
        pixels[i] = (uint8_t)((state >> 24) / 2 + 100 * labels[i / (HEIGHT * WIDTH * 3)]);
    }
    options.threads = (uint32_t)number_from("BITS_THREADS");
    options.seed = number_from("BITS_SEED");
    training.epochs = 2;
    training.batch_size = 20;
    training.learning_rate = 0.001f;
    cnn_status_t rc = cnn_context_create(&options, &context);
    if (rc == CNN_OK)
        rc = cnn_dataset_create(context, &all, &data);
    if (rc == CNN_OK)
        rc = cnn_graph_create_preset(context, "conv48x2", HEIGHT, WIDTH, 1, &graph);
    const cnn_model_options_t named = {
        .struct_size = sizeof named, .classes = classes, .n_classes = 2};
    if (rc == CNN_OK)
        rc = cnn_model_create(graph, &named, &model);
    if (rc == CNN_OK)
        rc = cnn_model_train(model, data, NULL, &training, NULL);
    if (rc == CNN_OK)
        printf("%016llx\n", (unsigned long long)hash_weights(model));
    else
        fprintf(stderr, "train_bits: %s\n", cnn_error_message());
    cnn_model_free(model);
    cnn_graph_free(graph);
    cnn_dataset_free(data);
    cnn_context_free(context);
    return rc == CNN_OK ? 0 : 1;
}
