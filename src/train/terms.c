/* SPDX-License-Identifier: MIT */
#include "train/terms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/text.h"
#include "model/model_file.h"
#include "train/train_values.h"

/* Appends a term. Takes ownership of value, which is NULL if out of memory; check_memory reports
 * this later. CD_TERMS is large enough for all terms. */
static void add(struct cd_terms *terms, const char *key, char *value)
{
    struct cd_text_entry *entry = &terms->entries[terms->n++];
    entry->key = cd_strdup(terms->context, key);
    entry->value = value;
}

static void add_text(struct cd_terms *terms, const char *key, const char *value)
{
    add(terms, key, cd_strdup(terms->context, value));
}

static void add_number(struct cd_terms *terms, const char *key, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    add_text(terms, key, text);
}

static void add_hash(struct cd_terms *terms, const char *key, uint64_t hash)
{
    char text[24];
    snprintf(text, sizeof text, "%016llx", (unsigned long long)hash);
    add_text(terms, key, text);
}

static void add_options(struct cd_terms *terms, const cnn_train_options_t *o)
{
    char text[CD_NUMBER_SIZE];

    for (size_t i = 0; i < cd_train_field_count(); i++) {
        const struct cd_train_field *field = cd_train_field_at(i);
        if (cd_train_field_counts(field, o))
            add_text(terms, field->name, cd_train_value_text(field, o, text));
    }
}

/* Adds the mean and std of the normalisation. The other settings of the preprocessing change the
 * pixels, which hash_data hashes. */
static void add_preprocess(struct cd_terms *terms, const cnn_preprocess_t *preprocess)
{
    struct cd_text text = {.context = terms->context};

    for (size_t c = 0; c < 3; c++) {
        char mean[CD_NUMBER_SIZE], std[CD_NUMBER_SIZE];
        cd_text_append(&text, "%s(%s, %s)", c ? " " : "",
                       cd_number_text_float(preprocess->mean[c], mean),
                       cd_number_text_float(preprocess->std[c], std));
    }
    if (text.failed)
        cd_text_free(&text);
    add(terms, "normalisation", text.bytes);
}

static void add_class_weights(struct cd_terms *terms, const double *weights, size_t n)
{
    struct cd_text text = {.context = terms->context};
    char number[CD_NUMBER_SIZE];

    if (!weights) {
        add_text(terms, "class_weight", "none");
        return;
    }
    for (size_t c = 0; c < n; c++)
        cd_text_append(&text, "%s%s", c ? "," : "", cd_number_text(weights[c], number));
    if (text.failed)
        cd_text_free(&text);
    add(terms, "class_weight", text.bytes);
}

static uint64_t hash_data(const cnn_dataset_t *data)
{
    uint64_t hash = cd_hash_number(0, data->count);

    hash = cd_hash_number(hash, data->n_classes);
    hash = cd_hash_number(hash, data->preprocess.height);
    hash = cd_hash_number(hash, data->preprocess.width);
    for (size_t i = 0; i < data->count; i++) {
        hash = cd_hash_number(hash, data->samples[i].label);
        hash = cd_hash_number(hash, cd_dataset_hash(data, i));
    }
    return hash;
}

static cnn_status_t check_memory(const struct cd_terms *terms)
{
    for (size_t i = 0; i < terms->n; i++)
        if (!terms->entries[i].key || !terms->entries[i].value)
            return cd_error_memory();
    return CNN_OK;
}

cnn_status_t cd_terms_init(const cnn_model_t *model, const cnn_train_options_t *options,
                           const cnn_dataset_t *data, const cnn_dataset_t *validation,
                           const double *class_weights, struct cd_terms *terms)
{
    char *graph = NULL;

    memset(terms, 0, sizeof *terms);
    terms->context = model->context;
    CD_TRY(cd_graph_to_json(model->graph, &graph));
    add(terms, "graph", graph);
    add_preprocess(terms, &model->preprocess);
    add_options(terms, options);
    add_class_weights(terms, class_weights, data->n_classes);
    add_text(terms, "freeze", options->freeze ? options->freeze : "none");
    add_number(terms, "photos", data->count);
    add_hash(terms, "data", hash_data(data));
    if (validation)
        add_hash(terms, "validation", hash_data(validation));
    else
        add_text(terms, "validation", "none");
    cnn_status_t rc = check_memory(terms);
    if (rc != CNN_OK)
        cd_terms_release(terms);
    return rc;
}

void cd_terms_release(struct cd_terms *terms)
{
    for (size_t i = 0; i < terms->n; i++) {
        cd_free(terms->context, terms->entries[i].key);
        cd_free(terms->context, terms->entries[i].value);
    }
    memset(terms, 0, sizeof *terms);
}

static const char *term(const struct cd_terms *terms, const char *key)
{
    for (size_t i = 0; i < terms->n; i++)
        if (strcmp(terms->entries[i].key, key) == 0)
            return terms->entries[i].value;
    return "";
}

static int agree(const struct cd_terms *terms, const char *key, const char *kept, const char *now)
{
    if (strcmp(kept, now) == 0)
        return 1;
    return strcmp(key, "epochs") == 0 && strcmp(term(terms, "schedule"), "cosine") != 0 &&
           strtoull(kept, NULL, 10) < strtoull(now, NULL, 10);
}

static cnn_status_t differs(const char *path, const char *key, const char *kept, const char *now)
{
    if (strcmp(key, "graph") == 0 || strcmp(key, "data") == 0 || strcmp(key, "validation") == 0)
        return cd_error(CNN_ERROR_MODEL_FILE,
                        "%s: cannot go on from it: this training has another %s%s", path, key,
                        strcmp(key, "graph") == 0 ? "" : " set (photos, their order or labels)");
    return cd_error(CNN_ERROR_MODEL_FILE,
                    "%s: cannot go on from it: made with %s %s, this training has %s", path, key,
                    kept, now);
}

cnn_status_t cd_terms_check(const struct cd_terms *terms, const char *path,
                            const struct cd_tensor_file *file)
{
    for (size_t i = 0; i < terms->n; i++) {
        const struct cd_text_entry *entry = &terms->entries[i];
        const char *kept = cd_safetensors_metadata(file, entry->key);
        if (!kept)
            kept = "nothing";
        if (!agree(terms, entry->key, kept, entry->value))
            return differs(path, entry->key, kept, entry->value);
    }
    return CNN_OK;
}
