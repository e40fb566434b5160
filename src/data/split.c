/* SPDX-License-Identifier: MIT */
#include "data/split.h"

#include <stdlib.h>

#include "core/memory.h"
#include "core/random.h"
#include "data/subset.h"

enum set { SET_NONE, SET_TRAIN, SET_VALIDATION };

/* The remainder of a class in the method of largest remainders. */
struct remainder {
    uint64_t value;
    size_t class;
};

static int compare_remainders(const void *a, const void *b)
{
    const struct remainder *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? 1 : -1;
    return (x->class > y->class) - (x->class < y->class);
}

/* Distributes the `wanted` photos of one set among the classes by the method of largest remainders.
 * all: the number of photos in all classes. order: room for n remainders. Each class first gets its
 * exact share, rounded down. The classes with the largest remainders then get one more photo each,
 * until the total is met. A class is passed over if the two sets together already have all of its
 * photos, which can happen if its share of the other set was rounded up. */
static void apportion_set(struct cd_split_class *classes, size_t n, uint64_t all, uint64_t wanted,
                          struct remainder *order, enum set set)
{
    uint64_t given = 0;

    for (size_t c = 0; c < n; c++) {
        const uint64_t share = all > 0 ? wanted * classes[c].count / all : 0;
        order[c].class = c;
        order[c].value = wanted * classes[c].count - share * all;
        *(set == SET_TRAIN ? &classes[c].train : &classes[c].validation) = (size_t)share;
        given += share;
    }
    qsort(order, n, sizeof *order, compare_remainders);
    for (size_t i = 0; given < wanted; i = (i + 1) % n) {
        struct cd_split_class *class = &classes[order[i].class];
        if (class->train + class->validation == class->count)
            continue;
        ++*(set == SET_TRAIN ? &class->train : &class->validation);
        given++;
    }
}

cnn_status_t cd_split_apportion(cnn_context_t *context, struct cd_split_class *classes, size_t n,
                                size_t train, size_t validation)
{
    struct remainder *order = cd_alloc(context, n, sizeof *order);
    uint64_t all = 0;

    if (!order)
        return cd_error_memory();
    for (size_t c = 0; c < n; c++) {
        all += classes[c].count;
        classes[c].train = 0;
    }
    apportion_set(classes, n, all, validation, order, SET_VALIDATION);
    apportion_set(classes, n, all, train, order, SET_TRAIN);
    cd_free(context, order);
    return CNN_OK;
}

/* Computes the sizes of the training and validation sets from the options. Errors: DATA. */
static cnn_status_t set_sizes(const cnn_dataset_t *dataset,
                              const cnn_dataset_split_options_t *options, size_t *train,
                              size_t *validation)
{
    const size_t count = dataset->count;

    *validation = options->n_validation;
    if (*validation == 0)
        *validation = (size_t)((double)count * options->validation_fraction + 0.5);
    *train = options->n_train;
    if (count > UINT32_MAX)
        return cd_error(CNN_ERROR_DATA, "split: %zu photos are too many", count);
    if (*validation > count || *train > count - *validation)
        return cd_error(CNN_ERROR_DATA,
                        "split: %zu training and %zu validation photos were asked for, and there "
                        "are %zu",
                        *train, *validation, count);
    if (*train == 0)
        *train = count - *validation;
    if (*train == 0 || *validation == 0)
        return cd_error(CNN_ERROR_DATA,
                        "split: of %zu photos, %zu for training and %zu for validation leave a "
                        "subset without photos",
                        count, *train, *validation);
    return CNN_OK;
}

/* Draws the training and validation samples of one class. members: the samples of the class, as
 * indices in the dataset. order: scratch, room for as many indices. set_of: receives the set of
 * each sample drawn, by its index in the dataset. */
static void draw_class(const struct cd_split_class *class, uint64_t key, const size_t *members,
                       size_t *order, unsigned char *set_of)
{
    cd_random_permutation(key, order, class->count);
    for (size_t i = 0; i < class->validation; i++)
        set_of[members[order[i]]] = SET_VALIDATION;
    for (size_t i = 0; i < class->train; i++)
        set_of[members[order[class->validation + i]]] = SET_TRAIN;
}

/* Sorts the indices of all samples by class into members. The samples of class c are
 * members[first[c]] .. members[first[c + 1] - 1]. */
static void sort_by_class(const cnn_dataset_t *dataset, const struct cd_split_class *classes,
                          size_t *first, size_t *members)
{
    const size_t n = dataset->n_classes;

    first[0] = 0;
    for (size_t c = 0; c < n; c++)
        first[c + 1] = first[c] + classes[c].count;
    for (size_t i = 0; i < dataset->count; i++)
        members[first[dataset->samples[i].label]++] = i;
    for (size_t c = n; c > 0; c--)
        first[c] = first[c - 1];
    first[0] = 0;
}

/* Draws a set for every sample of the dataset. set_of is all zero (SET_NONE) before the call. */
static cnn_status_t draw(const cnn_dataset_t *dataset, uint64_t seed, size_t train,
                         size_t validation, unsigned char *set_of)
{
    cnn_context_t *context = dataset->context;
    const size_t n = dataset->n_classes;
    struct cd_split_class *classes = cd_alloc(context, n, sizeof *classes);
    size_t *first = cd_alloc(context, n + 1, sizeof *first);
    size_t *members = cd_alloc(context, dataset->count, sizeof *members);
    size_t *order = cd_alloc(context, dataset->count, sizeof *order);
    cnn_status_t rc;

    if (!classes || !first || !members || !order) {
        rc = cd_error_memory();
        goto done;
    }
    for (size_t i = 0; i < dataset->count; i++)
        classes[dataset->samples[i].label].count++;
    rc = cd_split_apportion(context, classes, n, train, validation);
    if (rc != CNN_OK)
        goto done;
    sort_by_class(dataset, classes, first, members);
    for (size_t c = 0; c < n; c++)
        draw_class(&classes[c], cd_random_key(seed, CD_STREAM_SPLIT, c, 0), members + first[c],
                   order, set_of);
done:
    cd_free(context, order);
    cd_free(context, members);
    cd_free(context, first);
    cd_free(context, classes);
    return rc;
}

cnn_status_t cd_dataset_split(const cnn_dataset_t *dataset,
                              const cnn_dataset_split_options_t *options, cnn_dataset_t **train,
                              cnn_dataset_t **validation)
{
    size_t n_train, n_validation;
    cnn_status_t rc;

    *train = NULL;
    *validation = NULL;
    CD_TRY(set_sizes(dataset, options, &n_train, &n_validation));
    unsigned char *set_of = cd_alloc(dataset->context, dataset->count, 1);
    if (!set_of)
        return cd_error_memory();
    rc = draw(dataset, options->seed, n_train, n_validation, set_of);
    if (rc == CNN_OK)
        rc = cd_dataset_select(dataset, set_of, SET_TRAIN, n_train, train);
    if (rc == CNN_OK)
        rc = cd_dataset_select(dataset, set_of, SET_VALIDATION, n_validation, validation);
    cd_free(dataset->context, set_of);
    if (rc != CNN_OK) {
        cd_dataset_free(*train);
        *train = NULL;
    }
    return rc;
}
