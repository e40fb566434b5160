/* SPDX-License-Identifier: MIT
 *
 * What `train` does to its pictures and `sheet` shows of it: options and recipes. */
#ifndef CATDOG_AUGMENTATION_H
#define CATDOG_AUGMENTATION_H

#include "base/args.h"
#include "base/tool.h"

extern const struct choice augmentation_switches[];

/* Rows of an option table for a cnn_train_options_t. */
#define AUGMENTATION_OPTIONS(fit)                                                                  \
    ARG_CHOICE("mirror", &(fit)->mirror, "on|off",                                                 \
               "mirror each photo at random when it is trained on;\n"                              \
               "default: the preset's; on with train's --from",                                    \
               augmentation_switches),                                                             \
        ARG_NUMBER("crop", OPTION_FLOAT, &(fit)->crop_area, "X",                                   \
                   "train on random parts of the photos, of at least this share of\n"              \
                   "the area",                                                                     \
                   0, 1),                                                                          \
        ARG_NUMBER("crop-aspect", OPTION_FLOAT, &(fit)->crop_aspect, "X",                          \
                   "whose aspect ratio changes by at most this factor; default 4/3", 1, 10),       \
        ARG_NUMBER("crop-detail", OPTION_FLOAT, &(fit)->crop_detail, "X",                          \
                   "hold training photos at X times the size that the network sees, so that\n"     \
                   "those parts are sharp; takes the square of it as memory; default 1",           \
                   1, 4),                                                                          \
        ARG_NUMBER("rotation", OPTION_FLOAT, &(fit)->rotation, "DEGREES",                          \
                   "turn at random, so much at most, either way", 0, 180),                         \
        ARG_NUMBER("shear", OPTION_FLOAT, &(fit)->shear, "DEGREES", "shear at random, the same",   \
                   0, 45),                                                                         \
        ARG_NUMBER("brightness", OPTION_FLOAT, &(fit)->brightness, "X",                            \
                   "times 1 - X to 1 + X at random", 0, 1),                                        \
        ARG_NUMBER("contrast", OPTION_FLOAT, &(fit)->contrast, "X",                                \
                   "the same for the distance to middle grey", 0, 1),                              \
        ARG_NUMBER("saturation", OPTION_FLOAT, &(fit)->saturation, "X",                            \
                   "the same for the distance to the grey of equal brightness", 0, 1),             \
        ARG_NUMBER("hue", OPTION_FLOAT, &(fit)->hue, "DEGREES",                                    \
                   "turn colours at random, so much at most, either way", 0, 180),                 \
        ARG_NUMBER("erase", OPTION_FLOAT, &(fit)->erase, "P",                                      \
                   "fill a rectangle with noise, with this probability", 0, 1),                    \
        ARG_NUMBER("mixup", OPTION_FLOAT, &(fit)->mixup, "A",                                      \
                   "add photos in pairs, in shares of a Beta(A, A) distribution", 0, 100),         \
        ARG_NUMBER("cutmix", OPTION_FLOAT, &(fit)->cutmix, "A",                                    \
                   "or put a rectangle of one into the other", 0, 100)

#define RECIPE_OPTION(file)                                                                        \
    ARG_TEXT("recipe", file, "FILE",                                                               \
             "network and training as a JSON file says (docs/file-format.md);\n"                   \
             "options beside it count instead of what it says")

enum { RECIPE_WEIGHTS = 100, RECIPE_NAME = 64 };

/* What a recipe's options point to. */
struct recipe_texts {
    double class_weights[RECIPE_WEIGHTS];
    char freeze[RECIPE_NAME];
};

/* Overwrites *fit and *preprocess, whose struct_size is set, with what a recipe's file says. fit
 * then points to texts. *seed: left as it is if the file says none; fit has none of its own, so
 * that the context's counts. *preset (may be NULL): its preset or NULL, static storage. Returns
 * ARGS_GO_ON or an exit status. */
int recipe_read(const char *file, cnn_train_options_t *fit, cnn_preprocess_t *preprocess,
                struct recipe_texts *texts, uint64_t *seed, const char **preset);

#endif
