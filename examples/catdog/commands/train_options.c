/* SPDX-License-Identifier: MIT */
#include "commands/train_options.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "training/augmentation.h"
#include "base/save.h"
#include "training/training.h"

static const struct choice losses[] = {{"mse", CNN_LOSS_MSE},
                                       {"bce", CNN_LOSS_BINARY_CROSS_ENTROPY},
                                       {"ce", CNN_LOSS_CROSS_ENTROPY},
                                       {NULL, 0}};
static const struct choice optimizers[] = {
    {"adam", CNN_OPTIMIZER_ADAM}, {"sgd", CNN_OPTIMIZER_SGD}, {NULL, 0}};
static const struct choice schedules[] = {{"constant", CNN_SCHEDULE_CONSTANT},
                                          {"step", CNN_SCHEDULE_STEP},
                                          {"cosine", CNN_SCHEDULE_COSINE},
                                          {NULL, 0}};
static const struct choice initializers[] = {
    {"glorot", CNN_INITIALIZER_GLOROT_UNIFORM}, {"he", CNN_INITIALIZER_HE_NORMAL}, {NULL, 0}};
/* Enums go through int: what an enum's size is, is the compiler's choice. */
struct chosen {
    int optimizer, schedule, fit, decode, layout;
    const char *class_weight, *freeze; /* or NULL */
    int head_only;
    uint32_t warmup;
    float weight_decay;
    uint32_t shape[2];
};

static void set_defaults(struct train_options *o, struct chosen *chosen)
{
    memset(o, 0, sizeof *o);
    memset(chosen, 0, sizeof *chosen);
    o->out = "catdog.safetensors";
    o->seed = 1;
    o->loss = -1;
    o->dataset.struct_size = sizeof o->dataset;
    o->division.split.struct_size = sizeof o->division.split;
    o->preprocess.struct_size = sizeof o->preprocess;
    o->fit.struct_size = sizeof o->fit;
    chosen->weight_decay = -1; /* not given */
    chosen->warmup = UINT32_MAX;
}

/* Of fine-tuning, where neither option nor preset says otherwise. */
static void default_fine_tuning(int head_only, cnn_train_options_t *fit)
{
    if (!fit->epochs)
        fit->epochs = 20;
    if (fit->learning_rate == 0)
        fit->learning_rate = head_only ? 0.01f : 0.0005f;
    if (fit->schedule == CNN_SCHEDULE_DEFAULT)
        fit->schedule = CNN_SCHEDULE_COSINE;
    if (!fit->mirror)
        fit->mirror = 1;
}

static void take_chosen(struct train_options *o, const struct chosen *chosen)
{
    o->fit.optimizer = (cnn_optimizer_t)chosen->optimizer;
    o->fit.schedule = (cnn_schedule_t)chosen->schedule;
    o->preprocess.fit = (cnn_fit_t)chosen->fit;
    o->preprocess.decode = (cnn_decode_t)chosen->decode;
    o->preprocess.height = chosen->shape[0] ? chosen->shape[0] : 94;
    o->preprocess.width = chosen->shape[1] ? chosen->shape[1] : 125;
    o->dataset.layout = (cnn_layout_t)chosen->layout;
    /* To the library 0 is "the preset's" and below 0 "none". */
    if (chosen->warmup != UINT32_MAX)
        o->fit.warmup_epochs = chosen->warmup > 0 ? (int32_t)chosen->warmup : -1;
    if (chosen->weight_decay >= 0)
        o->fit.weight_decay = chosen->weight_decay > 0 ? chosen->weight_decay : -1;
    if (chosen->freeze)
        o->fit.freeze = chosen->freeze;
    if (chosen->head_only)
        o->fit.freeze = CNN_FREEZE_ALL_BUT_HEAD;
    if (o->from)
        default_fine_tuning(chosen->head_only, &o->fit);
}

