/* SPDX-License-Identifier: MIT */
#include "photos/splits.h"

#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "photos/split_list.h"

enum { TRAIN, VALIDATION, N_SETS };

static void print_counts(FILE *text, const struct splits *splits)
{
    const uint64_t bytes =
        cnn_dataset_load_bytes(splits->train, &splits->preprocess[TRAIN]) +
        cnn_dataset_load_bytes(splits->validation, &splits->preprocess[VALIDATION]);

    photos_print_classes(text, "found", splits->whole);
    photos_print_classes(text, "training", splits->train);
    photos_print_classes(text, "validation", splits->validation);
    photos_print_imbalance(text, splits->train);
    fprintf(text, "pixels need %.1f MB of memory\n", (double)bytes / 1e6);
    fflush(text);
}

static int divide_by_list(const char *folder, const char *file, struct splits *splits)
{
    static const char *const names[N_SETS] = {"train", "validation"};
    struct split_list list;
    int rc = split_list_open(file, folder, splits->whole, &list);

    if (rc == EXIT_SUCCESS) {
        split_list_warn(&list, folder, names, N_SETS);
        rc = split_list_take(&list, splits->whole, names[TRAIN], &splits->train);
    }
    if (rc == EXIT_SUCCESS)
        rc = split_list_take(&list, splits->whole, names[VALIDATION], &splits->validation);
    split_list_close(&list);
    return rc;
}

int splits_divide(const char *folder, const struct splits_source *source, struct splits *splits)
{
    int rc = EXIT_SUCCESS;

    if (source->list)
        return divide_by_list(folder, source->list, splits);
    TOOL_TRY(rc,
             cnn_dataset_split(splits->whole, &source->sizes, &splits->train, &splits->validation));
done:
    return rc;
}

int splits_open(const struct tool *tool, const char *folder,
                const cnn_dataset_open_options_t *options, const struct splits_source *source,
                const cnn_preprocess_t *preprocess, const cnn_train_options_t *fit, FILE *text,
                struct splits *splits)
{
    int rc = EXIT_SUCCESS;

    memset(splits, 0, sizeof *splits);
    splits->preprocess[TRAIN].struct_size = sizeof *preprocess;
    splits->preprocess[VALIDATION] = *preprocess;
    TOOL_TRY(rc, cnn_train_preprocess(tool->context, preprocess, fit, &splits->preprocess[TRAIN]));
    TOOL_TRY(rc, cnn_dataset_open(tool->context, folder, options, &splits->whole));
    if ((rc = splits_divide(folder, source, splits)) == EXIT_SUCCESS)
        print_counts(text, splits);
done:
    return rc;
}

/* Divides the memory limit between the two sets, in proportion to their numbers of photos. Each set
 * gets at least one byte, because 0 means no limit. */
static void share_memory(const struct splits *splits, struct photos_store stores[N_SETS])
{
    const uint64_t memory = stores[TRAIN].memory;
    const double train = (double)cnn_dataset_sample_count(splits->train);
    const double all = train + (double)cnn_dataset_sample_count(splits->validation);
    uint64_t rest;

    if (memory == 0)
        return;
    rest = (uint64_t)((double)memory * (all - train) / all) + 1;
    stores[VALIDATION].memory = rest;
    stores[TRAIN].memory = memory > rest ? memory - rest : 1;
}

int splits_load(const struct tool *tool, const struct photos_store *store, struct splits *splits)
{
    const cnn_preprocess_t *const sizes = splits->preprocess;
    struct photos_store stores[N_SETS] = {*store, *store};
    int rc;

    if (sizes[TRAIN].height != sizes[VALIDATION].height ||
        sizes[TRAIN].width != sizes[VALIDATION].width)
        stores[VALIDATION].cache = NULL; /* all images in a cache file have the same size */
    share_memory(splits, stores);
    rc = photos_load(tool, splits->train, &sizes[TRAIN], &stores[TRAIN], "loaded for training");
    if (rc == EXIT_SUCCESS)
        rc = photos_load(tool, splits->validation, &sizes[VALIDATION], &stores[VALIDATION],
                         "loaded for validation");
    return rc;
}

void splits_print_skipped(const struct splits *splits)
{
    cnn_dataset_t *const all[] = {splits->whole, splits->train, splits->validation};

    photos_print_skipped(all, sizeof all / sizeof *all);
}

json_t *splits_skipped_json(const struct splits *splits)
{
    cnn_dataset_t *const all[] = {splits->whole, splits->train, splits->validation};

    return photos_skipped_json(all, sizeof all / sizeof *all);
}

void splits_release(struct splits *splits)
{
    cnn_dataset_free(splits->whole);
    cnn_dataset_free(splits->train);
    cnn_dataset_free(splits->validation);
    memset(splits, 0, sizeof *splits);
}
