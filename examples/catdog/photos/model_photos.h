/* SPDX-License-Identifier: MIT
 *
 * A folder's photos for a model: for `evaluate` and `calibrate`. */
#ifndef CATDOG_MODEL_PHOTOS_H
#define CATDOG_MODEL_PHOTOS_H

#include "photos/split_list.h"
#include "photos/photos.h"

struct model_photos {
    const char *folder;
    int layout; /* a cnn_layout_t */
    int strict;
    struct part_choice choice;
    struct photos_store store;
};

/* Rows of an option table for a struct model_photos. */
#define MODEL_PHOTOS_OPTIONS(photos)                                                               \
    PART_OPTIONS(&(photos)->choice),                                                               \
        ARG_CHOICE("layout", &(photos)->layout, "NAME", TOOL_LAYOUT_HELP, tool_layouts),           \
        ARG_FLAG("strict", &(photos)->strict, "stop at the first photo that cannot be used"),      \
        PHOTOS_STORE_OPTIONS(&(photos)->store)

/* Opens and loads them by the model's classes: "cats/" holds the class "cat". Returns the exit
 * status; *dataset may be freed whatever it is. */
int model_photos_load(const struct tool *tool, const cnn_model_t *model,
                      const struct model_photos *photos, cnn_dataset_t **dataset);

#endif
