/* SPDX-License-Identifier: MIT */
#include "train/recipe.h"

#include <string.h>

#include "core/file.h"
#include "core/memory.h"
#include "graph/class_outputs.h"
#include "graph/layer_enums.h"
#include "graph/preset.h"
#include "image/preprocess.h"
#include "io/graph_json.h"
#include "io/json.h"
#include "model/preprocess_json.h"
#include "train/class_weight.h"
#include "train/recipe_check.h"
#include "train/train_values.h"

enum { MAX_BYTES = 16 << 20 };

/* Records an error in the value of a key. The caller adds the name of the recipe to the message. */
static cnn_status_t wrong(const char *key, const char *what)
{
    return cd_error(CNN_ERROR_ARGUMENT, "\"%.80s\" %s", key, what);
}

/* ---- training ---- */

static cnn_status_t read_weights(const json_t *json, cnn_recipe_t *recipe)
{
    const size_t n = json_array_size(json);

    recipe->class_weights = cd_alloc(recipe->context, n, sizeof *recipe->class_weights);
    if (!recipe->class_weights)
        return cd_error_memory();
    for (size_t i = 0; i < n; i++) {
        const json_t *weight = json_array_get(json, i);
        if (!json_is_number(weight))
            return wrong("class_weight", "is not an array of numbers");
        recipe->class_weights[i] = json_number_value(weight);
    }
    recipe->options.class_weight = CNN_CLASS_WEIGHT_VALUES;
    recipe->options.class_weights = recipe->class_weights;
    recipe->options.n_class_weights = n;
    return cd_class_weight_values(recipe->class_weights, n);
}

/* Reads class_weight: "none", "auto" or an array with one number for each class. */
static cnn_status_t read_class_weight(const json_t *json, cnn_recipe_t *recipe)
{
    const char *const name = json_is_string(json) ? json_string_value(json) : "";
    const int value = cd_enum_find(&cd_class_weight_names, name);

    if (json_array_size(json) > 0)
        return read_weights(json, recipe);
    if (value < 0)
        return wrong("class_weight", "has a value that it cannot have");
    recipe->options.class_weight = (cnn_class_weight_t)value;
    return CNN_OK;
}

/* Reads freeze, the name of a layer. cd_recipe_check checks the name later, when the graph is
 * known. */
static cnn_status_t read_freeze(const json_t *json, cnn_recipe_t *recipe)
{
    if (!json_is_string(json))
        return wrong("freeze", "has a value that it cannot have");
    recipe->options.freeze = recipe->freeze = cd_strdup(recipe->context, json_string_value(json));
    return recipe->freeze ? CNN_OK : cd_error_memory();
}

static cnn_status_t set_field(const char *key, const json_t *value, cnn_train_options_t *options)
{
    const struct cd_train_field *field = cd_train_field_find(key);

    if (!field)
        return wrong(key, "is not known");
    if (json_is_number(value))
        return cd_train_value_set_number(field, json_number_value(value), options);
    if (json_is_boolean(value))
        return cd_train_value_set_switch(field, json_is_true(value), options);
    return cd_train_value_set_choice(field, json_is_string(value) ? json_string_value(value) : "",
                                     options);
}

static cnn_status_t read_training_member(const char *key, const json_t *value, cnn_recipe_t *recipe)
{
    if (strcmp(key, "class_weight") == 0)
        return read_class_weight(value, recipe);
    if (strcmp(key, "freeze") == 0)
        return read_freeze(value, recipe);
    return set_field(key, value, &recipe->options);
}

static cnn_status_t read_training(json_t *json, cnn_recipe_t *recipe)
{
    const char *key;
    json_t *value;

    if (!json_is_object(json))
        return wrong("training", "is not an object");
    json_object_foreach(json, key, value)
    {
        CD_TRY(read_training_member(key, value, recipe));
    }
    return CNN_OK;
}

/* ---- the network ---- */

