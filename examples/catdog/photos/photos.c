/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* getrlimit, sysconf(_SC_PHYS_PAGES) */
#include "photos/photos.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/json.h"
#include "base/output.h"

size_t photos_count(const cnn_dataset_t *dataset, uint32_t label)
{
    cnn_sample_t sample = CNN_INIT(cnn_sample_t);
    size_t count = 0;

    for (size_t i = 0; i < cnn_dataset_sample_count(dataset); i++)
        if (cnn_dataset_sample(dataset, i, &sample) == CNN_OK && sample.label == label)
            count++;
    return count;
}

/* Both datasets list their photos in the same order, so one pass over `whole` suffices. */
void photos_mark(const cnn_dataset_t *whole, const cnn_dataset_t *subset, unsigned char *marks,
                 unsigned char mark)
{
    cnn_sample_t of_whole = CNN_INIT(cnn_sample_t), of_subset = of_whole;
    const size_t n = cnn_dataset_sample_count(whole);
    size_t at = 0;

    for (size_t i = 0; i < cnn_dataset_sample_count(subset); i++) {
        if (cnn_dataset_sample(subset, i, &of_subset) != CNN_OK)
            return;
        while (at < n && cnn_dataset_sample(whole, at, &of_whole) == CNN_OK &&
               strcmp(of_whole.path, of_subset.path) != 0)
            at++;
        if (at < n)
            marks[at] = mark;
    }
}

void photos_print_classes(FILE *stream, const char *label, const cnn_dataset_t *dataset)
{
    size_t n = cnn_dataset_class_count(dataset);

    fprintf(stream, "%s: %zu photos, %zu classes:", label, cnn_dataset_sample_count(dataset), n);
    for (size_t i = 0; i < n; i++)
        fprintf(stream, "%s %s %zu", i ? "," : "", cnn_dataset_class_name(dataset, i),
                photos_count(dataset, (uint32_t)i));
    fputc('\n', stream);
}

double photos_imbalance(const cnn_dataset_t *dataset)
{
    size_t most = 0, least = SIZE_MAX;

    for (size_t i = 0; i < cnn_dataset_class_count(dataset); i++) {
        const size_t n = photos_count(dataset, (uint32_t)i);
        if (n > most)
            most = n;
        if (n > 0 && n < least)
            least = n;
    }
    return most > 0 ? (double)most / (double)least : 1;
}

void photos_print_imbalance(FILE *stream, const cnn_dataset_t *dataset)
{
    const double ratio = photos_imbalance(dataset);

    if (ratio > 1.5)
        fprintf(stream,
                "the largest class has %.1f times as many photos as the smallest: "
                "catdog train --class-weight auto gives the classes equal weight\n",
                ratio);
}

json_t *photos_classes_json(const cnn_dataset_t *dataset)
{
    json_t *classes = json_object();

    for (size_t i = 0; classes && i < cnn_dataset_class_count(dataset); i++)
        if (json_object_set_new(classes, cnn_dataset_class_name(dataset, i),
                                json_integer((json_int_t)photos_count(dataset, (uint32_t)i)))) {
            json_decref(classes);
            return NULL;
        }
    return classes;
}

/* Returns the memory that this process can use, in bytes: the machine's memory or the limit of the
 * address space, whichever is smaller. Returns 0 if it is unknown. */
static uint64_t available_memory(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    uint64_t bytes = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : 0;
    struct rlimit limit;

    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        (bytes == 0 || limit.rlim_cur < bytes))
        bytes = limit.rlim_cur;
    return bytes;
}

/* Returns the limit for the pixels in memory, in bytes; 0 means no limit. If no option sets it and
 * the pixels would need more than half of the available memory, the limit is a quarter of that
 * memory. */
static uint64_t memory_limit(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                             const struct photos_store *store)
{
    const uint64_t need = cnn_dataset_load_bytes(dataset, preprocess),
                   available = available_memory();

    if (store->cache || store->memory || available == 0 || need <= available / 2)
        return store->memory;
    output_message("the pixels need %.0f MB of %.0f MB of memory: %.0f MB of them are kept, the "
                   "other photos are decoded each time (--memory SIZE, --cache FILE)",
                   (double)need / 1e6, (double)available / 1e6, (double)available / 4e6);
    return available / 4;
}

