/* SPDX-License-Identifier: MIT
 *
 * Fine-tunes the built-in model for other classes. FOLDER contains a folder of photos for each
 * class:
 *     fine_tune FOLDER MODEL [EPOCHS]
 *
 *     cc fine_tune.c $(pkg-config --cflags --libs catdog) -o fine_tune */
#include <catdog/catdog.h>
#include <stdio.h>
#include <stdlib.h>

static int print_epoch(const cnn_epoch_t *e, void *user)
{
    (void)user;
    printf("epoch %2u  loss %.4f  validation loss %.4f  accuracy %4.1f %%\n", (unsigned)e->epoch,
           e->loss, e->val_loss, 100 * e->val_accuracy);
    return 0;
}

/* Creates a copy of the model with a new head for the classes of the dataset. */
static cnn_status_t adapt(const cnn_model_t *from, const cnn_dataset_t *data, cnn_model_t **model)
{
    const size_t n = cnn_dataset_class_count(data);
    const char **classes = malloc(n * sizeof *classes);
    cnn_model_adapt_options_t options = CNN_INIT(cnn_model_adapt_options_t);

    options.classes = classes;
    options.n_classes = n;
    for (size_t i = 0; classes && i < n; i++)
        classes[i] = cnn_dataset_class_name(data, i);
    const cnn_status_t s = classes ? cnn_model_adapt(from, &options, model) : CNN_ERROR_MEMORY;
    free(classes);
    return s;
}

/* Trains only the new head, then all layers with a small learning rate. */
static cnn_status_t train(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                          uint32_t epochs)
{
    cnn_train_options_t options = CNN_INIT(cnn_train_options_t);
    cnn_status_t s;

    options.on_epoch = print_epoch;
    options.epochs = epochs;
    options.mirror = 1;
    options.loss = cnn_model_class_count(model) > 2 ? CNN_LOSS_CROSS_ENTROPY
                                                    : CNN_LOSS_BINARY_CROSS_ENTROPY;
    options.learning_rate = 0.01f;
    options.freeze = CNN_FREEZE_ALL_BUT_HEAD;
    if ((s = cnn_model_train(model, data, validation, &options, NULL)) != CNN_OK)
        return s;
    options.learning_rate = 0.0003f;
    options.schedule = CNN_SCHEDULE_COSINE;
    options.freeze = NULL;
    return cnn_model_train(model, data, validation, &options, NULL);
}

int main(int argc, char **argv)
{
    cnn_context_t *context = NULL;
    cnn_dataset_t *all = NULL, *data = NULL, *validation = NULL;
    cnn_model_t *builtin = NULL, *model = NULL;
    cnn_status_t s;

    const int epochs = argc > 3 ? atoi(argv[3]) : 10;
    if (argc < 3 || argc > 4 || epochs < 1) {
        fprintf(stderr, "usage: %s FOLDER MODEL [EPOCHS]\n", argv[0]);
        return 2;
    }

    if ((s = cnn_context_create(NULL, &context)) == CNN_OK &&
        (s = cnn_dataset_open(context, argv[1], NULL, &all)) == CNN_OK &&
        (s = cnn_dataset_split(all, NULL, &data, &validation)) == CNN_OK &&
        (s = cnn_model_load_builtin(context, &builtin)) == CNN_OK &&
        (s = adapt(builtin, data, &model)) == CNN_OK &&
        (s = train(model, data, validation, (uint32_t)epochs)) == CNN_OK)
        s = cnn_model_save(model, argv[2], NULL);
    if (s != CNN_OK)
        fprintf(stderr, "%s\n", s == CNN_ERROR_MEMORY ? cnn_status_string(s) : cnn_error_message());
    cnn_model_free(model);
    cnn_model_free(builtin);
    cnn_dataset_free(validation);
    cnn_dataset_free(data);
    cnn_dataset_free(all);
    cnn_context_free(context);
    return s == CNN_OK ? 0 : 1;
}