static cnn_status_t read_preset(const json_t *json, cnn_recipe_t *recipe)
{
    recipe->preset = json_is_string(json) ? cd_preset_find(json_string_value(json)) : NULL;
    return recipe->preset ? CNN_OK : wrong("preset", "is not the name of one");
}

static cnn_status_t read_graph(const json_t *json, cnn_recipe_t *recipe)
{
    char *text;

    if (!json_is_object(json))
        return wrong("graph", "is not an object");
    CD_TRY(cd_json_dump(recipe->context, json, CD_JSON_FLOAT_DIGITS, &text));
    cnn_status_t rc = cd_graph_from_json(recipe->context, text, &recipe->graph);
    cd_free(recipe->context, text);
    if (rc == CNN_OK && !cd_graph_sees_photos(recipe->graph))
        return wrong("graph", "is of a network that does not see photos");
    return rc;
}

static cnn_status_t read_initializer(const json_t *json, cnn_recipe_t *recipe)
{
    const char *name = json_string_value(json); /* NULL if json is not a string */
    const int found = name ? cd_enum_find(&cd_initializer_names, name) : -1;

    if (found < 0)
        return wrong("initializer", "is not the name of one");
    recipe->initializer = (cnn_initializer_t)found;
    return CNN_OK;
}

static cnn_status_t read_preprocess(const json_t *json, cnn_recipe_t *recipe)
{
    char *text;

    if (!json_is_object(json))
        return wrong("preprocess", "is not an object");
    CD_TRY(cd_json_dump(recipe->context, json, CD_JSON_FLOAT_DIGITS, &text));
    cnn_status_t rc = cd_preprocess_from_json(text, &recipe->preprocess);
    cd_free(recipe->context, text);
    if (rc == CNN_OK)
        return CNN_OK;
    return cd_error(rc, "\"preprocess\": %s", cd_error_message());
}

static cnn_status_t read_member(const char *key, json_t *value, cnn_recipe_t *recipe)
{
    if (strcmp(key, "preset") == 0)
        return read_preset(value, recipe);
    if (strcmp(key, "graph") == 0)
        return read_graph(value, recipe);
    if (strcmp(key, "initializer") == 0)
        return read_initializer(value, recipe);
    if (strcmp(key, "preprocess") == 0)
        return read_preprocess(value, recipe);
    if (strcmp(key, "training") == 0)
        return read_training(value, recipe);
    return wrong(key, "is not known");
}

/* Completes the preprocessing. given: 1 if the recipe specifies it. If it does not, the image size
 * is taken from the recipe's graph, or mean and std from its preset. */
static cnn_status_t complete_preprocess(cnn_recipe_t *recipe, int given)
{
    const cnn_preprocess_t own = recipe->preprocess;
    cnn_preprocess_t said = own;

    said.struct_size = sizeof said;
    if (!given && recipe->graph) {
        said.height = (uint32_t)recipe->graph->nodes[0].shape.h;
        said.width = (uint32_t)recipe->graph->nodes[0].shape.w;
    }
    for (int c = 0; c < 3 && !given && recipe->preset; c++) {
        said.mean[c] = recipe->preset->mean;
        said.std[c] = recipe->preset->std;
    }
    return cd_preprocess_complete(&said, &recipe->preprocess);
}

/* Sets *graph to the recipe's network for n_classes classes: the recipe's own graph, or a new graph
 * of its preset. *owned: the new graph, which the caller frees; NULL if there is none. */
static cnn_status_t make_graph(const cnn_recipe_t *recipe, const cnn_preprocess_t *preprocess,
                               size_t n_classes, cnn_graph_t **owned, const cnn_graph_t **graph)
{
    *owned = NULL;
    *graph = recipe->graph;
    if (recipe->graph)
        return CNN_OK;
    CD_TRY(cd_preset_graph(recipe->context, recipe->preset->name, preprocess->height,
                           preprocess->width, cd_outputs_of_classes(n_classes), owned));
    *graph = *owned;
    return CNN_OK;
}

