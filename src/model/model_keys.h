/* SPDX-License-Identifier: MIT
 *
 * The metadata of a model file. */
#ifndef CD_MODEL_MODEL_KEYS_H
#define CD_MODEL_MODEL_KEYS_H

#define CD_MODEL_VERSION_KEY "catdog.version"
#define CD_MODEL_GRAPH_KEY "catdog.graph"
#define CD_MODEL_CLASSES_KEY "catdog.classes"
#define CD_MODEL_PREPROCESS_KEY "catdog.preprocess"
#define CD_MODEL_PRESET_KEY "catdog.preset"
#define CD_MODEL_PREFIX "catdog."
#define CD_MODEL_USER_PREFIX "user."

#define CD_MODEL_FORMAT_VERSION "1"

/* The first five. */
enum { CD_MODEL_FIXED_KEYS = 5 };

#endif
