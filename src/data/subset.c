/* SPDX-License-Identifier: MIT */
#include "data/subset.h"

#include "core/check.h"
#include "core/memory.h"

cnn_status_t cd_dataset_select(const cnn_dataset_t *dataset, const unsigned char *set_of,
                               unsigned char set, size_t size, cnn_dataset_t **out)
{
    cnn_context_t *context = dataset->context;
    cnn_dataset_t *made;

    *out = NULL;
    CD_TRY(cd_dataset_create(context, (const char *const *)dataset->classes, dataset->n_classes,
                             &made));
    made->strict = dataset->strict;
    made->limits = dataset->limits;
    made->loaded = dataset->loaded;
    made->preprocess = dataset->preprocess;
    made->paths = cd_paths_ref(dataset->paths);
    made->pixel_block = cd_pixels_ref(dataset->pixel_block);
    made->source_block = cd_pixels_ref(dataset->source_block);
    made->source_height = dataset->source_height;
    made->source_width = dataset->source_width;
    made->samples = cd_alloc(context, size, sizeof *made->samples);
    if (!made->samples) {
        cd_dataset_free(made);
        return cd_error_memory();
    }
    for (size_t i = 0; i < dataset->count; i++)
        if (set_of[i] == set)
            made->samples[made->count++] = dataset->samples[i];
    *out = made;
    return CNN_OK;
}

static cnn_status_t mark(const cnn_dataset_t *dataset, const size_t *indices, size_t n,
                         unsigned char *marks)
{
    for (size_t i = 0; i < n; i++) {
        CD_TRY(cd_check_index("cnn_dataset_subset", indices[i], dataset->count));
        if (marks[indices[i]]++)
            return cd_error(CNN_ERROR_ARGUMENT, "cnn_dataset_subset: index %zu comes twice",
                            indices[i]);
    }
    return CNN_OK;
}

cnn_status_t cd_dataset_subset(const cnn_dataset_t *dataset, const size_t *indices, size_t n,
                               cnn_dataset_t **subset)
{
    unsigned char *marks = cd_alloc(dataset->context, dataset->count, 1);

    if (!marks)
        return cd_error_memory();
    cnn_status_t rc = mark(dataset, indices, n, marks);
    if (rc == CNN_OK)
        rc = cd_dataset_select(dataset, marks, 1, n, subset);
    cd_free(dataset->context, marks);
    return rc;
}