static cnn_status_t read_all(cnn_recipe_t *recipe, json_t *json)
{
    cnn_graph_t *owned;
    const cnn_graph_t *graph;
    const char *key;
    json_t *value;

    if (!json_is_object(json))
        return cd_error(CNN_ERROR_ARGUMENT, "not a JSON object");
    json_object_foreach(json, key, value)
    {
        CD_TRY(read_member(key, value, recipe));
    }
    if (!recipe->preset == !recipe->graph)
        return cd_error(CNN_ERROR_ARGUMENT, "it needs one of \"preset\" and \"graph\"");
    CD_TRY(complete_preprocess(recipe, json_object_get(json, "preprocess") != NULL));
    CD_TRY(make_graph(recipe, &recipe->preprocess, 2, &owned, &graph));
    cnn_status_t rc = cd_recipe_check(recipe, graph);
    cd_graph_free(owned);
    CD_TRY(rc);
    return cd_json_dump(recipe->context, json, CD_JSON_DOUBLE_DIGITS, &recipe->text);
}

cnn_status_t cd_recipe_parse(cnn_context_t *context, const char *name, const char *text,
                             size_t length, cnn_recipe_t **out)
{
    cnn_recipe_t *recipe = cd_alloc(context, 1, sizeof *recipe);
    json_t *json = NULL;
    cnn_status_t rc;

    *out = NULL;
    if (!recipe)
        return cd_error_memory();
    recipe->context = cd_context_ref(context);
    recipe->options.struct_size = sizeof recipe->options;
    rc = cd_json_parse(text, length, &json);
    if (rc == CNN_OK)
        rc = read_all(recipe, json);
    json_decref(json);
    if (rc == CNN_OK) {
        *out = recipe;
        return CNN_OK;
    }
    if (rc != CNN_ERROR_MEMORY)
        rc = cd_error(CNN_ERROR_ARGUMENT, "%s: %s", name, cd_error_message());
    cd_recipe_free(recipe);
    return rc;
}

cnn_status_t cd_recipe_load(cnn_context_t *context, const char *path, cnn_recipe_t **recipe)
{
    uint8_t *bytes;
    size_t size;

    *recipe = NULL;
    CD_TRY(cd_file_read(context, path, MAX_BYTES, CNN_ERROR_ARGUMENT, &bytes, &size));
    const cnn_status_t rc = cd_recipe_parse(context, path, (const char *)bytes, size, recipe);
    cd_free(context, bytes);
    return rc;
}

void cd_recipe_free(cnn_recipe_t *recipe)
{
    if (!recipe)
        return;
    cnn_context_t *context = recipe->context;
    cd_graph_free(recipe->graph);
    cd_free(context, recipe->text);
    cd_free(context, recipe->class_weights);
    cd_free(context, recipe->freeze);
    cd_free(context, recipe);
    cd_context_unref(context);
}

cnn_status_t cd_recipe_model(const cnn_recipe_t *recipe, const cnn_model_options_t *options,
                             cnn_model_t **out)
{
    cnn_model_options_t own = *options;
    cnn_preprocess_t preprocess;
    cnn_graph_t *owned = NULL;
    const cnn_graph_t *graph;
    cnn_model_t *model = NULL;
    cnn_status_t rc;

    *out = NULL;
    CD_TRY(
        cd_preprocess_complete(own.preprocess ? own.preprocess : &recipe->preprocess, &preprocess));
    own.preprocess = &preprocess;
    if (own.initializer == CNN_INITIALIZER_DEFAULT)
        own.initializer = recipe->initializer;
    CD_TRY(make_graph(recipe, &preprocess, own.n_classes, &owned, &graph));
    CD_TRY_FAIL(cd_model_create(graph, &own, &model));
    CD_TRY_FAIL(cd_metadata_set(&model->metadata, "recipe", recipe->text));
    *out = model;
    model = NULL;
fail:
    cd_graph_free(owned);
    cd_model_unref(model);
    return rc;
}
