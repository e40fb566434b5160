/* SPDX-License-Identifier: MIT
 *
 * Builds a network layer by layer and trains it for three classes. FOLDER contains a folder of
 * photos for each class:
 *     three_classes FOLDER MODEL [EPOCHS]
 *
 *     cc three_classes.c $(pkg-config --cflags --libs catdog) -o three_classes */
#include <catdog/catdog.h>
#include <stdio.h>
#include <stdlib.h>

/* Builds a network for photos of 48 x 64 pixels. It has two convolutions, the second of which has a
 * shortcut connection, and a softmax output. */
static cnn_status_t build(cnn_graph_t *graph)
{
    cnn_conv2d_options_t conv = CNN_INIT(cnn_conv2d_options_t);
    cnn_batch_norm_options_t norm = CNN_INIT(cnn_batch_norm_options_t);
    cnn_dense_options_t dense = CNN_INIT(cnn_dense_options_t);
    cnn_node_t x, shortcut;
    cnn_status_t s;

    conv.filters = 16;
    conv.padding = CNN_PADDING_SAME;
    conv.activation = CNN_ACTIVATION_RELU;
    norm.momentum = 0.9f;
    dense.units = 3;
    dense.activation = CNN_ACTIVATION_SOFTMAX;
    if ((s = cnn_graph_add_input(graph, 48, 64, 3, NULL, &x)) == CNN_OK &&
        (s = cnn_graph_add_conv2d(graph, x, &conv, &x)) == CNN_OK &&
        (s = cnn_graph_add_max_pool2d(graph, x, NULL, &shortcut)) == CNN_OK &&
        (s = cnn_graph_add_conv2d(graph, shortcut, &conv, &x)) == CNN_OK &&
        (s = cnn_graph_add_batch_norm(graph, x, &norm, &x)) == CNN_OK &&
        (s = cnn_graph_add_sum(graph, x, shortcut, "shortcut", &x)) == CNN_OK &&
        (s = cnn_graph_add_max_pool2d(graph, x, NULL, &x)) == CNN_OK &&
        (s = cnn_graph_add_flatten(graph, x, NULL, &x)) == CNN_OK &&
        (s = cnn_graph_add_dropout(graph, x, 0.25f, NULL, &x)) == CNN_OK)
        s = cnn_graph_add_dense(graph, x, &dense, &x);
    return s;
}

static cnn_status_t create_model(const cnn_graph_t *graph, const cnn_dataset_t *data,
                                 cnn_model_t **model)
{
    const char *classes[3];
    cnn_model_options_t options = CNN_INIT(cnn_model_options_t);
    char summary[4096];

    options.classes = classes;
    for (size_t i = 0; i < 3; i++)
        classes[i] = cnn_dataset_class_name(data, i);
    options.n_classes = 3;
    cnn_graph_summary(graph, summary, sizeof summary);
    printf("%s\n", summary);
    return cnn_model_create(graph, &options, model);
}

int main(int argc, char **argv)
{
    cnn_context_t *context = NULL;
    cnn_dataset_t *all = NULL, *train = NULL, *validation = NULL;
    cnn_graph_t *graph = NULL;
    cnn_model_t *model = NULL;
    cnn_evaluation_t *evaluation = NULL;
    cnn_metrics_t metrics = CNN_INIT(cnn_metrics_t);
    cnn_train_options_t options = CNN_INIT(cnn_train_options_t);

    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: %s FOLDER MODEL [EPOCHS]\n", argv[0]);
        return 2;
    }
    options.loss = CNN_LOSS_CROSS_ENTROPY;
    options.epochs = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 20;
    int good = cnn_context_create(NULL, &context) == CNN_OK &&
               cnn_dataset_open(context, argv[1], NULL, &all) == CNN_OK &&
               cnn_dataset_split(all, NULL, &train, &validation) == CNN_OK &&
               cnn_graph_create(context, &graph) == CNN_OK && build(graph) == CNN_OK &&
               create_model(graph, all, &model) == CNN_OK &&
               cnn_model_train(model, train, validation, &options, NULL) == CNN_OK &&
               cnn_model_save(model, argv[2], NULL) == CNN_OK &&
               cnn_model_evaluate(model, validation, NULL, &evaluation) == CNN_OK &&
               cnn_evaluation_metrics(evaluation, &metrics) == CNN_OK;
    if (good)
        printf("accuracy %.1f %% on %zu photos\n", 100 * metrics.accuracy, metrics.n_samples);
    else
        fprintf(stderr, "%s\n", cnn_error_message());
    cnn_evaluation_free(evaluation);
    cnn_model_free(model);
    cnn_graph_free(graph);
    cnn_dataset_free(validation);
    cnn_dataset_free(train);
    cnn_dataset_free(all);
    cnn_context_free(context);
    return good ? 0 : 1;
}
