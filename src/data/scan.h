/* SPDX-License-Identifier: MIT
 *
 * Listing a folder: its photos, and which part of each path names the class. */
#ifndef CD_DATA_SCAN_H
#define CD_DATA_SCAN_H

#include "data/paths.h"

struct cd_scan_photo {
    const char *path;      /* owned by paths: folder/photo, or folder/class/photo */
    uint32_t class_start;  /* the offset of the class name in path */
    uint32_t class_length; /* 0: no class */
    /* 0; or the errno why the file cannot be used; or -1: it is no regular file */
    int error;
};

struct cd_scan {
    cnn_context_t *context;
    cnn_layout_t layout;  /* the layout that was chosen, not AUTO */
    size_t class_folders; /* folders directly below with photos, as far as they were listed */
    struct cd_paths *paths;
    struct cd_scan_photo *photos;
    size_t count;
    size_t capacity;
};

/* Lists the photos of a folder in byte order of their paths, whatever the order of the folder and
 * the locale. A photo is a file with the extension of an image format (cd_image_has_extension).
 * Hidden names, with a leading dot, are ignored; symbolic links are followed. The layout of folders
 * looks into the folders directly below, not deeper. A photo directly in the folder has no class.
 * scan: all zero; on failure it holds nothing. Errors: MEMORY, IO. */
cnn_status_t cd_scan_folder(cnn_context_t *context, const char *folder, cnn_layout_t layout,
                            struct cd_scan *scan);

/* Frees the contents of scan and zeroes it. */
void cd_scan_free(struct cd_scan *scan);

/* 1 if two photos of one scan have the same class. Both must have a class. */
int cd_scan_same_class(const struct cd_scan_photo *a, const struct cd_scan_photo *b);

#endif