/* none, auto or W0,W1,... */
static int take_class_weight(const struct command *command, struct train_options *o,
                             const char *text)
{
    double *const weights = o->texts.class_weights;
    const char *rest = text;
    size_t n = 0;
    int good;

    if (!text) /* the recipe's, or none */
        return ARGS_GO_ON;
    o->fit.class_weight = CNN_CLASS_WEIGHT_NONE;
    o->fit.class_weights = NULL;
    o->fit.n_class_weights = 0;
    if (strcmp(text, "none") == 0)
        return ARGS_GO_ON;
    if (strcmp(text, "auto") == 0) {
        o->fit.class_weight = CNN_CLASS_WEIGHT_AUTO;
        return ARGS_GO_ON;
    }
    do
        good = n < RECIPE_WEIGHTS && args_number(&rest, &weights[n++]);
    while (good && *rest++ == ',');
    if (!good || rest[-1])
        return args_error(command,
                          "--class-weight: \"%s\" is neither none, auto, nor a number for each "
                          "class (at most %d), with commas between", text, RECIPE_WEIGHTS);
    o->fit.class_weight = CNN_CLASS_WEIGHT_VALUES;
    o->fit.class_weights = weights;
    o->fit.n_class_weights = n;
    return ARGS_GO_ON;
}

static int is_zero(const float values[3])
{
    return values[0] == 0 && values[1] == 0 && values[2] == 0;
}

/* What --from leaves no room for. */
static int check_from(const struct command *command, const struct train_options *o,
                      const struct chosen *chosen)
{
    if (o->preset || o->recipe)
        return args_error(command, "--from says what the network is, so --%s cannot",
                          o->preset ? "preset" : "recipe");
    if (o->weights)
        return args_error(command, "--from brings its weights, so --weights cannot");
    if (chosen->shape[0] || chosen->fit || chosen->decode || !is_zero(o->preprocess.mean) ||
        !is_zero(o->preprocess.std))
        return args_error(command, "--from: the model says how photos become its input, so --size, "
                                   "--fit, --decode, --mean and --std cannot");
    return ARGS_GO_ON;
}

/* Of --preset, --recipe and --from one is needed. */
static int check_network(const struct command *command, const struct train_options *o,
                         const struct chosen *chosen)
{
    char known[256];

    if (o->from)
        return check_from(command, o, chosen);
    if (o->recipe)
        return o->preset ? args_error(command,
                                      "--recipe says what the network is, so --preset cannot")
                         : ARGS_GO_ON;
    if (training_knows_preset(o->preset, known, sizeof known))
        return ARGS_GO_ON;
    return o->preset ? args_error(command, "--preset: \"%s\" is not one of %s", o->preset, known)
                     : args_error(command, "--preset, --recipe or --from is needed; presets: %s",
                                  known);
}

/* Faults that no single option shows. */
static int check(const struct command *command, const struct train_options *o)
{
    const char *const files[] = {o->out, o->history, o->fit.checkpoint, o->split_list};
    const size_t n = sizeof files / sizeof *files;

    if (o->division.list && (o->division.split.train || o->division.split.validation))
        return args_error(command, "--parts says which photos are in which part, so --train and "
                                   "--val cannot");
    if (o->fit.resume && !o->fit.checkpoint)
        return args_error(command, "--resume needs --checkpoint FILE");
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (files[i] && files[j] && strcmp(files[i], files[j]) == 0)
                return args_error(command, "\"%s\" is to be two files at once", files[i]);
    for (size_t i = 0; i < n; i++)
        if (save_check(files[i]) != EXIT_SUCCESS)
            return EXIT_FAILURE;
    return ARGS_GO_ON;
}

/* Puts in what the recipe says, as if it had been the defaults. */
static int take_recipe(struct train_options *o, struct chosen *chosen)
{
    const char *const checkpoint = o->fit.checkpoint;
    const int resume = o->fit.resume;
    int rc = recipe_read(o->recipe, &o->fit, &o->preprocess, &o->texts, &o->seed, NULL);

    o->fit.checkpoint = checkpoint;
    o->fit.resume = resume;
    chosen->optimizer = (int)o->fit.optimizer;
    chosen->schedule = (int)o->fit.schedule;
    chosen->fit = (int)o->preprocess.fit;
    chosen->decode = (int)o->preprocess.decode;
    chosen->shape[0] = o->preprocess.height;
    chosen->shape[1] = o->preprocess.width;
    return rc;
}

