/* SPDX-License-Identifier: MIT
 *
 * Times the convolution algorithms of each kernel level on the layers of the article's networks,
 * separately for each pass. Prints the best CPU time of several runs on one thread, in milliseconds
 * per image and in GFLOP/s. The operations are counted for direct convolution.
 *
 *     bench_conv [level [seconds for each figure]] */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "kernels/conv.h"

enum { IMAGES = 16, HUGE_PAGE = 2 << 20 };

static const struct {
    size_t h, w, ci, co, top, left;
    int pooled;
    size_t size, stride; /* of the window; 0 = the defaults 3 and 1 */
} shapes[] = {
    {94, 125, 3, 24, 0, 0, 1, 0, 0},   {94, 125, 3, 48, 0, 0, 1, 0, 0},
    {94, 125, 3, 64, 0, 0, 1, 0, 0},   {94, 125, 3, 128, 0, 0, 1, 0, 0},
    {46, 61, 48, 48, 0, 0, 1, 0, 0},   {46, 61, 64, 128, 0, 0, 1, 0, 0},
    {46, 61, 128, 128, 0, 0, 1, 0, 0}, {46, 61, 64, 128, 0, 0, 0, 0, 0},
    {46, 61, 64, 128, 1, 1, 1, 0, 0},  {14, 14, 64, 64, 1, 1, 0, 0, 0},
    {7, 7, 128, 128, 1, 1, 0, 0, 0},   {12, 16, 192, 192, 1, 1, 0, 0, 0},
    {6, 8, 192, 192, 1, 1, 0, 0, 0},   {94, 125, 3, 24, 1, 1, 0, 3, 2},
    {47, 63, 24, 48, 1, 1, 0, 3, 2},   {24, 32, 48, 96, 1, 1, 0, 3, 2},
    {12, 16, 96, 192, 1, 1, 0, 3, 2},  {47, 63, 24, 48, 0, 0, 0, 1, 2},
    {24, 32, 48, 96, 0, 0, 0, 1, 2},   {12, 16, 96, 192, 0, 0, 0, 1, 2},
    {24, 32, 48, 48, 0, 0, 0, 1, 1},   {12, 16, 192, 192, 0, 0, 0, 1, 1},
    {24, 32, 32, 64, 2, 2, 0, 5, 1},
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void *pages(size_t size)
{
    const size_t room = (size / HUGE_PAGE + 2) * HUGE_PAGE;
    char *block = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (block == MAP_FAILED) {
        fprintf(stderr, "no memory\n");
        exit(EXIT_FAILURE);
    }
    char *first = block + (HUGE_PAGE - (uintptr_t)block % HUGE_PAGE) % HUGE_PAGE;
    madvise(first, room - HUGE_PAGE, MADV_HUGEPAGE);
    return first; /* never freed: the process exits soon */
}

static float *floats(size_t n)
{
    float *values = pages(n * sizeof *values);
    uint32_t state = 1;

    for (size_t i = 0; i < n; i++) {
        state = state * 1664525u + 1013904223u;
        values[i] = (float)(state >> 8) / 8388608.0f - 1.0f;
    }
    return values;
}

struct bench {
    struct cd_conv_layer layer;
    const struct cd_conv_algorithm *algorithm;
    size_t x_size, y_size; /* floats per image of input and output */
    float *x, *y, *dx, *dy, *kernel, *dkernel, *bias, *scratch, *prepared[2];
    unsigned char *kept;
    size_t kept_size;
};

static struct bench make_bench(size_t shape, const struct cd_kernels *kernels,
                               const struct cd_conv_algorithm *algorithm)
{
    struct bench b = {.algorithm = algorithm};
    struct cd_conv *conv = &b.layer.conv, *pool = &b.layer.pool;

    b.layer.kernels = kernels;
    b.layer.activation.kind = CNN_ACTIVATION_RELU;
    conv->h = shapes[shape].h, conv->w = shapes[shape].w;
    conv->ci = shapes[shape].ci, conv->co = shapes[shape].co;
    const size_t top = shapes[shape].top, left = shapes[shape].left;
    const size_t size = shapes[shape].size ? shapes[shape].size : 3;
    const size_t stride = shapes[shape].size ? shapes[shape].stride : 1;
    conv->window = (struct cd_window){size, size, stride, stride, top, top, left, left};
    conv->oh = (conv->h + 2 * top - size) / stride + 1;
    conv->ow = (conv->w + 2 * left - size) / stride + 1;
    if (shapes[shape].pooled) {
        pool->h = conv->oh, pool->w = conv->ow, pool->ci = pool->co = conv->co;
        pool->oh = conv->oh / 2, pool->ow = conv->ow / 2;
        pool->window = (struct cd_window){2, 2, 2, 2, 0, 0, 0, 0};
    }
    b.x_size = conv->h * conv->w * conv->ci;
    b.y_size = pool->co ? pool->oh * pool->ow * pool->co : conv->oh * conv->ow * conv->co;
    return b;
}

static void fill_bench(struct bench *b)
{
    const struct cd_conv *conv = &b->layer.conv;
    const size_t taps = conv->window.kh * conv->window.kw * conv->ci * conv->co;
    const enum cd_conv_pass passes[] = {CD_CONV_FORWARD, CD_CONV_BACKWARD_DATA,
                                        CD_CONV_BACKWARD_KERNEL};
    size_t most = 0;

    b->kept_size = b->algorithm->kept(&b->layer);
    b->x = floats(IMAGES * b->x_size), b->dx = floats(IMAGES * b->x_size);
    b->y = floats(IMAGES * b->y_size), b->dy = floats(IMAGES * b->y_size);
    b->kernel = floats(taps), b->dkernel = floats(taps), b->bias = floats(conv->co);
    b->kept = pages(IMAGES * b->kept_size + 1);
    for (int i = 0; i < 3; i++) {
        const size_t need = b->algorithm->cost(&b->layer, passes[i]) > 0
                                ? b->algorithm->scratch(&b->layer, passes[i])
                                : 0;
        most = need > most ? need : most;
    }
    b->scratch = floats(most);
    for (int i = 0; i < 2; i++) {
        b->prepared[i] = b->kernel;
        if (!(b->algorithm->cost(&b->layer, passes[i]) > 0))
            continue;
        const size_t need = b->algorithm->prepared(&b->layer, passes[i]);
        if (need) {
            b->prepared[i] = floats(need);
            b->algorithm->prepare(&b->layer, passes[i], b->kernel, b->prepared[i]);
        }
    }
}

/* Computes one pass for all images, one work item after the other. */
static void run(const struct bench *b, enum cd_conv_pass pass)
{
    const struct cd_conv_layer *layer = &b->layer;
    const struct cd_conv_algorithm *a = b->algorithm;

    if (pass == CD_CONV_BACKWARD_KERNEL) {
        for (size_t block = 0; block < a->gradient_blocks(layer); block++)
            a->backward_kernel(layer, block, IMAGES, b->x, b->dy, b->kept, b->dkernel, b->bias,
                               b->scratch);
        return;
    }
    const size_t step = a->rows(layer, pass);
    const size_t rows = pass == CD_CONV_BACKWARD_DATA ? layer->conv.h
                        : layer->pool.co              ? layer->pool.oh
                                                      : layer->conv.oh;
    const size_t most = a->images(layer, pass);
    for (size_t i = 0; i < IMAGES; i += most)
        for (size_t r = 0; r < rows; r += step) {
            const struct cd_conv_item item = {
                .n = i + most < IMAGES ? most : IMAGES - i,
                .first = r,
                .last = r + step < rows ? r + step : rows,
                .last_block = a->channel_blocks(layer),
            };
            if (pass == CD_CONV_FORWARD)
                a->forward(layer, &item, b->x + i * b->x_size, b->prepared[0], b->bias,
                           b->y + i * b->y_size, b->kept + i * b->kept_size, b->scratch);
            else
                a->backward_data(layer, &item, b->dy + i * b->y_size, b->kept + i * b->kept_size,
                                 b->prepared[1], b->dx + i * b->x_size, b->scratch);
        }
}

static void measure(const struct bench *b, enum cd_conv_pass pass, double seconds)
{
    const struct cd_conv *conv = &b->layer.conv;
    const double flops = 2.0 * (double)(conv->window.kh * conv->window.kw * conv->ci * conv->co *
                                        conv->oh * conv->ow);
    double best = 1e9;

    if (!(b->algorithm->cost(&b->layer, pass) > 0)) {
        printf("  %16s", "-");
        return;
    }
    for (double begin = now(); now() - begin < seconds;) {
        const double start = now();
        run(b, pass);
        const double time = now() - start;
        best = time < best ? time : best;
    }
    printf("  %8.3f (%5.0f)", 1e3 * best / IMAGES, 1e-9 * IMAGES * flops / best);
}

static void bench_level(const struct cd_kernels *kernels, double seconds)
{
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (size_t k = 0; k == 0 || kernels->conv_algorithms[k - 1]; k++) {
            struct bench b = make_bench(
                s, kernels, k == 0 ? &cd_conv_general : kernels->conv_algorithms[k - 1]);
            if (!(b.algorithm->cost(&b.layer, CD_CONV_FORWARD) > 0))
                continue;
            fill_bench(&b);
            const struct cd_conv *conv = &b.layer.conv;
            printf("%-7s %-9s %3zux%3zu %3zu>%3zu %zux%zu/%zu pad %zu%s", kernels->name,
                   b.algorithm->name, conv->h, conv->w, conv->ci, conv->co, conv->window.kh,
                   conv->window.kw, conv->window.sh, conv->window.top,
                   b.layer.pool.co ? " pooled" : "       ");
            measure(&b, CD_CONV_FORWARD, seconds);
            measure(&b, CD_CONV_BACKWARD_DATA, seconds);
            measure(&b, CD_CONV_BACKWARD_KERNEL, seconds);
            printf("\n");
            fflush(stdout);
        }
}

int main(int argc, char **argv)
{
    const double seconds = argc > 2 ? atof(argv[2]) : 0.5;

    printf("%-50s  %16s  %16s  %16s\n", "ms per image (GFLOP/s by the definition)", "forward",
           "backward data", "backward kernel");
    for (size_t i = 0; i < cd_kernels_count(); i++)
        if (cd_kernels_run_here(i) && (argc < 2 || strcmp(argv[1], cd_kernels_at(i)->name) == 0))
            bench_level(cd_kernels_at(i), seconds);
    return 0;
}
