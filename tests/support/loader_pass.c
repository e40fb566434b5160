/* SPDX-License-Identifier: MIT */
#include "support/loader_pass.h"

#include <check.h>
#include <string.h>

void loader_pass(const struct cd_loader_pass *pass, size_t batch, float *x, uint32_t *labels)
{
    const cnn_preprocess_t *preprocess = &pass->data->preprocess;
    const size_t image_floats = (size_t)preprocess->height * preprocess->width * 3;
    struct cd_loader *loader;
    struct cd_batch got;
    size_t done = 0;

    ck_assert_int_eq(cd_loader_create(pass->data->context, batch, image_floats, &loader), CNN_OK);
    ck_assert_int_eq(cd_loader_begin(loader, pass), CNN_OK);
    do {
        const size_t left = pass->data->count - done;
        ck_assert_int_eq(cd_loader_next(loader, &got), CNN_OK);
        ck_assert_uint_eq(got.taken, left < batch ? left : batch);
        ck_assert_uint_eq(got.n, got.taken);
        memcpy(x + done * image_floats, got.x, got.n * image_floats * sizeof *x);
        memcpy(labels + done, got.labels, got.n * sizeof *labels);
        done += got.taken;
    } while (got.taken > 0);
    ck_assert_uint_eq(done, pass->data->count);
    ck_assert(loader->wait >= 0);
    cd_loader_free(loader);
}
