/* SPDX-License-Identifier: MIT */
#include "fine_tuning.h"

#include <stdlib.h>
#include <string.h>

#include "output.h"

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The same but for case and a final "s", as the library matches given classes. */
static int same_class(const char *a, const char *b)
{
    while (*a && small(*a) == small(*b)) {
        a++;
        b++;
    }
    if (small(*a) == 's' && !a[1])
        a++;
    if (small(*b) == 's' && !b[1])
        b++;
    return *a == *b;
}

static int has_class(const cnn_dataset_t *dataset, const char *name)
{
    for (size_t i = 0; i < cnn_dataset_class_count(dataset); i++)
        if (same_class(cnn_dataset_class_name(dataset, i), name))
            return 1;
    return 0;
}

static int same_classes(const cnn_dataset_t *dataset, const cnn_model_t *from)
{
    const size_t n = cnn_model_class_count(from);

    if (cnn_dataset_class_count(dataset) != n)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!has_class(dataset, cnn_model_class_name(from, i)))
            return 0;
    return 1;
}

int fine_tuning_classes(const struct tool *tool, const cnn_model_t *from, const char *folder,
                        const cnn_dataset_options_t *options, const char ***classes)
{
    const size_t n = cnn_model_class_count(from);
    cnn_dataset_t *dataset = NULL;
    int rc = EXIT_SUCCESS;

    *classes = NULL;
    TOOL_TRY(rc, cnn_dataset_open(tool->context, folder, options, &dataset));
    if (!same_classes(dataset, from))
        goto done;
    *classes = calloc(n, sizeof **classes);
    if (!*classes) {
        output_message("out of memory");
        rc = EXIT_FAILURE;
        goto done;
    }
    for (size_t i = 0; i < n; i++)
        (*classes)[i] = cnn_model_class_name(from, i);
done:
    cnn_dataset_free(dataset);
    return rc;
}

static int keeps_classes(const cnn_model_t *from, const cnn_model_t *model)
{
    const size_t n = cnn_model_class_count(from);

    if (cnn_model_class_count(model) != n)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (strcmp(cnn_model_class_name(from, i), cnn_model_class_name(model, i)) != 0)
            return 0;
    return 1;
}

void fine_tuning_print(FILE *text, const cnn_model_t *from, const cnn_model_t *model,
                       const char *freeze)
{
    fprintf(text, "all weights are those of the model%s\n",
            keeps_classes(from, model) ? ", whose classes these are"
                                       : " but the head's, as its classes are others");
    if (!freeze)
        return;
    if (strcmp(freeze, CNN_FREEZE_ALL_BUT_HEAD) == 0)
        fputs("all but the head stays as it is\n", text);
    else
        fprintf(text, "layer \"%s\" and all before it stay as they are\n", freeze);
}

cnn_loss_t fine_tuning_loss(const cnn_model_t *model)
{
    const cnn_graph_t *graph = cnn_model_graph(model);
    cnn_layer_info_t output = {.struct_size = sizeof output};

    cnn_graph_layer(graph, cnn_graph_layer_count(graph) - 1, &output);
    return output.channels == 1 ? CNN_LOSS_BINARY_CROSS_ENTROPY : CNN_LOSS_CROSS_ENTROPY;
}