static int load_failed(cnn_status_t status)
{
    const int rc = tool_failed(status);

    if (status == CNN_ERROR_MEMORY)
        output_message("--memory SIZE limits the pixels in memory, --cache FILE keeps them in a "
                       "file");
    return rc;
}

int photos_load(const struct tool *tool, cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                const struct photos_store *store, const char *label)
{
    struct output_progress progress = {label, output_now()};
    cnn_dataset_load_options_t options = CNN_INIT(cnn_dataset_load_options_t);
    char took[24];

    options.progress = output_progress_step;
    options.user = &progress;
    options.cancel = tool->cancel;
    options.cache = store->cache;
    options.max_bytes = memory_limit(dataset, preprocess, store);
    cnn_status_t status = cnn_dataset_load(dataset, preprocess, &options);
    output_bar_wipe();
    if (status != CNN_OK)
        return load_failed(status);
    output_duration(output_now() - progress.start, took, sizeof took);
    fprintf(stderr, "%s: %zu photos in %s\n", label, cnn_dataset_sample_count(dataset), took);
    return EXIT_SUCCESS;
}

/* The skipped photos of several datasets, sorted by path. The same photo can be skipped in more
 * than one dataset, because a subset also lists the skipped photos of the whole dataset. */
struct skipped_list {
    cnn_skipped_t *items;
    size_t n;
};

static int by_path(const void *a, const void *b)
{
    return strcmp(((const cnn_skipped_t *)a)->path, ((const cnn_skipped_t *)b)->path);
}

static size_t keep_first_of_each(cnn_skipped_t *items, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (kept == 0 || strcmp(items[i].path, items[kept - 1].path) != 0)
            items[kept++] = items[i];
    return kept;
}

/* Collects the skipped photos of n datasets, each photo once. Returns 1, or 0 if out of memory. */
static int collect(cnn_dataset_t *const *datasets, size_t n, struct skipped_list *list)
{
    size_t total = 0;

    for (size_t d = 0; d < n; d++)
        total += datasets[d] ? cnn_dataset_skipped_count(datasets[d]) : 0;
    list->n = 0;
    list->items = calloc(total + 1, sizeof *list->items);
    if (!list->items)
        return 0;
    for (size_t d = 0; d < n; d++)
        for (size_t i = 0; datasets[d] && i < cnn_dataset_skipped_count(datasets[d]); i++) {
            list->items[list->n].struct_size = sizeof *list->items;
            if (cnn_dataset_skipped(datasets[d], i, &list->items[list->n]) == CNN_OK)
                list->n++;
        }
    qsort(list->items, list->n, sizeof *list->items, by_path);
    list->n = keep_first_of_each(list->items, list->n);
    return 1;
}

size_t photos_print_skipped(cnn_dataset_t *const *datasets, size_t n)
{
    enum { SHOWN = 20 };
    struct skipped_list list;

    if (!collect(datasets, n, &list))
        return 0;
    if (list.n > 0)
        output_message("%zu photos skipped:", list.n);
    for (size_t i = 0; i < list.n && i < SHOWN; i++)
        fprintf(stderr, "  %s: %s\n", list.items[i].path, list.items[i].reason);
    if (list.n > SHOWN)
        fprintf(stderr, "  and %zu more\n", list.n - SHOWN);
    free(list.items);
    return list.n;
}

json_t *photos_skipped_json(cnn_dataset_t *const *datasets, size_t n)
{
    struct skipped_list list;
    json_t *array = json_array();

    if (!collect(datasets, n, &list)) {
        json_decref(array);
        return NULL;
    }
    for (size_t i = 0; array && i < list.n; i++)
        json_array_append_new(array, json_pack("{s:o, s:o}", "path", json_text(list.items[i].path),
                                               "reason", json_text(list.items[i].reason)));
    free(list.items);
    return array;
}