int train_options_parse(struct train_options *o, int argc, char **argv)
{
    struct chosen chosen;
    const struct option options[] = {
        ARG_TEXT("preset", &o->preset, "NAME",
                 "the network: mlp, conv24, conv48x2, conv128x2, conv64-128"),
        RECIPE_OPTION(&o->recipe),
        ARG_TEXT("from", &o->from, "MODEL|builtin",
                 "fine-tune this model: its network and weights, with a new head (the last\n"
                 "dense layer) unless the classes are the model's"),
        ARG_TEXT("weights", &o->weights, "MODEL|builtin",
                 "begin a preset or recipe with the weights of this model, where layers have\n"
                 "the same names and shapes"),
        ARG_TEXT("freeze", &chosen.freeze, "LAYER",
                 "leave this layer and all before it as they are (catdog info names them)"),
        ARG_FLAG("head-only", &chosen.head_only, "leave all but the head as it is"),
        ARG_NUMBER("train", OPTION_SIZE, &o->division.split.train, "N",
                   "photos to train on; default: all that validation leaves", 1, 1e9),
        ARG_NUMBER("val", OPTION_SIZE, &o->division.split.validation, "N",
                   "photos to validate on; default: 20 % of all", 1, 1e9),
        ARG_TEXT("parts", &o->division.list, "FILE",
                 "instead of a split: train on the photos that FILE's lines \"train<TAB>path\"\n"
                 "name, validate on those of \"validation<TAB>path\""),
        ARG_NUMBER("epochs", OPTION_U32, &o->fit.epochs, "N",
                   "default: the preset's; 20 with --from", 1, 1e6),
        ARG_NUMBER("batch", OPTION_U32, &o->fit.batch_size, "N",
                   "photos a step; default: the preset's", 1, 65536),
        ARG_NUMBER("lr", OPTION_FLOAT, &o->fit.learning_rate, "X",
                   "learning rate; default: the preset's; with --from 0.0005, with\n"
                   "--head-only, too, 0.01",
                   FLT_MIN, 1000),
        ARG_CHOICE("loss", &o->loss, "NAME",
                   "mse, bce (binary cross-entropy) or ce (softmax cross-entropy);\n"
                   "default: mse for two classes, ce for more; with --from bce and ce;\n"
                   "with --recipe the recipe's, else mse",
                   losses),
        ARG_CHOICE("optimizer", &chosen.optimizer, "NAME", "adam (default) or sgd", optimizers),
        ARG_NUMBER("momentum", OPTION_FLOAT, &o->fit.momentum, "X", "of sgd; default 0", 0, 0.9999),
        ARG_NUMBER("weight-decay", OPTION_FLOAT, &chosen.weight_decay, "X",
                   "decoupled; 0 = none; default: the preset's", 0, 1000),
        ARG_CHOICE("schedule", &chosen.schedule, "NAME",
                   "of the learning rate: constant, step or cosine; default: the preset's;\n"
                   "cosine with --from",
                   schedules),
        ARG_NUMBER("warmup", OPTION_U32, &chosen.warmup, "N",
                   "epochs of rising learning rate; default: the preset's", 0, 1e6),
        AUGMENTATION_OPTIONS(&o->fit),
        ARG_TEXT("class-weight", &chosen.class_weight, "none|auto|W,...",
                 "how much a photo counts in the training loss, by class, in the\n"
                 "order of the labels; auto: classes count alike; default none"),
        ARG_NUMBER("label-smoothing", OPTION_FLOAT, &o->fit.label_smoothing, "X",
                   "share out so much of each target among the classes", 0, 0.9),
        ARG_NUMBER("average", OPTION_FLOAT, &o->fit.average_decay, "D",
                   "judge and keep a moving average of the weights; 0.999 is common", 0, 0.999999),
        ARG_NUMBER("clip-norm", OPTION_FLOAT, &o->fit.clip_norm, "X",
                   "scale gradients down to this norm", 0, FLT_MAX),
        ARG_NUMBER("step-epochs", OPTION_U32, &o->fit.step_epochs, "N",
                   "of --schedule step: epochs between steps; default 10", 1, 1e6),
        ARG_NUMBER("step-factor", OPTION_FLOAT, &o->fit.step_factor, "X",
                   "of --schedule step: times this at each; default 0.1", FLT_MIN, 1),
        ARG_NUMBER("patience", OPTION_U32, &o->fit.patience, "N",
                   "stop after N epochs without a better validation loss", 1, 1e6),
        ARG_CHOICE("init", &o->initializer, "NAME", "first weights: glorot (default) or he",
                   initializers),
        ARG_NUMBER("seed", OPTION_U64, &o->seed, "S", "of split, weights and shuffling; default 1",
                   0, 0),
        ARG_NUMBER("size", OPTION_SHAPE, &chosen.shape, "HxW",
                   "the network's input; default 94x125", 1, 65535),
        ARG_CHOICE("fit", &chosen.fit, "NAME", TOOL_FIT_HELP, tool_fits),
        ARG_CHOICE("decode", &chosen.decode, "NAME", TOOL_DECODE_HELP, tool_decodes),
        ARG_NUMBER("mean", OPTION_TRIPLE, o->preprocess.mean, "R,G,B",
                   "taken off the pixels (which are 0 to 1); default: the preset's", -1000, 1000),
        ARG_NUMBER("std", OPTION_TRIPLE, o->preprocess.std, "R,G,B",
                   "what the pixels are then divided by; default: the preset's;\n"
                   "--std 1,1,1 without --mean leaves them 0 to 1",
                   FLT_MIN, 1000),
        ARG_CHOICE("layout", &chosen.layout, "NAME", TOOL_LAYOUT_HELP, tool_layouts),
        PHOTOS_STORE_OPTIONS(&o->store),
        ARG_FLAG("strict", &o->dataset.strict, "stop at the first photo that cannot be used"),
        ARG_TEXT("out", &o->out, "FILE", "the model; default catdog.safetensors"),
        ARG_TEXT("history", &o->history, "CSV", "write the epochs' figures"),
        ARG_TEXT("checkpoint", &o->fit.checkpoint, "FILE",
                 "save all that resuming needs after each epoch"),
        ARG_FLAG("resume", &o->fit.resume, "go on from the checkpoint if it exists"),
        ARG_TEXT("split-list", &o->split_list, "FILE",
                 "write which photo is in which part: \"train<TAB>path\" lines"),
        ARG_THREADS(&o->threads),
        ARG_JSON(&o->json),
        ARG_END,
    };
    const struct command command = {
        .name = "train",
        .synopsis = "DIR --preset NAME | --recipe FILE | --from MODEL [options]",
        .about = "Trains a network on the photos of a folder and writes the model with the weights "
                 "of the\n"
                 "epoch whose validation loss is lowest. Ctrl-C finishes the batch, saves the best "
                 "weights\n"
                 "so far and leaves with status 130.",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;

    set_defaults(o, &chosen);
    int rc = args_parse_first(&command, argc, argv);
    if (rc == ARGS_GO_ON && o->recipe)
        rc = take_recipe(o, &chosen);
    if (rc == ARGS_GO_ON)
        rc = args_parse(&command, argc, argv, &n_files); /* over what the recipe says */
    if (rc != ARGS_GO_ON)
        return rc;
    o->folder = argv[0];
    if ((rc = check_network(&command, o, &chosen)) != ARGS_GO_ON)
        return rc;
    if (chosen.head_only && chosen.freeze)
        return args_error(&command, "--head-only says what is frozen, so --freeze cannot");
    take_chosen(o, &chosen);
    if ((rc = take_class_weight(&command, o, chosen.class_weight)) == ARGS_GO_ON &&
        (rc = check(&command, o)) == ARGS_GO_ON && o->preset)
        training_normalise(o->preset, &o->preprocess);
    return rc;
}
