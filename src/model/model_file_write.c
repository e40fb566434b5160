/* SPDX-License-Identifier: MIT */
#include "model/model_file.h"

#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "io/json.h"
#include "model/model_keys.h"
#include "model/preprocess_json.h"

/* The metadata to be written. Owns its strings. */
struct entries {
    cnn_context_t *context;
    struct cd_text_entry *items;
    size_t n;
};

static void free_entries(struct entries *entries)
{
    for (size_t i = 0; i < entries->n; i++) {
        cd_free(entries->context, entries->items[i].key);
        cd_free(entries->context, entries->items[i].value);
    }
    cd_free(entries->context, entries->items);
}

/* Takes value over, on failure too. A value of NULL means that memory ran out. */
static cnn_status_t put(struct entries *entries, const char *prefix, const char *key, char *value)
{
    struct cd_text_entry *entry = &entries->items[entries->n++];
    const size_t size = strlen(prefix) + strlen(key) + 1;

    entry->value = value;
    entry->key = cd_alloc(entries->context, size, 1);
    if (!entry->key || !entry->value)
        return cd_error_memory();
    snprintf(entry->key, size, "%s%s", prefix, key);
    return CNN_OK;
}

static cnn_status_t put_copy(struct entries *entries, const char *prefix, const char *key,
                             const char *value)
{
    return put(entries, prefix, key, cd_strdup(entries->context, value));
}

/* Takes json over, on failure too. NULL means that memory ran out. */
static cnn_status_t put_json(struct entries *entries, const char *key, json_t *json)
{
    char *text = NULL;
    cnn_status_t rc = json ? cd_json_dump(entries->context, json, CD_JSON_FLOAT_DIGITS, &text)
                           : cd_error_memory();

    json_decref(json);
    CD_TRY(rc);
    return put(entries, "", key, text);
}

static cnn_status_t collect(const cnn_model_t *model, struct entries *entries)
{
    char *text;

    entries->items = cd_alloc(entries->context, CD_MODEL_N_FIXED_KEYS + model->metadata.n,
                              sizeof *entries->items);
    if (!entries->items)
        return cd_error_memory();
    CD_TRY(put_copy(entries, "", CD_MODEL_VERSION_KEY, CD_MODEL_FORMAT_VERSION));
    CD_TRY(cd_graph_to_json(model->graph, &text));
    CD_TRY(put(entries, "", CD_MODEL_GRAPH_KEY, text));
    if (model->classes) {
        CD_TRY(put_json(entries, CD_MODEL_CLASSES_KEY,
                        cd_json_names(model->classes, model->n_classes)));
        CD_TRY(
            put_json(entries, CD_MODEL_PREPROCESS_KEY, cd_preprocess_to_json(&model->preprocess)));
    }
    if (model->graph->preset[0] != '\0')
        CD_TRY(put_copy(entries, "", CD_MODEL_PRESET_KEY, model->graph->preset));
    for (size_t i = 0; i < model->metadata.n; i++)
        CD_TRY(put_copy(entries, CD_MODEL_USER_PREFIX, model->metadata.entries[i].key,
                        model->metadata.entries[i].value));
    return CNN_OK;
}

/* In half precision only kernels are stored as halves: they are most of a model. Parameters with
 * one value per channel stay floats. They are few, each affects a whole channel, and a variance may
 * lie outside the range of halves. */
static enum cd_tensor_type stored_type(const struct cd_param *param, cnn_precision_t precision)
{
    return precision == CNN_PRECISION_HALF && param->rank > 1 ? CD_TENSOR_F16 : CD_TENSOR_F32;
}

/* Lists the model's tensors of one type, in the order of their layers. Returns their number. */
static size_t list_tensors(const cnn_model_t *model, cnn_precision_t precision,
                           enum cd_tensor_type type, struct cd_tensor *tensors)
{
    const cnn_graph_t *graph = model->graph;
    size_t n = 0;

    for (size_t i = 0; i < graph->n_params; i++) {
        const struct cd_param *param = &graph->params[i];
        if (stored_type(param, precision) != type)
            continue;
        struct cd_tensor *tensor = &tensors[n++];
        snprintf(tensor->name, sizeof tensor->name, "%s", param->name);
        tensor->rank = param->rank;
        memcpy(tensor->dims, param->dims, sizeof tensor->dims);
        tensor->count = param->count;
        tensor->type = type;
        tensor->data = cd_model_values(model, param);
    }
    return n;
}

/* Floats come first, so that each value lies at a multiple of its size, as some readers require. */
static cnn_status_t save_tensors(const cnn_model_t *model, const char *path,
                                 cnn_precision_t precision, const struct entries *entries)
{
    struct cd_tensor *tensors = cd_alloc(model->context, model->graph->n_params, sizeof *tensors);

    if (!tensors)
        return cd_error_memory();
    size_t n = list_tensors(model, precision, CD_TENSOR_F32, tensors);
    n += list_tensors(model, precision, CD_TENSOR_F16, tensors + n);
    cnn_status_t rc =
        cd_safetensors_save(model->context, path, tensors, n, entries->items, entries->n);
    cd_free(model->context, tensors);
    return rc;
}

cnn_status_t cd_model_file_save(const cnn_model_t *model, const char *path,
                                cnn_precision_t precision)
{
    struct entries entries = {.context = model->context};
    cnn_status_t rc = collect(model, &entries);

    if (rc == CNN_OK)
        rc = save_tensors(model, path, precision, &entries);
    free_entries(&entries);
    return rc;
}
