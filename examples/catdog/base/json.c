/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "base/tool.h"

json_t *json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_text(const char *text)
{
    json_t *value = json_string(text);
    size_t size = strlen(text) + 1;
    char *copy;

    if (value || !(copy = malloc(size)))
        return value;
    memcpy(copy, text, size);
    for (char *p = copy; *p; p++)
        if ((unsigned char)*p >= 0x80)
            *p = '?';
    value = json_string(copy);
    free(copy);
    return value;
}

json_t *json_preprocess(const cnn_preprocess_t *p)
{
    return json_pack("{s:I, s:I, s:s, s:s, s:[i,i,i], s:[o,o,o], s:[o,o,o]}", "height",
                     (json_int_t)p->height, "width", (json_int_t)p->width, "fit",
                     choice_name(tool_fits, (int)p->fit), "decode",
                     choice_name(tool_decodes, (int)p->decode), "pad", (int)p->pad[0],
                     (int)p->pad[1], (int)p->pad[2], "mean", json_number(p->mean[0]),
                     json_number(p->mean[1]), json_number(p->mean[2]), "std",
                     json_number(p->std[0]), json_number(p->std[1]), json_number(p->std[2]));
}

json_t *json_classes(const cnn_model_t *model)
{
    json_t *array = json_array();

    for (size_t i = 0; i < cnn_model_class_count(model); i++)
        json_array_append_new(array, json_text(cnn_model_class_name(model, i)));
    return array;
}

const char *const json_records[JSON_RECORDS] = {"training", "calibration", "recipe", "adapted_from",
                                                "weights_from"};

json_t *json_record(const cnn_model_t *model, const char *key)
{
    const char *text = cnn_model_metadata(model, key);
    json_t *record = text ? json_loads(text, 0, NULL) : json_null();

    return record ? record : json_text(text);
}

json_t *json_epoch(const cnn_epoch_t *e)
{
    return json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "epoch",
        (json_int_t)e->epoch, "loss", json_number(e->loss), "mse", json_number(e->mse), "accuracy",
        json_number(e->accuracy), "pearson", json_number(e->pearson), "val_loss",
        json_number(e->val_loss), "val_mse", json_number(e->val_mse), "val_accuracy",
        json_number(e->val_accuracy), "val_pearson", json_number(e->val_pearson), "learning_rate",
        json_number(e->learning_rate), "seconds", json_number(e->seconds), "images_per_second",
        json_number(e->images_per_second), "data_wait_s", json_number(e->data_wait_seconds));
}

static int print(json_t *document, size_t flags)
{
    if (!document)
        return output_failure("the JSON document cannot be built");
    int rc = json_dumpf(document, stdout, flags | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(document);
    return rc == 0 ? EXIT_SUCCESS : output_failure("the JSON document cannot be written");
}

int json_print(json_t *document)
{
    return print(document, JSON_INDENT(2));
}

int json_print_line(json_t *document)
{
    return print(document, 0);
}
