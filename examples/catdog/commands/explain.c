/* SPDX-License-Identifier: MIT
 *
 * catdog explain: draws where in a photo a network sees a class. */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/output.h"
#include "base/tool.h"
#include "commands.h"

static struct {
    const char *model, *out;
    cnn_explanation_options_t explanation;
    cnn_explanation_draw_options_t drawing;
    uint32_t threads;
    int json;
} o = {.explanation = CNN_INIT(cnn_explanation_options_t),
       .drawing = CNN_INIT(cnn_explanation_draw_options_t)};

static json_t *json_map(const float *map, size_t height, size_t width)
{
    json_t *rows = json_array();

    for (size_t y = 0; y < height; y++) {
        json_t *row = json_array();
        for (size_t x = 0; x < width; x++)
            json_array_append_new(row, json_number((double)map[y * width + x]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static int print(const char *photo, const cnn_explanation_t *explanation,
                 const cnn_explanation_info_t *info)
{
    if (!o.json) {
        printf("%s: %s (%.4f), by the %u x %u places of %s\n", o.out, info->class_name,
               (double)info->probability, info->height, info->width, info->layer);
        return EXIT_SUCCESS;
    }
    return json_print(
        json_pack("{s:o, s:s, s:o, s:o, s:s, s:o}", "path", json_text(photo), "class",
                  info->class_name, "probability", json_number((double)info->probability),
                  "drawing", json_text(o.out), "layer", info->layer, "map",
                  json_map(cnn_explanation_heatmap(explanation), info->height, info->width)));
}

static int explain(char **files, size_t n_files)
{
    cnn_explanation_info_t info = CNN_INIT(cnn_explanation_info_t);
    const char *path = files[0];
    cnn_model_t *model = NULL;
    cnn_image_t *photo = NULL, *drawing = NULL;
    cnn_explanation_t *explanation = NULL;
    struct tool tool;
    int rc = tool_open(&tool, o.threads, 0);

    (void)n_files;
    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, tool_load_model(&tool, o.model, &model));
    TOOL_TRY(rc, cnn_image_load(tool.context, path, NULL, &photo));
    TOOL_TRY(rc, cnn_explanation_create(model, photo, &o.explanation, &explanation));
    TOOL_TRY(rc, cnn_explanation_info(explanation, &info));
    TOOL_TRY(rc, cnn_explanation_draw(explanation, photo, &o.drawing, &drawing));
    TOOL_TRY(rc, cnn_image_save(drawing, o.out, NULL));
    rc = print(path, explanation, &info);
done:
    cnn_explanation_free(explanation);
    cnn_image_free(drawing);
    cnn_image_free(photo);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

static const struct option options[] = {
    ARG_REQUIRED("out", OPTION_OUTPUT, &o.out, "FILE.jpg", "The file for the drawing."),
    TOOL_MODEL(&o.model),
    ARG_VALUE("class", OPTION_TEXT, &o.explanation.class_name, "NAME",
              "Explain this class. Default: the predicted class."),
    ARG_VALUE("layer", OPTION_TEXT, &o.explanation.layer, "NAME",
              "Explain by the feature map of this layer. Default: the last layer with a feature "
              "map."),
    ARG_NUMBER("opacity", OPTION_FLOAT, &o.drawing.opacity, "X",
               "The opacity of the colours over the photo. Default: 0.5.", 0.01, 1),
    ARG_THREADS(&o.threads),
    ARG_JSON(&o.json),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog explain photo.jpg --out heat.jpg",
     "Draw a heat map of the evidence for the predicted class."},
    {"catdog explain photo.jpg --class cat --out heat.jpg",
     "Draw a heat map of the evidence for a cat."},
    {NULL, NULL},
};

const struct command command_explain = {
    .name = "explain",
    .summary = "draw where in a photo a network sees a class",
    .synopsis = "PHOTO --out FILE.jpg [options]",
    .description =
        "This command draws a heat map over a photo that shows how much each position speaks for a "
        "class (Grad-CAM). Dark means nothing. Violet, red, orange and yellow mean more and more.",
    .options = options,
    .examples = examples,
    .min_files = 1,
    .max_files = 1,
    .run = explain,
};
