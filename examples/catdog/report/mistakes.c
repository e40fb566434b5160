/* SPDX-License-Identifier: MIT */
#include "report/mistakes.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/output.h"
#include "base/save.h"
#include "report/figures.h"

static int by_probability(const void *a, const void *b)
{
    const struct mistake *x = a, *y = b;

    if (x->probability != y->probability)
        return x->probability < y->probability ? -1 : 1;
    return (x->sample > y->sample) - (x->sample < y->sample);
}

int mistakes_find(const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset,
                  struct mistakes *mistakes)
{
    const size_t n = cnn_dataset_sample_count(dataset), classes = cnn_dataset_class_count(dataset);
    cnn_sample_t sample = CNN_INIT(cnn_sample_t);

    mistakes->n = 0;
    mistakes->items = calloc(n + 1, sizeof *mistakes->items);
    if (!mistakes->items)
        return output_no_memory();
    for (size_t i = 0; i < n; i++) {
        const float *p = cnn_evaluation_probabilities(evaluation, i);
        if (!p || cnn_dataset_sample(dataset, i, &sample) != CNN_OK)
            continue;
        const size_t predicted = figures_predicted(p, classes);
        if (predicted != sample.label)
            mistakes->items[mistakes->n++] = (struct mistake){i, predicted, p[sample.label]};
    }
    qsort(mistakes->items, mistakes->n, sizeof *mistakes->items, by_probability);
    return EXIT_SUCCESS;
}

void mistakes_free(struct mistakes *mistakes)
{
    free(mistakes->items);
    mistakes->items = NULL;
}

/* The fields of a mistake that are printed. */
struct entry {
    const char *path, *label, *predicted;
    double probability;
};

static struct entry entry_of(const struct mistakes *mistakes, const cnn_dataset_t *dataset,
                             size_t i)
{
    const struct mistake *m = &mistakes->items[i];
    cnn_sample_t sample = {.struct_size = sizeof sample, .path = ""};

    cnn_dataset_sample(dataset, m->sample, &sample);
    return (struct entry){sample.path, cnn_dataset_class_name(dataset, sample.label),
                          cnn_dataset_class_name(dataset, m->predicted), (double)m->probability};
}

void mistakes_print(const struct mistakes *mistakes, const cnn_dataset_t *dataset, size_t most)
{
    printf("\n%zu photos are misclassified; probability of the label:\n", mistakes->n);
    for (size_t i = 0; i < mistakes->n && i < most; i++) {
        const struct entry e = entry_of(mistakes, dataset, i);
        printf("  %.6f  %s: %s, predicted %s\n", e.probability, e.path, e.label, e.predicted);
    }
}

json_t *mistakes_json(const struct mistakes *mistakes, const cnn_dataset_t *dataset, size_t most)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < mistakes->n && i < most; i++) {
        const struct entry e = entry_of(mistakes, dataset, i);
        json_array_append_new(array,
                              json_pack("{s:o, s:o, s:o, s:o}", "path", json_text(e.path), "class",
                                        json_text(e.label), "predicted", json_text(e.predicted),
                                        "probability", json_number(e.probability)));
    }
    return array;
}

int mistakes_save(const struct mistakes *mistakes, const cnn_dataset_t *dataset, const char *path)
{
    struct save save;

    if (save_open(&save, path) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    for (size_t i = 0; i < mistakes->n; i++) {
        const struct entry e = entry_of(mistakes, dataset, i);
        fprintf(save.stream, "mistake\t%s\t%s\t%s\t%.9g\n", e.path, e.label, e.predicted,
                e.probability);
    }
    return save_commit(&save);
}
