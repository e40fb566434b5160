/* SPDX-License-Identifier: MIT
 *
 * The metadata keys of a model file (docs/reference/file-formats.md). */
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

/* All keys that begin with CD_MODEL_PREFIX. */
#define CD_MODEL_FIXED_KEYS                                                                        \
    {                                                                                              \
        CD_MODEL_VERSION_KEY, CD_MODEL_GRAPH_KEY, CD_MODEL_CLASSES_KEY, CD_MODEL_PREPROCESS_KEY,   \
            CD_MODEL_PRESET_KEY                                                                    \
    }
enum { CD_MODEL_N_FIXED_KEYS = 5 };

#endif
