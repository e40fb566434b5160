/* SPDX-License-Identifier: MIT
 *
 * Options for the augmentation of training photos. train applies it and sheet shows it. */
#ifndef CATDOG_AUGMENTATION_H
#define CATDOG_AUGMENTATION_H

#include "base/tool.h"

/* Rows of an option table for a cnn_train_options_t. */
#define AUGMENTATION_OPTIONS(fit)                                                                  \
    ARG_CHOICE("mirror", &(fit)->mirror, "on|off",                                                 \
               "Mirror photos at random, left to right. Default: the preset's; on with --from.",   \
               tool_switches),                                                                     \
        ARG_NUMBER("crop", OPTION_FLOAT, &(fit)->crop_area, "X",                                   \
                   "Crop photos at random to at least this fraction of their area.", 0, 1),        \
        ARG_NUMBER("crop-aspect", OPTION_FLOAT, &(fit)->crop_aspect, "X",                          \
                   "With --crop: change the aspect ratio by at most this factor. Default: 4/3.",   \
                   1, 10),                                                                         \
        ARG_NUMBER("crop-detail", OPTION_FLOAT, &(fit)->crop_detail, "X",                          \
                   "With --crop: keep photos at X times the input size, so that crops are sharp. " \
                   "Pixels then need X * X times the memory. Default: 1.",                         \
                   1, 4),                                                                          \
        ARG_NUMBER("rotation", OPTION_FLOAT, &(fit)->rotation, "DEGREES",                          \
                   "Rotate photos at random by at most this angle.", 0, 180),                      \
        ARG_NUMBER("shear", OPTION_FLOAT, &(fit)->shear, "DEGREES",                                \
                   "Shear photos at random by at most this angle.", 0, 45),                        \
        ARG_NUMBER("brightness", OPTION_FLOAT, &(fit)->brightness, "X",                            \
                   "Multiply the brightness by a random factor from 1 - X to 1 + X.", 0, 1),       \
        ARG_NUMBER("contrast", OPTION_FLOAT, &(fit)->contrast, "X",                                \
                   "Multiply the contrast by a random factor from 1 - X to 1 + X.", 0, 1),         \
        ARG_NUMBER("saturation", OPTION_FLOAT, &(fit)->saturation, "X",                            \
                   "Multiply the saturation by a random factor from 1 - X to 1 + X.", 0, 1),       \
        ARG_NUMBER("hue", OPTION_FLOAT, &(fit)->hue, "DEGREES",                                    \
                   "Rotate the hue at random by at most this angle.", 0, 180),                     \
        ARG_NUMBER("erase", OPTION_FLOAT, &(fit)->erase, "P",                                      \
                   "Fill a random rectangle with noise, with probability P.", 0, 1),               \
        ARG_NUMBER("mixup", OPTION_FLOAT, &(fit)->mixup, "A",                                      \
                   "Blend photos in pairs, with weights from a Beta(A, A) distribution.", 0, 100), \
        ARG_NUMBER("cutmix", OPTION_FLOAT, &(fit)->cutmix, "A",                                    \
                   "Paste a rectangle of one photo into another, with an area from a "             \
                   "Beta(A, A) distribution.",                                                     \
                   0, 100)

#endif
