/* SPDX-License-Identifier: MIT */
#include "commands/train_options.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/presets.h"
#include "base/values.h"
#include "training/training.h"

struct train_options train_given = {
    .out = "catdog.safetensors",
    .seed = 1,
    .dataset = CNN_INIT(cnn_dataset_open_options_t),
    .source.sizes = CNN_INIT(cnn_dataset_split_options_t),
    .preprocess = CNN_INIT(cnn_preprocess_t),
    .fit = CNN_INIT(cnn_train_options_t),
};
static struct train_options *const o = &train_given;

/* Option values that are converted after all options have been read. The option parser writes an
 * int for an enum, because an enum may have another size. */
static struct {
    int resize, decode, layout;
    const char *class_weight, *freeze; /* NULL if the option is not given */
    int head_only;
    uint32_t shape[2];
} chosen;

static const struct choice initializers[] = {
    {"glorot", CNN_INITIALIZER_GLOROT_UNIFORM}, {"he", CNN_INITIALIZER_HE_NORMAL}, {NULL, 0}};
/* ---- combinations ---- */

static int usage(const struct command *command, const char *text)
{
    return command_usage(command, "%s", text);
}

static int is_zero(const float values[3])
{
    return values[0] == 0 && values[1] == 0 && values[2] == 0;
}

static int check_from(const struct command *command)
{
    if (o->preset)
        return usage(command, "--from names the network: it excludes --preset");
    if (o->recipe)
        return usage(command, "--from names the network: it excludes --recipe");
    if (o->weights)
        return usage(command, "--from sets the weights: it excludes --weights");
    if (chosen.shape[0] || chosen.resize || chosen.decode || !is_zero(o->preprocess.mean) ||
        !is_zero(o->preprocess.std))
        return usage(command,
                     "--from keeps the model's preprocessing: it excludes --size, --fit, --decode, "
                     "--mean and --std");
    return EXIT_SUCCESS;
}

/* Checks that exactly one of --preset, --recipe and --from is given. */
static int check_network(const struct command *command)
{
    char known[256];

    if (o->from)
        return check_from(command);
    if (o->recipe && o->preset)
        return usage(command, "--recipe names the network: it excludes --preset");
    if (o->recipe || o->preset)
        return EXIT_SUCCESS;
    preset_names(known, sizeof known);
    return command_usage(command, "--preset, --recipe or --from is required; the presets are %s",
                         known);
}

static int check_combinations(const struct command *command)
{
    const cnn_dataset_split_options_t *sizes = &o->source.sizes;

    if (chosen.head_only && chosen.freeze)
        return usage(command, "--head-only freezes layers: it excludes --freeze");
    if (o->source.list && (sizes->n_train || sizes->n_validation))
        return usage(command, "--split lists the photos: it excludes --train and --val");
    if (o->fit.resume && !o->fit.checkpoint)
        return usage(command, "--resume needs --checkpoint FILE");
    return EXIT_SUCCESS;
}

/* ---- values ---- */

/* Reads --class-weight: "none", "auto" or a number for each class. */
static int take_class_weight(const struct command *command, const char *text)
{
    double *const weights = o->texts.class_weights;
    const char *rest = text;
    size_t n = 0;
    int good;

    if (!text) /* not given: keep the class weights of the recipe, if any */
        return EXIT_SUCCESS;
    o->fit.class_weight = CNN_CLASS_WEIGHT_NONE;
    o->fit.class_weights = NULL;
    o->fit.n_class_weights = 0;
    if (strcmp(text, "none") == 0)
        return EXIT_SUCCESS;
    if (strcmp(text, "auto") == 0) {
        o->fit.class_weight = CNN_CLASS_WEIGHT_AUTO;
        return EXIT_SUCCESS;
    }
    do
        good = n < RECIPE_WEIGHTS && value_number(&rest, &weights[n++]);
    while (good && *rest++ == ',');
    if (!good || rest[-1])
        return command_usage(command,
                             "--class-weight: \"%s\" is not none, auto or a comma-separated "
                             "number for each class (at most %d)",
                             text, RECIPE_WEIGHTS);
    o->fit.class_weight = CNN_CLASS_WEIGHT_VALUES;
    o->fit.class_weights = weights;
    o->fit.n_class_weights = n;
    return EXIT_SUCCESS;
}

/* Sets the defaults for fine-tuning, which differ from those for training from scratch. */
static void default_fine_tuning(cnn_train_options_t *fit)
{
    if (!fit->epochs)
        fit->epochs = 20;
    if (fit->learning_rate == 0)
        fit->learning_rate = chosen.head_only ? 0.01f : 0.0005f;
    if (fit->schedule == CNN_SCHEDULE_DEFAULT)
        fit->schedule = CNN_SCHEDULE_COSINE;
    if (!fit->mirror)
        fit->mirror = 1;
}

static void take_chosen(void)
{
    if (chosen.freeze)
        o->fit.freeze = chosen.freeze;
    if (chosen.head_only)
        o->fit.freeze = CNN_FREEZE_ALL_BUT_HEAD;
    o->preprocess.fit = (cnn_fit_t)chosen.resize;
    o->preprocess.decode = (cnn_decode_t)chosen.decode;
    o->preprocess.height = chosen.shape[0] ? chosen.shape[0] : 94;
    o->preprocess.width = chosen.shape[1] ? chosen.shape[1] : 125;
    o->dataset.layout = (cnn_layout_t)chosen.layout;
}

