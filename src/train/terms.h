/* SPDX-License-Identifier: MIT
 *
 * The terms of a training: everything that its result depends on, as pairs of texts. A checkpoint
 * stores them, and only a training with the same terms can be resumed from it. */
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

/* Collects the terms. options: complete. data, validation (may be NULL): loaded; their pixels are
 * hashed. class_weights: one a class, or NULL. On failure nothing is held. Errors: MEMORY. */
cnn_status_t cd_terms_init(const cnn_model_t *model, const cnn_train_options_t *options,
                           const cnn_dataset_t *data, const cnn_dataset_t *validation,
                           const double *class_weights, struct cd_terms *terms);

/* Frees the terms, which may be all zero. */
void cd_terms_release(struct cd_terms *terms);

/* Compares the terms with the metadata of a checkpoint. More epochs are accepted unless the
 * schedule depends on their number. Errors: MODEL_FILE, naming the file and the first
 * difference. */
cnn_status_t cd_terms_check(const struct cd_terms *terms, const char *path,
                            const struct cd_tensor_file *file);

#endif
