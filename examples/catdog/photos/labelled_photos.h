/* SPDX-License-Identifier: MIT
 *
 * The photos of a folder with the classes of a model: for evaluate and calibrate. */
#ifndef CATDOG_LABELLED_PHOTOS_H
#define CATDOG_LABELLED_PHOTOS_H

#include "photos/photos.h"
#include "photos/split_list.h"

struct labelled_photos {
    const char *folder;
    int layout; /* a cnn_layout_t */
    int strict;
    struct subset_choice choice;
    struct photos_store store;
};

/* Rows of an option table for a struct labelled_photos. */
#define LABELLED_PHOTOS_OPTIONS(photos)                                                            \
    SUBSET_OPTIONS(&(photos)->choice), TOOL_LAYOUT(&(photos)->layout),                             \
        TOOL_STRICT(&(photos)->strict), PHOTOS_STORE_OPTIONS(&(photos)->store)

/* Opens and loads the photos. The folder "cats" holds the class "cat". Returns the exit status.
 * *dataset may be freed in either case. */
int labelled_photos_load(const struct tool *tool, const cnn_model_t *model,
                         const struct labelled_photos *photos, cnn_dataset_t **dataset);

#endif
