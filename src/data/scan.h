/* SPDX-License-Identifier: MIT
 *
 * Lists the photos of a folder, and finds the class name in each path. */
#ifndef CD_DATA_SCAN_H
#define CD_DATA_SCAN_H

#include "data/paths.h"

struct cd_scan_photo {
    const char *path;      /* owned by paths: folder/photo, or folder/class/photo */
    uint32_t class_start;  /* offset of the class name in path */
    uint32_t class_length; /* length of the class name; 0: no class */
    int error; /* 0 if the file is usable; -1 if it is not a regular file; else an errno */
};

struct cd_scan {
    cnn_context_t *context;
    cnn_layout_t layout;  /* the layout requested, or the one chosen for CNN_LAYOUT_AUTO */
    size_t class_folders; /* sub-folders with photos; 0 if sub-folders were not listed */
    struct cd_paths *paths;
    struct cd_scan_photo *photos;
    size_t count;
    size_t capacity;
};

/* Lists the photos of a folder, sorted by the bytes of their paths, so that the order does not
 * depend on the file system or the locale. A photo is a file with the extension of an image format
 * (see cd_image_has_extension). Names with a leading dot are ignored; symbolic links are followed.
 * With CNN_LAYOUT_FOLDERS, the sub-folders directly below the folder are listed, but not the
 * folders in them; photos directly in the folder have no class. *scan must be all zero before the
 * call; on failure it is zero again. The caller frees it with cd_scan_free. Errors: MEMORY, IO. */
cnn_status_t cd_scan_folder(cnn_context_t *context, const char *folder, cnn_layout_t layout,
                            struct cd_scan *scan);

/* Frees the contents of scan and zeroes it. */
void cd_scan_free(struct cd_scan *scan);

/* Returns 1 if two photos of one scan have the same class. Both must have a class. */
int cd_scan_same_class(const struct cd_scan_photo *a, const struct cd_scan_photo *b);

#endif
