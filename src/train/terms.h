/* SPDX-License-Identifier: MIT
 *
 * The terms of a training: everything that its result depends on, as strings with keys. A
 * checkpoint stores them. A training can be resumed only with the same terms. */
#ifndef CD_TRAIN_TERMS_H
#define CD_TRAIN_TERMS_H

#include "data/dataset.h"
#include "io/safetensors.h"
#include "model/model.h"

enum { CD_TERMS = 48 };

struct cd_terms {
    cnn_context_t *context;
    struct cd_text_entry entries[CD_TERMS];
    size_t n;
};

/* Collects the terms of a training. options: with all defaults filled in. data, validation (or
 * NULL): loaded, because their pixels are hashed. class_weights: one for each class, or NULL. On
 * failure nothing needs to be released. Errors: MEMORY. */
cnn_status_t cd_terms_init(const cnn_model_t *model, const cnn_train_options_t *options,
                           const cnn_dataset_t *data, const cnn_dataset_t *validation,
                           const double *class_weights, struct cd_terms *terms);

/* Frees the terms. *terms may be all zero. */
void cd_terms_release(struct cd_terms *terms);

/* Compares the terms with the metadata of a checkpoint. A larger number of epochs is accepted
 * unless the learning-rate schedule depends on it. Errors: MODEL_FILE, naming the file and the
 * first difference. */
cnn_status_t cd_terms_check(const struct cd_terms *terms, const char *path,
                            const struct cd_tensor_file *file);

#endif
