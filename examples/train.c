/* SPDX-License-Identifier: MIT
 *
 * Trains a preset and saves the model. FOLDER contains photos named cat.0.jpg, dog.0.jpg, ... or a
 * folder of photos for each class:
 *     train FOLDER MODEL [PRESET [EPOCHS]]
 *
 *     cc train.c $(pkg-config --cflags --libs catdog) -o train */
#include <catdog/catdog.h>
#include <stdio.h>
#include <stdlib.h>

static int on_epoch(const cnn_epoch_t *e, void *user)
{
    (void)user;
    printf("epoch %u: loss %.4f, validation loss %.4f, accuracy %.1f %%\n", (unsigned)e->epoch,
           e->loss, e->val_loss, 100 * e->val_accuracy);
    return 0; /* any other value stops the training */
}

/* Creates a model for the classes of the dataset, with the network of a preset. */
static cnn_status_t create_model(cnn_context_t *context, const char *preset,
                                 const cnn_dataset_t *data, cnn_model_t **model)
{
    const char *classes[16];
    cnn_model_options_t options = CNN_INIT(cnn_model_options_t);
    size_t n = cnn_dataset_class_count(data);
    cnn_graph_t *graph = NULL;

    for (size_t i = 0; i < n && i < 16; i++)
        classes[i] = cnn_dataset_class_name(data, i);
    options.classes = classes;
    options.n_classes = n < 16 ? n : 16;
    cnn_status_t status =
        cnn_graph_create_preset(context, preset, 94, 125, n == 2 ? 1 : (uint32_t)n, &graph);
    if (status == CNN_OK)
        status = cnn_model_create(graph, &options, model);
    cnn_graph_free(graph); /* the model has a copy */
    return status;
}

int main(int argc, char **argv)
{
    cnn_context_t *context = NULL;
    cnn_dataset_t *all = NULL, *train = NULL, *validation = NULL;
    cnn_model_t *model = NULL;
    cnn_train_options_t options = CNN_INIT(cnn_train_options_t);

    if (argc < 3 || argc > 5) {
        fprintf(stderr, "usage: %s FOLDER MODEL [PRESET [EPOCHS]]\n", argv[0]);
        return 2;
    }
    options.epochs = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 0; /* 0: use the preset's */
    options.on_epoch = on_epoch;
    int good = cnn_context_create(NULL, &context) == CNN_OK &&
               cnn_dataset_open(context, argv[1], NULL, &all) == CNN_OK &&
               cnn_dataset_split(all, NULL, &train, &validation) == CNN_OK &&
               create_model(context, argc > 3 ? argv[3] : "conv24", all, &model) == CNN_OK &&
               cnn_model_train(model, train, validation, &options, NULL) == CNN_OK &&
               cnn_model_save(model, argv[2], NULL) == CNN_OK;
    if (good)
        printf("%s has the weights of the best epoch\n", argv[2]);
    else
        fprintf(stderr, "%s\n", cnn_error_message());
    cnn_model_free(model);
    cnn_dataset_free(validation);
    cnn_dataset_free(train);
    cnn_dataset_free(all);
    cnn_context_free(context);
    return good ? 0 : 1;
}
