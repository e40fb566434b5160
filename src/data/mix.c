/* SPDX-License-Identifier: MIT */
#include "data/mix.h"

#include <math.h>

#include "core/random.h"

static const double TURN = 2 * 3.14159265358979323846;

/* The index of each random number in a pair's random stream. Rejection sampling of the gamma
 * variates needs a varying number of them, so they come last: from DRAW_GAMMA on. */
enum draw { DRAW_KIND, DRAW_X, DRAW_Y, DRAW_GAMMA };

/* A random stream: number `next` of the stream with this key is drawn next. */
struct stream {
    uint64_t key, next;
};

/* Returns a random number in (0, 1]. */
static double uniform(struct stream *stream)
{
    return 1 - cd_random_double(stream->key, stream->next++);
}

static double normal(struct stream *stream)
{
    const double length = sqrt(-2 * log(uniform(stream)));
    return length * cos(TURN * uniform(stream));
}

/* Draws a gamma variate with shape a by rejection sampling: Marsaglia and Tsang 2000, "A simple
 * method for generating gamma variables", with their boost for a < 1. About 4 % of the candidates
 * are rejected. */
static double gamma_variate(struct stream *stream, double a)
{
    const double boost = a < 1 ? pow(uniform(stream), 1 / a) : 1;
    const double d = (a < 1 ? a + 1 : a) - 1.0 / 3, c = 1 / sqrt(9 * d);

    for (;;) {
        const double x = normal(stream), v = (1 + c * x) * (1 + c * x) * (1 + c * x);
        if (v > 0 && log(uniform(stream)) < 0.5 * x * x + d - d * v + d * log(v))
            return boost * d * v;
    }
}

/* Draws b from the distribution Beta(a, a). Returns b or 1 - b, whichever is larger. */
static double larger_share(struct stream *stream, double a)
{
    const double x = gamma_variate(stream, a), y = gamma_variate(stream, a);
    return x + y > 0 ? fmax(x, y) / (x + y) : 1;
}

/* How a pair is mixed. */
struct mix {
    int cut;                         /* 1: CutMix; 0: mixup */
    float share;                     /* the share of itself that each image keeps */
    size_t top, left, height, width; /* CutMix: the rectangle that is exchanged */
};

static size_t clipped(double place, size_t most)
{
    return place < 0 ? 0 : place < (double)most ? (size_t)place : most;
}

/* Draws the rectangle that is exchanged. It has the aspect ratio of the image, a fraction of
 * (1 - share) of its area, and a random centre, and is clipped to the image. Sets mix->share to the
 * fraction of the image outside the clipped rectangle. */
static void set_rectangle(uint64_t key, double share, size_t height, size_t width, struct mix *mix)
{
    const double side = sqrt(1 - share), h = side * (double)height, w = side * (double)width;
    const double x = cd_random_double(key, DRAW_X) * (double)width - w / 2 + 0.5;
    const double y = cd_random_double(key, DRAW_Y) * (double)height - h / 2 + 0.5;

    mix->left = clipped(x, width);
    mix->top = clipped(y, height);
    mix->width = clipped(x + w, width) - mix->left;
    mix->height = clipped(y + h, height) - mix->top;
    mix->share = (float)(1 - (double)(mix->width * mix->height) / (double)(width * height));
}

static struct mix draw(const struct cd_augmentation *a, size_t index, size_t height, size_t width)
{
    const float mixup = a->options.mixup, cutmix = a->options.cutmix;
    const uint64_t key = cd_random_key(a->key, CD_STREAM_MIX, index, 0);
    struct stream stream = {key, DRAW_GAMMA};
    struct mix mix = {.cut = cutmix > 0 &&
                             (!(mixup > 0) || cd_random_bits(key, DRAW_KIND) >> 63)};
    const double share = larger_share(&stream, (double)(mix.cut ? cutmix : mixup));

    if (mix.cut)
        set_rectangle(key, share, height, width, &mix);
    else
        mix.share = (float)share;
    return mix;
}

int cd_mix_wanted(const struct cd_augmentation *augmentation)
{
    return augmentation &&
           (augmentation->options.mixup > 0 || augmentation->options.cutmix > 0);
}

static void add(float share, size_t n, float *a, float *b)
{
    for (size_t i = 0; i < n; i++) {
        const float own = a[i], other = b[i];
        a[i] = share * own + (1 - share) * other;
        b[i] = share * other + (1 - share) * own;
    }
}

static void exchange(const struct mix *mix, size_t width, float *a, float *b)
{
    for (size_t row = mix->top; row < mix->top + mix->height; row++)
        for (size_t i = 3 * mix->left; i < 3 * (mix->left + mix->width); i++) {
            const size_t at = row * width * 3 + i;
            const float own = a[at];
            a[at] = b[at];
            b[at] = own;
        }
}

void cd_mix_pair(const struct cd_augmentation *augmentation, size_t index, size_t height,
                 size_t width, float *a, float *b)
{
    const struct mix mix = draw(augmentation, index, height, width);

    if (mix.cut)
        exchange(&mix, width, a, b);
    else
        add(mix.share, height * width * 3, a, b);
}

void cd_mix_labels(const struct cd_augmentation *augmentation, const size_t *samples, size_t height,
                   size_t width, const uint32_t *labels, size_t n, struct cd_mixture *mixtures)
{
    for (size_t i = 0; i < n - i; i++) {
        const size_t other = n - 1 - i;
        const float share =
            other > i ? draw(augmentation, samples[i], height, width).share : 1;
        mixtures[i] = (struct cd_mixture){share, labels[other]};
        mixtures[other] = (struct cd_mixture){share, labels[i]};
    }
}
