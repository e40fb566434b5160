/* SPDX-License-Identifier: MIT */
#include "model/model_file.h"

#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "io/json.h"
#include "model/model_keys.h"
#include "model/preprocess_json.h"

static int begins(const char *key, const char *prefix)
{
    return strncmp(key, prefix, strlen(prefix)) == 0;
}

static int is_user_key(const char *key)
{
    return begins(key, CD_MODEL_USER_PREFIX) && cd_name_valid(key + strlen(CD_MODEL_USER_PREFIX));
}

/* Keys of other programs, such as "format", are allowed and ignored. */
static int is_foreign_key(const char *key)
{
    return !begins(key, CD_MODEL_PREFIX) && !begins(key, CD_MODEL_USER_PREFIX);
}

static int is_fixed_key(const char *key)
{
    static const char *const fixed[] = CD_MODEL_FIXED_KEYS;

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(key, fixed[i]) == 0)
            return 1;
    return 0;
}

static cnn_status_t check_keys(const struct cd_tensor_file *file)
{
    const char *version = cd_safetensors_metadata(file, CD_MODEL_VERSION_KEY);

    if (!version)
        return cd_error(CNN_ERROR_MODEL_FILE,
                        "a safetensors file, but no model of this library: its metadata has "
                        "no \"%s\"",
                        CD_MODEL_VERSION_KEY);
    if (strcmp(version, CD_MODEL_FORMAT_VERSION) != 0)
        return cd_error(CNN_ERROR_MODEL_FILE,
                        "its format is version \"%.20s\"; this library knows version \"%s\"",
                        version, CD_MODEL_FORMAT_VERSION);
    for (size_t i = 0; i < file->n_metadata; i++) {
        const char *key = file->metadata[i].key;
        if (!is_user_key(key) && !is_foreign_key(key) && !is_fixed_key(key))
            return cd_error(CNN_ERROR_MODEL_FILE, "metadata \"%.80s\" is not known", key);
    }
    return CNN_OK;
}

static cnn_status_t required(const struct cd_tensor_file *file, const char *key, const char **text)
{
    *text = cd_safetensors_metadata(file, key);
    return *text ? CNN_OK : cd_error(CNN_ERROR_MODEL_FILE, "metadata \"%s\" is missing", key);
}

/* Adds the key to the message of an error in its value. */
static cnn_status_t in_metadata(const char *key, cnn_status_t status)
{
    if (status == CNN_ERROR_MODEL_FILE)
        return cd_error(status, "metadata \"%s\": %s", key, cd_error_message());
    return status;
}

/* *names: for cd_free, on failure too; its strings belong to json. */
static cnn_status_t list_classes(cnn_context_t *context, const json_t *json, const char ***names)
{
    const size_t n = json_array_size(json);

    if (!json_is_array(json) || n == 0)
        return cd_error(CNN_ERROR_MODEL_FILE, "not an array of names");
    *names = cd_alloc(context, n, sizeof **names);
    if (!*names)
        return cd_error_memory();
    for (size_t i = 0; i < n; i++) {
        (*names)[i] = json_string_value(json_array_get(json, i));
        if (!(*names)[i])
            return cd_error(CNN_ERROR_MODEL_FILE, "name %zu is not a string", i);
    }
    return CNN_OK;
}

/* Creates a model that sees photos, with the classes and preprocessing of the file. */
static cnn_status_t create_with_photos(const cnn_graph_t *graph, const struct cd_tensor_file *file,
                                       cnn_model_t **model)
{
    const char *classes_text, *preprocess_text;
    const char **names = NULL;
    json_t *json = NULL;
    cnn_preprocess_t preprocess;
    cnn_status_t rc;

    CD_TRY(required(file, CD_MODEL_CLASSES_KEY, &classes_text));
    CD_TRY(required(file, CD_MODEL_PREPROCESS_KEY, &preprocess_text));
    CD_TRY(in_metadata(CD_MODEL_PREPROCESS_KEY,
                       cd_preprocess_from_json(preprocess_text, &preprocess)));
    CD_TRY(in_metadata(CD_MODEL_CLASSES_KEY,
                       cd_json_parse(classes_text, strlen(classes_text), &json)));
    rc = in_metadata(CD_MODEL_CLASSES_KEY, list_classes(graph->context, json, &names));
    if (rc == CNN_OK) {
        const cnn_model_options_t options = {.struct_size = sizeof options,
                                             .classes = names,
                                             .n_classes = json_array_size(json),
                                             .preprocess = &preprocess};
        rc = cd_model_create_blank(graph, &options, model);
    }
    cd_free(graph->context, names);
    json_decref(json);
    return rc;
}

static cnn_status_t create_bare(const cnn_graph_t *graph, const struct cd_tensor_file *file,
                                cnn_model_t **model)
{
    const cnn_model_options_t options = {.struct_size = sizeof options};

    if (cd_safetensors_metadata(file, CD_MODEL_CLASSES_KEY) ||
        cd_safetensors_metadata(file, CD_MODEL_PREPROCESS_KEY))
        return cd_error(CNN_ERROR_MODEL_FILE,
                        "it has classes or preprocessing, but its network does not see photos");
    return cd_model_create_blank(graph, &options, model);
}