int train_set_defaults(void)
{
    const char *const checkpoint = o->fit.checkpoint;
    const int resume = o->fit.resume;
    int rc;

    if (!o->recipe)
        return EXIT_SUCCESS;
    rc = recipe_read(o->recipe, &o->fit, &o->preprocess, &o->texts, &o->seed, NULL);
    o->fit.checkpoint = checkpoint;
    o->fit.resume = resume;
    chosen.resize = (int)o->preprocess.fit;
    chosen.decode = (int)o->preprocess.decode;
    chosen.shape[0] = o->preprocess.height;
    chosen.shape[1] = o->preprocess.width;
    return rc;
}

int train_check_options(const struct command *command)
{
    int rc = check_network(command);

    if (rc == EXIT_SUCCESS)
        rc = check_combinations(command);
    if (rc == EXIT_SUCCESS)
        rc = take_class_weight(command, chosen.class_weight);
    if (rc != EXIT_SUCCESS)
        return rc;
    take_chosen();
    if (o->from)
        default_fine_tuning(&o->fit);
    if (o->preset)
        training_normalise(o->preset, &o->preprocess);
    return EXIT_SUCCESS;
}

/* ---- the table ---- */

#define FIT(field) &train_given.fit.field

const struct option train_option_table[] = {
    ARG_VALUE("preset", OPTION_PRESET, &train_given.preset, "NAME", "Train this network."),
    RECIPE_OPTION(&train_given.recipe),
    ARG_VALUE(
        "from", OPTION_TEXT, &train_given.from, "MODEL|builtin",
        "Fine-tune this model. If its classes differ from the folder's, its head, which is "
        "the last dense layer, is replaced. Defaults: 20 epochs, a learning rate of 0.0005 (0.01 "
        "with --head-only), the schedule cosine, and --mirror on."),
    ARG_VALUE("weights", OPTION_TEXT, &train_given.weights, "MODEL|builtin",
              "Start a preset or a recipe with the weights of this model, in layers of the same "
              "name and shape."),
    ARG_VALUE("freeze", OPTION_TEXT, &chosen.freeze, "LAYER",
              "Do not train this layer and all layers before it. catdog info lists the layers."),
    ARG_FLAG("head-only", &chosen.head_only, "Train the head only."),

    ARG_NUMBER("train", OPTION_SIZE, &train_given.source.sizes.n_train, "N",
               "The number of training photos. Default: all others.", 1, 1e9),
    ARG_NUMBER("val", OPTION_SIZE, &train_given.source.sizes.n_validation, "N",
               "The number of validation photos. Default: 20 % of all.", 1, 1e9),
    ARG_VALUE("split", OPTION_TEXT, &train_given.source.list, "FILE",
              "Use the subsets \"train\" and \"validation\" of this split list."),
    ARG_VALUE("save-split", OPTION_OUTPUT, &train_given.save_split, "FILE",
              "Write the split list of this training."),

    ARG_VALUE("loss", OPTION_TRAINING, &train_given.fit, "NAME",
              "The function that training minimises. Default: mse for two classes, cross_entropy "
              "for more; with --from binary_cross_entropy and cross_entropy; with --recipe the "
              "recipe's, else mse."),
    ARG_TRAINING(&train_given.fit),
    ARG_CHOICE("init", &train_given.initializer, "NAME",
               "How weights are initialised. Default: glorot.", initializers),
    ARG_VALUE("class-weight", OPTION_TEXT, &chosen.class_weight, "none|auto|W,...",
              "Weight the loss by class: auto gives all classes the same total weight, W,... is a "
              "number for each class in the order of the labels. Default: none."),

    ARG_VALUE("seed", OPTION_SEED, &train_given.seed, "S",
              "The seed of split, weights, shuffling and augmentation. Default: 1."),
    TOOL_SIZE(chosen.shape),
    TOOL_FIT(&chosen.resize),
    TOOL_DECODE(&chosen.decode),
    ARG_NUMBER("mean", OPTION_TRIPLE, train_given.preprocess.mean, "R,G,B",
               "Subtract these means from pixels, which are 0 to 1. Default: the preset's.", -1000,
               1000),
    ARG_NUMBER("std", OPTION_TRIPLE, train_given.preprocess.std, "R,G,B",
               "Then divide by these standard deviations. Default: the preset's. --std 1,1,1 "
               "without --mean keeps pixels from 0 to 1.",
               FLT_MIN, 1000),
    TOOL_LAYOUT(&chosen.layout),
    TOOL_STRICT(&train_given.dataset.strict),
    PHOTOS_STORE_OPTIONS(&train_given.store),

    ARG_VALUE("out", OPTION_OUTPUT, &train_given.out, "FILE",
              "The file for the model. Default: catdog.safetensors."),
    ARG_VALUE("history", OPTION_OUTPUT, &train_given.history, "FILE.csv",
              "Write the figures of each epoch."),
    ARG_VALUE("checkpoint", OPTION_OUTPUT, FIT(checkpoint), "FILE",
              "Write a checkpoint after each epoch."),
    ARG_FLAG("resume", FIT(resume), "Continue from the checkpoint if it exists."),
    ARG_THREADS(&train_given.threads),
    ARG_JSON(&train_given.json),
    ARG_END,
};
