/* SPDX-License-Identifier: MIT
 *
 * catdog explain: where in a photo a network sees what it says. */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/output.h"
#include "base/save.h"
#include "base/tool.h"

struct options {
    const char *model, *out; /* model: or NULL */
    cnn_explanation_options_t explanation;
    cnn_explanation_draw_options_t drawing;
    uint32_t threads;
    int json;
};

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

static int tell(const struct options *o, const char *photo, const cnn_explanation_t *explanation,
                const cnn_explanation_info_t *info)
{
    if (!o->json) {
        printf("%s: %s (%.4f), by the %u x %u places of %s\n", o->out, info->class_name,
               (double)info->probability, info->height, info->width, info->layer);
        return EXIT_SUCCESS;
    }
    return json_print(
        json_pack("{s:o, s:s, s:o, s:o, s:s, s:o}", "path", json_text(photo), "class",
                  info->class_name, "probability", json_number((double)info->probability),
                  "drawing", json_text(o->out), "layer", info->layer, "map",
                  json_map(cnn_explanation_heatmap(explanation), info->height, info->width)));
}

static int explain(const struct options *o, const char *path)
{
    cnn_explanation_info_t info = {.struct_size = sizeof info};
    cnn_model_t *model = NULL;
    cnn_image_t *photo = NULL, *drawing = NULL;
    cnn_explanation_t *explanation = NULL;
    struct tool tool;
    int rc = tool_open(&tool, o->threads, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, tool_load_model(&tool, o->model, &model));
    TOOL_TRY(rc, cnn_image_load(tool.context, path, NULL, &photo));
    TOOL_TRY(rc, cnn_explanation_create(model, photo, &o->explanation, &explanation));
    TOOL_TRY(rc, cnn_explanation_info(explanation, &info));
    TOOL_TRY(rc, cnn_explanation_draw(explanation, photo, &o->drawing, &drawing));
    TOOL_TRY(rc, cnn_image_save(drawing, o->out, 90));
    rc = tell(o, path, explanation, &info);
done:
    cnn_explanation_free(explanation);
    cnn_image_free(drawing);
    cnn_image_free(photo);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

int command_explain(int argc, char **argv)
{
    struct options o = {.explanation = {.struct_size = sizeof o.explanation},
                        .drawing = {.struct_size = sizeof o.drawing}};
    const struct option options[] = {
        ARG_TEXT("out", &o.out, "FILE.jpg", "the picture (needed)"),
        ARG_TEXT("model", &o.model, "FILE", TOOL_MODEL_HELP),
        ARG_TEXT("class", &o.explanation.class_name, "NAME",
                 "what speaks for this class; default: for the one predicted"),
        ARG_TEXT("layer", &o.explanation.layer, "NAME",
                 "at the places of this layer's map; default: of the last that has one"),
        ARG_NUMBER("opacity", OPTION_FLOAT, &o.drawing.opacity, "X",
                   "of the colours over the photo; default 0.5", 0.01, 1),
        ARG_THREADS(&o.threads),
        ARG_JSON(&o.json),
        ARG_END,
    };
    const struct command command = {
        .name = "explain",
        .synopsis = "PHOTO --out FILE.jpg [options]",
        .about =
            "Draws over a photo where the network sees what speaks for a class: dark where there "
            "is\n"
            "nothing, through violet, red and orange to yellow where there is most (Grad-CAM).",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc == ARGS_GO_ON && !o.out)
        rc = args_error(&command, "--out FILE.jpg is needed");
    if (rc == ARGS_GO_ON)
        rc = save_check(o.out) == EXIT_SUCCESS ? explain(&o, argv[0]) : EXIT_FAILURE;
    return rc;
}
