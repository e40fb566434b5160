/* SPDX-License-Identifier: MIT
 *
 * Opens a folder of photos that are labelled with the classes of a model. Used by the commands
 * evaluate and calibrate. */
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

/* The rows of an option table that set a struct labelled_photos. */
#define LABELLED_PHOTOS_OPTIONS(photos)                                                            \
    SUBSET_OPTIONS(&(photos)->choice), TOOL_LAYOUT(&(photos)->layout),                             \
        TOOL_STRICT(&(photos)->strict), PHOTOS_STORE_OPTIONS(&(photos)->store)

/* Opens and loads the photos. A folder "cats" contains photos of the class "cat". Returns the exit
 * status. The caller frees *dataset on success and on failure. */
int labelled_photos_load(const struct tool *tool, const cnn_model_t *model,
                         const struct labelled_photos *photos, cnn_dataset_t **dataset);

#endif
