/* SPDX-License-Identifier: MIT
 *
 * Near duplicates are found by multi-index hashing (Norouzi, Punjani and Fleet, "Fast Search in
 * Hamming Space with Multi-Index Hashing", CVPR 2012). A perceptual hash consists of 16 words. If
 * two hashes differ in at most r bits, then at least one of their words differs in at most r / 16
 * bits. So only photos with such a pair of words are compared. */
#include "data/duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/size.h"

enum { WORDS = CD_PERCEPTUAL_WORDS, VALUES = 1 << 16 };

/* The state of a search. The sets of duplicates are kept in a disjoint-set forest (union-find). */
struct search {
    cnn_context_t *context;
    const struct cd_fingerprint *photos;
    size_t n;
    int radius;
    size_t *exact;  /* for each photo, the first photo with the same bytes */
    size_t *parent; /* for each photo, its parent in the forest; a root is the first of its set */
    uint8_t *far;   /* for each root, the largest distance found between two photos of its set */
    size_t *order;  /* one photo for each different perceptual hash */
    size_t *bucket; /* the photos of order, sorted by one word of their hashes */
    size_t *start;  /* VALUES + 1 elements: for each value of the word, its first index in bucket */
};

/* Sort keys for qsort(), each with the index of its photo. */
struct by_bytes {
    uint64_t bytes, hash;
    size_t index;
};

struct by_perceptual {
    uint16_t words[WORDS];
    size_t index;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_bytes(const void *a, const void *b)
{
    const struct by_bytes *x = a, *y = b;
    int order = compare_numbers(x->bytes, y->bytes);

    if (order == 0)
        order = compare_numbers(x->hash, y->hash);
    return order != 0 ? order : compare_numbers(x->index, y->index);
}

static int compare_perceptual(const void *a, const void *b)
{
    const struct by_perceptual *x = a, *y = b;

    for (size_t i = 0; i < WORDS; i++)
        if (x->words[i] != y->words[i])
            return x->words[i] < y->words[i] ? -1 : 1;
    return compare_numbers(x->index, y->index);
}

static size_t find(struct search *s, size_t i)
{
    while (s->parent[i] != i)
        i = s->parent[i] = s->parent[s->parent[i]];
    return i;
}

static void join(struct search *s, size_t a, size_t b, uint32_t distance)
{
    a = find(s, a);
    b = find(s, b);
    const size_t first = a < b ? a : b, other = a < b ? b : a;
    uint8_t most = s->far[a] > s->far[b] ? s->far[a] : s->far[b];

    if (distance > most)
        most = (uint8_t)distance;
    s->parent[other] = first;
    s->far[first] = most;
}

static cnn_status_t find_exact(struct search *s)
{
    struct by_bytes *keys = cd_alloc(s->context, s->n, sizeof *keys);
    size_t n = 0;

    if (!keys)
        return cd_error_memory();
    for (size_t i = 0; i < s->n; i++) {
        s->exact[i] = s->parent[i] = i;
        if (s->photos[i].readable)
            keys[n++] = (struct by_bytes){s->photos[i].bytes, s->photos[i].hash, i};
    }
    qsort(keys, n, sizeof *keys, compare_bytes);
    for (size_t i = 1; i < n; i++)
        if (keys[i].bytes == keys[i - 1].bytes && keys[i].hash == keys[i - 1].hash) {
            s->exact[keys[i].index] = s->exact[keys[i - 1].index];
            join(s, keys[i].index, keys[i - 1].index, 0);
        }
    cd_free(s->context, keys);
    return CNN_OK;
}

/* Joins the sets of photos with equal perceptual hashes. Fills s->order with the first photo of
 * each hash, and sets *count to the number of hashes. Errors: MEMORY. */
static cnn_status_t find_same(struct search *s, size_t *count)
{
    struct by_perceptual *keys = cd_alloc(s->context, s->n, sizeof *keys);
    size_t n = 0;

    *count = 0;
    if (!keys)
        return cd_error_memory();
    for (size_t i = 0; i < s->n; i++) {
        const struct cd_fingerprint *photo = &s->photos[i];
        if (!photo->decoded || photo->perceptual.flat || s->exact[i] != i)
            continue;
        memcpy(keys[n].words, photo->perceptual.words, sizeof keys[n].words);
        keys[n++].index = i;
    }
    qsort(keys, n, sizeof *keys, compare_perceptual);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && memcmp(keys[i].words, keys[i - 1].words, sizeof keys[i].words) == 0)
            join(s, keys[i].index, keys[i - 1].index, 0);
        else
            s->order[(*count)++] = keys[i].index;
    }
    cd_free(s->context, keys);
    return CNN_OK;
}

static uint16_t word_of(const struct search *s, size_t photo, size_t word)
{
    return s->photos[photo].perceptual.words[word];
}

/* Sorts the photos of s->order by word number `word` of their hashes into s->bucket. This is a
 * counting sort. */
static void sort_by_word(struct search *s, size_t count, size_t word)
{
    memset(s->start, 0, (VALUES + 1) * sizeof *s->start);
    for (size_t i = 0; i < count; i++)
        s->start[word_of(s, s->order[i], word)]++;
    for (size_t v = 1; v <= VALUES; v++) /* start[v] is the end of value v until bucket is filled */
        s->start[v] += s->start[v - 1];
    for (size_t i = count; i > 0; i--)
        s->bucket[--s->start[word_of(s, s->order[i - 1], word)]] = s->order[i - 1];
}

