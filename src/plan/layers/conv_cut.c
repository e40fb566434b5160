/* SPDX-License-Identifier: MIT */
#include "plan/layers/conv_cut.h"

#include "core/size.h"

enum {
    ALIGN = 16,  /* floats of a cache line */
    CHUNKS = 16, /* largest number of partial sums of a kernel gradient */
    GROUPS = 8   /* the number of groups of images is a multiple of this */
};

static size_t aligned(size_t floats)
{
    return cd_round_up(floats, ALIGN);
}

static struct cd_conv_rows cut_rows(const struct cd_conv_layer *layer,
                                    const struct cd_conv_algorithm *algorithm,
                                    enum cd_conv_pass pass, size_t rows)
{
    const size_t each = algorithm->rows(layer, pass);

    return (struct cd_conv_rows){
        .rows = rows,
        .each = each,
        .items = cd_divide_up(rows, each),
        .images = algorithm->images(layer, pass),
    };
}

static void cut_kernel_gradient(const struct cd_conv_layer *layer,
                                const struct cd_conv_algorithm *algorithm, struct cd_conv_cut *cut)
{
    cut->gradient_blocks = algorithm->gradient_blocks(layer);
    /* With more blocks, fewer chunks are enough for the same number of work items. */
    cut->chunks = cd_divide_up(CHUNKS, cut->gradient_blocks);
    cut->scratch_backward = aligned(algorithm->scratch(layer, CD_CONV_BACKWARD_KERNEL));
}

static void cut_data(const struct cd_conv_layer *layer, const struct cd_conv_algorithm *algorithm,
                     struct cd_conv_cut *cut)
{
    const struct cd_conv *conv = &layer->conv;
    const size_t scratch = aligned(algorithm->scratch(layer, CD_CONV_BACKWARD_DATA));

    cut->data = cut_rows(layer, algorithm, CD_CONV_BACKWARD_DATA, conv->h);
    cut->prepared_backward = aligned(algorithm->prepared(layer, CD_CONV_BACKWARD_DATA));
    cut->temporary = aligned(cut->data.images * conv->h * conv->w * conv->ci);
    if (scratch > cut->scratch_backward)
        cut->scratch_backward = scratch;
}

struct cd_conv_cut cd_conv_cut_make(const struct cd_conv_layer *layer,
                                    const struct cd_conv_algorithm *algorithm, unsigned passes)
{
    const struct cd_conv *conv = &layer->conv;
    const size_t rows = layer->pool.co ? layer->pool.oh : conv->oh;
    struct cd_conv_cut cut = {
        .forward = cut_rows(layer, algorithm, CD_CONV_FORWARD, rows),
        .channel_blocks = algorithm->channel_blocks(layer),
        .kernel = conv->window.kh * conv->window.kw * conv->ci * conv->co,
        .scratch_forward = aligned(algorithm->scratch(layer, CD_CONV_FORWARD)),
    };

    cut.partial = aligned(cut.kernel + conv->co);
    if (passes & CD_CONV_BACKWARD_KERNEL)
        cut_kernel_gradient(layer, algorithm, &cut);
    if (passes & CD_CONV_BACKWARD_DATA)
        cut_data(layer, algorithm, &cut);
    return cut;
}

size_t cd_conv_cut_groups(const struct cd_conv_rows *cut, size_t n)
{
    const size_t groups = cd_round_up(cd_divide_up(n, cut->images), GROUPS);

    return groups < n ? groups : n;
}

/* Divides the channels only if there are at least twice as many threads as work items. The division
 * may depend on the number of threads, because no sum runs over output channels. Of the numbers of
 * ranges with the same largest range, the smallest is used. */
size_t cd_conv_cut_channels(const struct cd_conv_cut *cut, size_t items, size_t threads)
{
    const size_t blocks = cut->channel_blocks, most = threads / items;

    return most < 2 ? 1 : cd_divide_up(blocks, cd_divide_up(blocks, most));
}

size_t cd_conv_cut_chunks(const struct cd_conv_cut *cut, size_t n)
{
    return n < cut->chunks ? n : cut->chunks;
}

struct cd_conv_place cd_conv_cut_at(const struct cd_conv_rows *cut, size_t n, size_t groups,
                                    size_t index)
{
    const size_t group = index / cut->items, first = index % cut->items * cut->each;
    struct cd_conv_place place = {.image = n * group / groups, .item = {.first = first}};

    place.item.n = n * (group + 1) / groups - place.image;
    place.item.last = cut->rows - first < cut->each ? cut->rows : first + cut->each;
    return place;
}
