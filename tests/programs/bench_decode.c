/* SPDX-License-Identifier: MIT
 *
 * bench_decode FOLDER full|scaled THREADS SECONDS [OUT]: measures the throughput, in photos per
 * second, of decoding the JPEG files of a folder and resizing them to 94 x 125 x 3 bytes. Decodes
 * the files in order of their names, repeatedly, for SECONDS. OUT receives the pixels of the first
 * pass. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glob.h>

#include "core/clock.h"
#include "core/pool.h"
#include "image/decode.h"
#include "image/image_limits.h"
#include "image/preprocess.h"

struct job {
    cnn_context_t *context;
    cnn_preprocess_t preprocess;
    cnn_image_options_t limits;
    size_t picture; /* bytes of an output image */
    char **paths;
    uint8_t *out;
    atomic_int failed;
};

static void decode_task(void *argument, size_t task, size_t worker)
{
    struct job *job = argument;

    (void)worker;
    if (cd_decode_file(job->context, job->paths[task], &job->limits, &job->preprocess,
                       NULL, job->out + task * job->picture) != CNN_OK) {
        fprintf(stderr, "%s\n", cnn_error_message());
        atomic_store(&job->failed, 1);
    }
}

static int run(struct job *job, size_t n, double seconds, const char *out)
{
    size_t done = 0;
    double best = 0, start = cd_clock_seconds(), last = start;

    do {
        cd_parallel_for(job->context, n, decode_task, job);
        const double now = cd_clock_seconds();
        if ((double)n / (now - last) > best)
            best = (double)n / (now - last);
        last = now;
        done += n;
    } while (last - start < seconds && !atomic_load(&job->failed));
    printf("{\"photos\": %zu, \"photos_per_second\": %.1f, \"best_round\": %.1f}\n", n,
           (double)done / (last - start), best);
    FILE *file = out ? fopen(out, "wb") : NULL;
    if (out && (!file || fwrite(job->out, job->picture, n, file) != n || fclose(file) != 0)) {
        perror(out);
        return 1;
    }
    return atomic_load(&job->failed);
}

int main(int argc, char **argv)
{
    struct job job = {0};
    char pattern[4096];
    glob_t found;

    if (argc < 5) {
        fprintf(stderr, "usage: %s FOLDER full|scaled THREADS SECONDS [OUT]\n", argv[0]);
        return 2;
    }
    const cnn_context_options_t options = {.struct_size = sizeof options,
                                           .threads = (uint32_t)atoi(argv[3])};
    const cnn_preprocess_t given = {.struct_size = sizeof given,
                                    .decode = strcmp(argv[2], "scaled") == 0 ? CNN_DECODE_SCALED
                                                                             : CNN_DECODE_FULL};
    snprintf(pattern, sizeof pattern, "%s/*.jpg", argv[1]);
    if (glob(pattern, 0, NULL, &found) != 0 ||
        cnn_context_create(&options, &job.context) != CNN_OK ||
        cd_preprocess_complete(&given, &job.preprocess) != CNN_OK) {
        fprintf(stderr, "no photos at %s, or no context\n", pattern);
        return 1;
    }
    cd_image_limits(NULL, &job.limits);
    job.paths = found.gl_pathv;
    job.picture = (size_t)job.preprocess.height * job.preprocess.width * 3;
    job.out = malloc(found.gl_pathc * job.picture);
    const int failed =
        !job.out || run(&job, found.gl_pathc, atof(argv[4]), argc > 5 ? argv[5] : NULL);
    free(job.out);
    globfree(&found);
    cnn_context_free(job.context);
    return failed;
}