static int same_shape(const struct cd_param *param, const struct cd_tensor *tensor)
{
    return param->rank == tensor->rank &&
           memcmp(param->dims, tensor->dims, param->rank * sizeof *param->dims) == 0;
}

/* Each parameter must have a tensor of its shape, and each tensor a parameter. This is checked
 * before any memory is allocated by the network's sizes, because the graph may ask for too much. */
static cnn_status_t check_tensors(const cnn_graph_t *graph, const struct cd_tensor_file *file)
{
    for (size_t i = 0; i < file->n_tensors; i++) {
        const struct cd_tensor *tensor = &file->tensors[i];
        const struct cd_param *param = cd_graph_param(graph, tensor->name);
        if (!param)
            return cd_error(CNN_ERROR_MODEL_FILE, "tensor \"%s\" does not belong to any layer",
                            tensor->name);
        if (!same_shape(param, tensor))
            return cd_error(CNN_ERROR_MODEL_FILE,
                            "tensor \"%s\": its shape does not fit layer \"%s\"", tensor->name,
                            graph->nodes[param->node].name);
    }
    for (size_t i = 0; i < graph->n_params && file->n_tensors < graph->n_params; i++)
        if (!cd_safetensors_tensor(file, graph->params[i].name))
            return cd_error(CNN_ERROR_MODEL_FILE, "tensor \"%s\" is missing",
                            graph->params[i].name);
    return CNN_OK;
}

static cnn_status_t create_model(cnn_context_t *context, const struct cd_tensor_file *file,
                                 cnn_model_t **model)
{
    cnn_graph_t *graph;
    const char *text;
    cnn_status_t rc;

    CD_TRY(required(file, CD_MODEL_GRAPH_KEY, &text));
    CD_TRY(in_metadata(CD_MODEL_GRAPH_KEY, cd_graph_from_json(context, text, &graph)));
    rc = check_tensors(graph, file);
    if (rc == CNN_OK)
        rc = cd_graph_sees_photos(graph) ? create_with_photos(graph, file, model)
                                         : create_bare(graph, file, model);
    cd_graph_free(graph);
    return rc;
}

static void read_tensors(const cnn_model_t *model, const struct cd_tensor_file *file)
{
    for (size_t i = 0; i < model->graph->n_params; i++) {
        const struct cd_param *param = &model->graph->params[i];
        cd_tensor_read(cd_safetensors_tensor(file, param->name), cd_model_values(model, param));
    }
}

static cnn_status_t copy_metadata(cnn_model_t *model, const struct cd_tensor_file *file)
{
    const size_t length = sizeof CD_MODEL_USER_PREFIX - 1;
    const char *preset = cd_safetensors_metadata(file, CD_MODEL_PRESET_KEY);

    if (preset && !cd_name_valid(preset))
        return cd_error(CNN_ERROR_MODEL_FILE, "metadata \"%s\" is not a name", CD_MODEL_PRESET_KEY);
    if (preset)
        snprintf(model->graph->preset, sizeof model->graph->preset, "%s", preset);
    for (size_t i = 0; i < file->n_metadata; i++)
        if (is_user_key(file->metadata[i].key))
            CD_TRY(cd_metadata_set(&model->metadata, file->metadata[i].key + length,
                                   file->metadata[i].value));
    return CNN_OK;
}

static cnn_status_t read_model(cnn_context_t *context, const struct cd_tensor_file *file,
                               cnn_model_t **model)
{
    CD_TRY(check_keys(file));
    CD_TRY(create_model(context, file, model));
    read_tensors(*model, file);
    return copy_metadata(*model, file);
}

/* Creates the model and releases file. Every error of the model, of an argument or a shape too, is
 * an error of the file: CNN_ERROR_MODEL_FILE, with the file's name in the message. */
static cnn_status_t finish(cnn_context_t *context, const char *name, struct cd_tensor_file *file,
                           cnn_model_t **model)
{
    cnn_status_t rc = read_model(context, file, model);

    cd_safetensors_free(file);
    if (rc == CNN_OK)
        return CNN_OK;
    cd_model_unref(*model);
    *model = NULL;
    if (rc == CNN_ERROR_MEMORY)
        return rc;
    return cd_error(CNN_ERROR_MODEL_FILE, "%s: %s", name, cd_error_message());
}

cnn_status_t cd_model_file_parse(cnn_context_t *context, const char *name, const uint8_t *bytes,
                                 size_t size, cnn_model_t **model)
{
    struct cd_tensor_file file;

    *model = NULL;
    CD_TRY(cd_safetensors_parse(context, name, bytes, size, &file));
    return finish(context, name, &file, model);
}

cnn_status_t cd_model_file_load(cnn_context_t *context, const char *path, cnn_model_t **model)
{
    struct cd_tensor_file file;

    *model = NULL;
    CD_TRY(cd_safetensors_load(context, path, &file));
    return finish(context, path, &file, model);
}