static void compare_with_bucket(struct search *s, size_t photo, uint16_t value)
{
    for (size_t i = s->start[value]; i < s->start[value + 1]; i++) {
        const size_t other = s->bucket[i];
        if (other <= photo)
            continue;
        const uint32_t distance = cd_perceptual_distance(&s->photos[photo].perceptual,
                                                         &s->photos[other].perceptual);
        if (distance <= (uint32_t)s->radius)
            join(s, photo, other, distance);
    }
}

/* Compares the photo with every photo whose word differs from `value` in at most `flips` bits, none
 * of them below `bit`. */
static void compare_around(struct search *s, size_t photo, uint16_t value, unsigned bit, int flips)
{
    compare_with_bucket(s, photo, value);
    for (; flips > 0 && bit < 16; bit++)
        compare_around(s, photo, (uint16_t)(value ^ 1u << bit), bit + 1, flips - 1);
}

static cnn_status_t find_near(struct search *s)
{
    size_t count;

    CD_TRY(find_same(s, &count));
    for (size_t word = 0; word < WORDS; word++) {
        sort_by_word(s, count, word);
        for (size_t i = 0; i < count; i++)
            compare_around(s, s->order[i], word_of(s, s->order[i], word), 0, s->radius / WORDS);
    }
    return CNN_OK;
}

/* Appends each set of two or more photos to out->groups as a group of this kind. A set of near
 * duplicates whose photos all have the same bytes is left out, because it is already an exact
 * group. first: for each photo, the first photo of its set. members: the free part of out->members,
 * which receives the photos of the groups. Returns the part that is still free. */
static size_t *append_groups(struct search *s, const size_t *first, cnn_duplicate_t kind,
                             size_t *members, struct cd_duplicates *out)
{
    size_t *size = s->order, *group_of = s->bucket; /* indexed by the first photo of a set */

    memset(size, 0, s->n * sizeof *size);
    memset(group_of, 0, s->n * sizeof *group_of);
    for (size_t i = 0; i < s->n; i++) {
        size[first[i]]++;
        group_of[first[i]] |= kind == CNN_DUPLICATE_EXACT || s->exact[i] != first[i];
    }
    for (size_t i = 0; i < s->n; i++) {
        if (size[i] < 2 || !group_of[i]) {
            group_of[i] = 0;
            continue;
        }
        out->groups[out->n++] = (cnn_duplicate_group_t){.struct_size = sizeof *out->groups,
                                                        .kind = kind,
                                                        .photos = members,
                                                        .distance = s->far[i]};
        members += size[i];
        group_of[i] = out->n; /* index of the group plus 1; 0 means no group */
    }
    for (size_t i = 0; i < s->n; i++) {
        if (group_of[first[i]] == 0)
            continue;
        cnn_duplicate_group_t *group = &out->groups[group_of[first[i]] - 1];
        out->members[(size_t)(group->photos - out->members) + group->n_photos++] = i;
        group->classes_differ |= s->photos[i].label != s->photos[first[i]].label;
    }
    return members;
}

static cnn_status_t allocate(struct search *s, struct cd_duplicates *out)
{
    const size_t n = s->n;

    s->exact = cd_alloc(s->context, n, sizeof *s->exact);
    s->parent = cd_alloc(s->context, n, sizeof *s->parent);
    s->far = cd_alloc(s->context, n, sizeof *s->far);
    s->order = cd_alloc(s->context, n, sizeof *s->order);
    s->bucket = cd_alloc(s->context, n, sizeof *s->bucket);
    s->start = cd_alloc(s->context, VALUES + 1, sizeof *s->start);
    /* A photo is in at most one group of each of the two kinds: 2 n members suffice. A group has
     * at least two photos: n groups suffice. */
    out->members = cd_alloc(s->context, cd_product(n, 2), sizeof *out->members);
    out->groups = cd_alloc(s->context, n, sizeof *out->groups);
    if (!s->exact || !s->parent || !s->far || !s->order || !s->bucket || !s->start ||
        !out->members || !out->groups)
        return cd_error_memory();
    return CNN_OK;
}

static cnn_status_t search(struct search *s, struct cd_duplicates *out)
{
    CD_TRY(allocate(s, out));
    CD_TRY(find_exact(s));
    size_t *members = append_groups(s, s->exact, CNN_DUPLICATE_EXACT, out->members, out);
    if (s->radius < 0)
        return CNN_OK;
    CD_TRY(find_near(s));
    for (size_t i = 0; i < s->n; i++)
        s->parent[i] = find(s, i);
    append_groups(s, s->parent, CNN_DUPLICATE_NEAR, members, out);
    return CNN_OK;
}

cnn_status_t cd_duplicates_find(cnn_context_t *context, const struct cd_fingerprint *photos,
                                size_t n, int radius, struct cd_duplicates *out)
{
    struct search s = {.context = context, .photos = photos, .n = n, .radius = radius};

    *out = (struct cd_duplicates){.context = context};
    cnn_status_t rc = search(&s, out);
    cd_free(context, s.exact);
    cd_free(context, s.parent);
    cd_free(context, s.far);
    cd_free(context, s.order);
    cd_free(context, s.bucket);
    cd_free(context, s.start);
    if (rc != CNN_OK)
        cd_duplicates_release(out);
    return rc;
}

void cd_duplicates_release(struct cd_duplicates *duplicates)
{
    if (!duplicates->context)
        return;
    cd_free(duplicates->context, duplicates->members);
    cd_free(duplicates->context, duplicates->groups);
    *duplicates = (struct cd_duplicates){0};
}
