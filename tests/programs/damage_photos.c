/* SPDX-License-Identifier: MIT
 *
 * damage_photos FOLDER SECONDS: decodes damaged copies of each photo in the folder and in its
 * subfolders, in full and scaled. Each photo is truncated at 50 random lengths, and 10 times some
 * random bytes are overwritten. The program ends when all photos are done or the time is up. It
 * checks only the statuses. `make check-photos` builds it with sanitizers, which report invalid
 * memory accesses of the decoder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glob.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/memory.h"
#include "core/pool.h"
#include "core/random.h"
#include "image/decode.h"
#include "image/image_limits.h"
#include "image/preprocess.h"
#include "kernels/kernels.h"

enum { CUTS = 50, CHANGES = 10, MOST_BYTES = 40, MODES = 2, TOGETHER = 64, PICTURE = 94 * 125 * 3 };

struct job {
    cnn_context_t *context;
    cnn_preprocess_t preprocess[MODES];
    cnn_image_options_t limits;
    char **paths;
    size_t first;
    atomic_size_t decoded, refused, wrong;
};

/* Decodes a copy of bytes in a block of exactly size bytes, so that AddressSanitizer reports reads
 * beyond its end. */
static void decode(struct job *job, const char *path, const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size), *out = malloc(PICTURE);

    if (!copy || !out)
        abort();
    memcpy(copy, bytes, size);
    const struct cd_image_source source = {.context = job->context,
                                           .name = path,
                                           .bytes = copy,
                                           .size = size,
                                           .limits = &job->limits};
    for (size_t mode = 0; mode < MODES; mode++) {
        const cnn_status_t rc = cd_decode_photo(&source, &job->preprocess[mode], NULL, out);
        atomic_fetch_add(rc == CNN_OK ? &job->decoded : &job->refused, 1);
        if (rc != CNN_OK && rc != CNN_ERROR_IMAGE) {
            fprintf(stderr, "%s\n", cnn_error_message());
            atomic_fetch_add(&job->wrong, 1);
        }
    }
    free(out);
    free(copy);
}

static void change(uint8_t *bytes, size_t size, uint64_t key)
{
    const uint64_t n = 1 + cd_random_bits(key, 0) % MOST_BYTES;

    for (uint64_t i = 1; i <= n; i++)
        bytes[cd_random_bits(key, 2 * i) % size] = (uint8_t)cd_random_bits(key, 2 * i + 1);
}

static void damage_task(void *argument, size_t task, size_t worker)
{
    struct job *job = argument;
    const uint64_t photo = job->first + task, key = photo * (CUTS + CHANGES);
    const char *path = job->paths[photo];
    uint8_t *bytes;
    size_t size;

    (void)worker;
    if (cd_file_read(job->context, path, job->limits.max_bytes, CNN_ERROR_IMAGE, &bytes, &size) !=
            CNN_OK || size == 0) {
        fprintf(stderr, "%s: cannot be read\n", path);
        atomic_fetch_add(&job->wrong, 1);
        return;
    }
    for (uint64_t i = 0; i < CUTS; i++)
        decode(job, path, bytes, (size_t)(cd_random_bits(key + i, 0) % size));
    uint8_t *changed = malloc(size);
    if (!changed)
        abort();
    for (uint64_t i = CUTS; i < CUTS + CHANGES; i++) {
        memcpy(changed, bytes, size);
        change(changed, size, key + i);
        decode(job, path, changed, size);
    }
    free(changed);
    cd_free(job->context, bytes);
}

static int run(struct job *job, size_t n, double seconds)
{
    const double start = cd_clock_seconds();

    while (job->first < n && cd_clock_seconds() - start < seconds) {
        const size_t together = n - job->first < TOGETHER ? n - job->first : TOGETHER;
        cd_parallel_for(job->context, together, damage_task, job);
        job->first += together;
    }
    const size_t decoded = atomic_load(&job->decoded), refused = atomic_load(&job->refused);
    printf("%zu of %zu photos, %zu decodes: %zu gave a picture, %zu were refused; %.0f s\n",
           job->first, n, decoded + refused, decoded, refused, cd_clock_seconds() - start);
    return atomic_load(&job->wrong) != 0;
}

static int init(struct job *job)
{
    const cnn_context_options_t options = {.struct_size = sizeof options};

    cd_image_limits(NULL, &job->limits);
    if (cd_context_create(&options, &job->context) != CNN_OK)
        return 0;
    job->context->kernels = cd_kernels_find(NULL);
    for (int mode = 0; mode < MODES; mode++) {
        const cnn_preprocess_t given = {.struct_size = sizeof given, .decode = (cnn_decode_t)mode};
        if (cd_preprocess_complete(&given, &job->preprocess[mode]) != CNN_OK)
            return 0;
    }
    return 1;
}

int main(int argc, char **argv)
{
    struct job job = {0};
    char pattern[4096];
    glob_t found;

    if (argc != 3) {
        fprintf(stderr, "usage: %s FOLDER SECONDS\n", argv[0]);
        return 2;
    }
    snprintf(pattern, sizeof pattern, "%s/*.jpg", argv[1]);
    glob(pattern, 0, NULL, &found);
    snprintf(pattern, sizeof pattern, "%s/*/*.jpg", argv[1]);
    glob(pattern, GLOB_APPEND, NULL, &found);
    if (found.gl_pathc == 0 || !init(&job)) {
        fprintf(stderr, "no photos below %s, or no context\n", argv[1]);
        return 1;
    }
    job.paths = found.gl_pathv;
    const int failed = run(&job, found.gl_pathc, atof(argv[2]));
    globfree(&found);
    cnn_context_free(job.context);
    return failed;
}
