/* SPDX-License-Identifier: MIT */
#include "model/model_file.h"

#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "image/preprocess.h"
#include "io/json.h"
#include "model/model_keys.h"

/* An error is CNN_ERROR_MODEL_FILE. Its message names the file in the outermost call only. */

static int begins(const char *key, const char *prefix)
{
    return strncmp(key, prefix, strlen(prefix)) == 0;
}

static int is_user_key(const char *key)
{
    return begins(key, CD_MODEL_USER_PREFIX) && cd_name_valid(key + strlen(CD_MODEL_USER_PREFIX));
}

/* What other programs note in such files, "format" for one: not ours to judge. */
static int is_foreign_key(const char *key)
{
    return !begins(key, CD_MODEL_PREFIX) && !begins(key, CD_MODEL_USER_PREFIX);
}

static cnn_status_t check_keys(const struct cd_tensor_file *file)
{
    const char *const known[CD_MODEL_FIXED_KEYS] = {CD_MODEL_VERSION_KEY, CD_MODEL_GRAPH_KEY,
                                                    CD_MODEL_CLASSES_KEY, CD_MODEL_PREPROCESS_KEY,
                                                    CD_MODEL_PRESET_KEY};

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
        int found = is_user_key(key) || is_foreign_key(key);
        for (size_t k = 0; k < CD_MODEL_FIXED_KEYS && !found; k++)
            found = strcmp(key, known[k]) == 0;
        if (!found)
            return cd_error(CNN_ERROR_MODEL_FILE, "metadata \"%.80s\" is not known", key);
    }
    return CNN_OK;
}

static cnn_status_t required(const struct cd_tensor_file *file, const char *key, const char **text)
{
    *text = cd_safetensors_metadata(file, key);
    return *text ? CNN_OK : cd_error(CNN_ERROR_MODEL_FILE, "metadata \"%s\" is missing", key);
}

static cnn_status_t in_metadata(const char *key, cnn_status_t status)
{
    if (status == CNN_ERROR_MODEL_FILE)
        return cd_error(status, "metadata \"%s\": %s", key, cd_error_message());
    return status;
}

cnn_status_t cd_model_file_preprocess(const char *text, cnn_preprocess_t *preprocess)
{
    struct cd_json_reader reader = {0};
    uint32_t pad[3];
    int fit = 0, decode = CNN_DECODE_FULL;
    cnn_status_t rc;

    CD_TRY(cd_json_parse(text, strlen(text), &reader.object));
    *preprocess = (cnn_preprocess_t){.struct_size = sizeof *preprocess};
    CD_TRY_FAIL(cd_json_uint(&reader, "height", &preprocess->height));
    CD_TRY_FAIL(cd_json_uint(&reader, "width", &preprocess->width));
    CD_TRY_FAIL(cd_json_enum(&reader, "fit", &cd_fit_names, &fit));
    CD_TRY_FAIL(cd_json_uints(&reader, "pad", pad, 3));
    CD_TRY_FAIL(cd_json_floats(&reader, "mean", preprocess->mean, 3));
    CD_TRY_FAIL(cd_json_floats(&reader, "std", preprocess->std, 3));
    if (json_object_get(reader.object, "decode")) /* older files do not say: in full */
        CD_TRY_FAIL(cd_json_enum(&reader, "decode", &cd_decode_names, &decode));
    CD_TRY_FAIL(cd_json_done(&reader));
    preprocess->fit = (cnn_fit_t)fit;
    preprocess->decode = (cnn_decode_t)decode;
    for (int c = 0; c < 3; c++) {
        preprocess->pad[c] = (uint8_t)pad[c];
        if (pad[c] > UINT8_MAX || preprocess->std[c] <= 0)
            rc = cd_error(CNN_ERROR_MODEL_FILE, "\"%s\" is out of range",
                          pad[c] > UINT8_MAX ? "pad" : "std");
    }
    if (preprocess->height == 0 || preprocess->width == 0) /* would mean a default */
        rc = cd_error(CNN_ERROR_MODEL_FILE, "its size is 0");
fail:
    json_decref(reader.object);
    return rc;
}

/* names: an array whose strings belong to json. */
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

/* A model that sees photos: its classes and preprocess are in the file too. */
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
                       cd_model_file_preprocess(preprocess_text, &preprocess)));
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
                        "it has classes or a preprocess, but its network sees no photos");
    return cd_model_create_blank(graph, &options, model);
}

static int same_shape(const struct cd_param *param, const struct cd_tensor *tensor)
{
    return param->rank == tensor->rank &&
           memcmp(param->dims, tensor->dims, param->rank * sizeof *param->dims) == 0;
}

/* Before anything is allocated by the network's sizes: each parameter has its tensor, each tensor
 * its parameter. Names are unique on both sides, so a surplus shows within one tensor more than
 * there are parameters. */
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

/* Releases file. Whatever is wrong with the model (also what its creation called an argument or a
 * shape) is wrong with the file. */
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
