/* SPDX-License-Identifier: MIT
 *
 * Draws a heatmap that shows which regions of a photo support the predicted class:
 *     explain MODEL PHOTO HEAT.jpg
 *
 *     cc explain.c $(pkg-config --cflags --libs catdog) -o explain */
#include <catdog/catdog.h>
#include <stdio.h>

/* Prints the position of the heatmap's maximum, in percent of its width and height. */
static void print_hottest(const cnn_explanation_t *explanation, const cnn_explanation_info_t *info)
{
    const float *heatmap = cnn_explanation_heatmap(explanation);
    uint32_t hottest = 0;

    for (uint32_t i = 0; i < info->height * info->width; i++)
        if (heatmap[i] > heatmap[hottest])
            hottest = i;
    printf("%s (%.1f %%), most of all at %.0f %% from the left, %.0f %% from the top\n",
           info->class_name, 100.0 * (double)info->probability,
           100.0 * (hottest % info->width + 0.5) / info->width,
           100.0 * (hottest / info->width + 0.5) / info->height);
}

int main(int argc, char **argv)
{
    cnn_context_t *context = NULL;
    cnn_model_t *model = NULL;
    cnn_image_t *photo = NULL, *drawing = NULL;
    cnn_explanation_t *explanation = NULL;
    cnn_explanation_info_t info = CNN_INIT(cnn_explanation_info_t);

    if (argc != 4) {
        fprintf(stderr, "usage: %s MODEL PHOTO HEAT.jpg\n", argv[0]);
        return 2;
    }
    int good = cnn_context_create(NULL, &context) == CNN_OK &&
               cnn_model_load(context, argv[1], &model) == CNN_OK &&
               cnn_image_load(context, argv[2], NULL, &photo) == CNN_OK &&
               cnn_explanation_create(model, photo, NULL, &explanation) == CNN_OK &&
               cnn_explanation_info(explanation, &info) == CNN_OK &&
               cnn_explanation_draw(explanation, photo, NULL, &drawing) == CNN_OK &&
               cnn_image_save(drawing, argv[3], NULL) == CNN_OK;
    if (good)
        print_hottest(explanation, &info);
    else
        fprintf(stderr, "%s\n", cnn_error_message());
    cnn_explanation_free(explanation);
    cnn_image_free(drawing);
    cnn_image_free(photo);
    cnn_model_free(model);
    cnn_context_free(context);
    return good ? 0 : 1;
}
