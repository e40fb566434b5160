/* SPDX-License-Identifier: MIT
 *
 * Trains on images in memory instead of photo files. The program draws small images of horizontal
 * or vertical stripes. Images from a camera or from another decoder are passed in the same way.
 *
 *     cc from_memory.c $(pkg-config --cflags --libs catdog) -o from_memory */
#include <catdog/catdog.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 200, HEIGHT = 32, WIDTH = 32 };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

/* Draws an image of stripes with random width, position and contrast, and adds noise. */
static void draw(uint8_t *rgb, int vertical, uint32_t *state)
{
    uint32_t period = 4 + next_random(state) % 6, start = next_random(state) % period;
    uint32_t strength = 30 + next_random(state) % 60;

    for (uint32_t y = 0; y < HEIGHT; y++)
        for (uint32_t x = 0; x < WIDTH; x++)
            for (uint32_t c = 0; c < 3; c++) {
                uint32_t place = ((vertical ? x : y) + start) % period;
                uint32_t grey = 60 + (place < period / 2 ? strength : 0);
                rgb[(y * WIDTH + x) * 3 + c] = (uint8_t)(grey + next_random(state) % 50);
            }
}

static cnn_status_t make_data(cnn_context_t *context, cnn_dataset_t **data)
{
    static uint8_t pixels[COUNT][HEIGHT * WIDTH * 3];
    static uint32_t labels[COUNT];
    const char *const classes[] = {"horizontal", "vertical"};
    cnn_pixels_t all = CNN_INIT(cnn_pixels_t);
    uint32_t state = 1;

    for (uint32_t i = 0; i < COUNT; i++) {
        labels[i] = i % 2;
        draw(pixels[i], (int)labels[i], &state);
    }
    all.rgb = &pixels[0][0];
    all.labels = labels;
    all.n_images = COUNT;
    all.height = HEIGHT;
    all.width = WIDTH;
    all.classes = classes;
    all.n_classes = 2;
    return cnn_dataset_create(context, &all, data); /* the dataset copies the pixels */
}

static cnn_status_t make_model(cnn_context_t *context, cnn_model_t **model)
{
    const char *const classes[] = {"horizontal", "vertical"};
    cnn_model_options_t options = CNN_INIT(cnn_model_options_t);
    cnn_graph_t *graph = NULL;

    options.classes = classes;
    options.n_classes = 2;
    cnn_status_t status = cnn_graph_create_preset(context, "conv24", HEIGHT, WIDTH, 1, &graph);
    if (status == CNN_OK)
        status = cnn_model_create(graph, &options, model);
    cnn_graph_free(graph);
    return status;
}

int main(void)
{
    cnn_context_t *context = NULL;
    cnn_dataset_t *all = NULL, *train = NULL, *validation = NULL;
    cnn_model_t *model = NULL;
    cnn_history_t *history = NULL;
    cnn_epoch_t last = CNN_INIT(cnn_epoch_t);
    cnn_train_options_t options = CNN_INIT(cnn_train_options_t);

    options.epochs = 12;
    int good = cnn_context_create(NULL, &context) == CNN_OK && make_data(context, &all) == CNN_OK &&
               cnn_dataset_split(all, NULL, &train, &validation) == CNN_OK &&
               make_model(context, &model) == CNN_OK &&
               cnn_model_train(model, train, validation, &options, &history) == CNN_OK &&
               cnn_history_epoch(history, cnn_history_epoch_count(history) - 1, &last) == CNN_OK;
    if (good)
        printf("after %u epochs: accuracy %.1f %% on %zu validation images\n", (unsigned)last.epoch,
               100 * last.val_accuracy, cnn_dataset_sample_count(validation));
    else
        fprintf(stderr, "%s\n", cnn_error_message());
    cnn_history_free(history);
    cnn_model_free(model);
    cnn_dataset_free(validation);
    cnn_dataset_free(train);
    cnn_dataset_free(all);
    cnn_context_free(context);
    return good ? 0 : 1;
}
