/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "core/file.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/names.h"
#include "data/classes.h"
#include "data/dataset.h"
#include "data/scan.h"
#include "image/readers.h"

/* The classes found in the folder. The photos are sorted by path, and all paths of a class begin
 * with "folder/class." or "folder/class/". So the photos of a class form one run, and the label of
 * a photo is found without looking up its class name: the n-th run has the n-th class. */
struct found {
    cnn_context_t *context;
    char **names;
    size_t count;
    size_t capacity;
    uint32_t *labels; /* the label of each run; CD_NO_CLASS if its class was not requested */
};

static int has_class(const struct cd_scan_photo *photo)
{
    return photo->error == 0 && photo->class_length > 0;
}

static cnn_status_t add_name(struct found *found, const struct cd_scan_photo *photo)
{
    CD_TRY(cd_reserve(found->context, &found->names, &found->capacity, found->count + 1,
                      sizeof *found->names));
    char *name = cd_alloc(found->context, photo->class_length + 1, 1);
    if (!name)
        return cd_error_memory();
    memcpy(name, photo->path + photo->class_start, photo->class_length);
    found->names[found->count++] = name;
    return CNN_OK;
}

static cnn_status_t find_classes(const struct cd_scan *scan, struct found *found)
{
    const struct cd_scan_photo *previous = NULL;

    for (size_t i = 0; i < scan->count; i++) {
        const struct cd_scan_photo *photo = &scan->photos[i];
        if (!has_class(photo))
            continue;
        if (!previous || !cd_scan_same_class(previous, photo))
            CD_TRY(add_name(found, photo));
        previous = photo;
    }
    found->labels = cd_alloc(found->context, found->count, sizeof *found->labels);
    return found->labels ? CNN_OK : cd_error_memory();
}

static void found_free(struct found *found)
{
    cd_names_free(found->context, found->names, found->count);
    cd_free(found->context, found->labels);
}

static cnn_status_t too_few_classes(const char *folder, const struct cd_scan *scan,
                                    const struct found *found)
{
    if (found->count == 1)
        return cd_error(CNN_ERROR_DATA, "%s: \"%s\" is the only class; two or more are needed",
                        folder, found->names[0]);
    return cd_error(
        CNN_ERROR_DATA, "%s: none of the %zu photos shows its class (%s)", folder, scan->count,
        scan->layout == CNN_LAYOUT_FOLDERS ? "a folder a class" : "names such as cat.0.jpg");
}

/* Creates the dataset without samples, and sets found->labels. */
static cnn_status_t make_dataset(cnn_context_t *context, const char *folder,
                                 const struct cd_scan *scan,
                                 const cnn_dataset_open_options_t *options, struct found *found,
                                 cnn_dataset_t **dataset)
{
    const char **ordered = NULL;
    const char *const *classes = options->classes;
    size_t n_classes = options->n_classes;
    cnn_status_t rc;

    if (!classes) {
        if (found->count < 2)
            return too_few_classes(folder, scan, found);
        ordered = cd_alloc(context, found->count, sizeof *ordered);
        if (!ordered)
            return cd_error_memory();
        memcpy(ordered, found->names, found->count * sizeof *ordered);
        cd_classes_order(ordered, found->count);
        classes = ordered;
        n_classes = found->count;
    }
    rc = cd_classes_match(context, classes, n_classes, (const char *const *)found->names,
                          found->count, found->labels);
    if (rc == CNN_OK)
        rc = cd_dataset_create(context, classes, n_classes, dataset);
    cd_free(context, ordered);
    return rc;
}

/* Records why a photo cannot be a sample, and returns the status. The error message does not name
 * the path. */
static cnn_status_t refusal(const struct cd_scan *scan, const struct cd_scan_photo *photo)
{
    char text[128];

    if (photo->error < 0)
        return cd_error(CNN_ERROR_IO, "not a regular file");
    if (photo->error > 0)
        return cd_error(CNN_ERROR_IO, "cannot be opened: %s",
                        cd_file_reason(photo->error, text, sizeof text));
    if (photo->class_length > 0)
        return cd_error(CNN_ERROR_DATA, "its class \"%.*s\" is not among those asked for",
                        photo->class_length < 256 ? (int)photo->class_length : 256,
                        photo->path + photo->class_start);
    if (scan->layout == CNN_LAYOUT_FOLDERS)
        return cd_error(CNN_ERROR_DATA, "it is not in the folder of a class");
    return cd_error(CNN_ERROR_DATA, "its name does not begin with a class, as cat.0.jpg does");
}

static cnn_status_t skip(cnn_dataset_t *dataset, size_t *capacity, const struct cd_scan *scan,
                         const struct cd_scan_photo *photo)
{
    cnn_context_t *context = dataset->context;
    const cnn_status_t status = refusal(scan, photo);

    if (dataset->strict)
        return cd_error(status, "%s: %s", photo->path, cd_error_message());
    CD_TRY(cd_reserve(context, &dataset->skipped, capacity, dataset->n_skipped + 1,
                      sizeof *dataset->skipped));
    char *reason = cd_strdup(context, cd_error_message());
    if (!reason)
        return cd_error_memory();
    cd_warn(context, "%s: skipped: %s", photo->path, reason);
    dataset->skipped[dataset->n_skipped++] =
        (struct cd_skipped){.path = photo->path, .status = status, .reason = reason};
    return CNN_OK;
}

/* Adds each photo of the scan to the samples or to the skipped photos of the dataset. */
static cnn_status_t take_photos(const struct cd_scan *scan, const struct found *found,
                                cnn_dataset_t *dataset)
{
    const uint32_t *label = NULL;        /* label of the current run */
    struct cd_scan_photo previous = {0}; /* the previous photo that has a class */
    struct cd_paths *paths = scan->paths;
    size_t capacity = 0;

    dataset->paths = cd_paths_ref(paths);
    dataset->samples = cd_alloc(dataset->context, scan->count, sizeof *dataset->samples);
    paths->files = cd_alloc(dataset->context, scan->count, sizeof *paths->files);
    if (!dataset->samples || !paths->files)
        return cd_error_memory();
    for (size_t i = 0; i < scan->count; i++) {
        const struct cd_scan_photo *photo = &scan->photos[i];
        int wanted = has_class(photo);
        if (wanted) {
            if (!previous.path)
                label = found->labels;
            else if (!cd_scan_same_class(&previous, photo))
                label++;
            previous = *photo;
            wanted = *label != CD_NO_CLASS;
        }
        if (!wanted) {
            CD_TRY(skip(dataset, &capacity, scan, photo));
            continue;
        }
        dataset->samples[dataset->count++] = (struct cd_sample){
            .path = photo->path, .label = *label, .number = (uint32_t)paths->count};
        paths->files[paths->count++] = photo->path;
    }
    return CNN_OK;
}

static cnn_status_t no_photos(const char *folder, const struct cd_scan *scan)
{
    char extensions[CD_IMAGE_EXTENSIONS_SIZE];

    cd_image_extensions(extensions);
    if (scan->layout == CNN_LAYOUT_FOLDERS)
        return cd_error(CNN_ERROR_DATA, "%s: no photos (%s) in the folders directly below it",
                        folder, extensions);
    if (scan->class_folders > 0)
        return cd_error(CNN_ERROR_DATA,
                        "%s: no photos (%s) directly in it, and only one folder below "
                        "with photos; the layout of a folder a class needs two, or to be asked for",
                        folder, extensions);
    return cd_error(CNN_ERROR_DATA, "%s: no photos (%s) in it", folder, extensions);
}

static cnn_status_t open_scanned(cnn_context_t *context, const char *folder,
                                 const cnn_dataset_open_options_t *options, struct cd_scan *scan,
                                 struct found *found, cnn_dataset_t **dataset)
{
    if (scan->count == 0)
        return no_photos(folder, scan);
    if (scan->count > UINT32_MAX)
        return cd_error(CNN_ERROR_DATA, "%s: %zu photos are too many", folder, scan->count);
    CD_TRY(find_classes(scan, found));
    CD_TRY(make_dataset(context, folder, scan, options, found, dataset));
    (*dataset)->strict = options->strict;
    (*dataset)->limits = *options->image;
    CD_TRY(take_photos(scan, found, *dataset));
    if ((*dataset)->count == 0)
        return cd_error(CNN_ERROR_DATA,
                        "%s: none of the %zu photos is of a class that was asked for", folder,
                        scan->count);
    cd_info(context, "%s: %zu photos of %zu classes, %zu skipped", folder, (*dataset)->count,
            (*dataset)->n_classes, (*dataset)->n_skipped);
    return CNN_OK;
}

cnn_status_t cd_dataset_open(cnn_context_t *context, const char *folder,
                             const cnn_dataset_open_options_t *options, cnn_dataset_t **dataset)
{
    struct cd_scan scan = {0};
    struct found found = {.context = context};

    *dataset = NULL;
    CD_TRY(cd_scan_folder(context, folder, options->layout, &scan));
    cnn_status_t rc = open_scanned(context, folder, options, &scan, &found, dataset);
    found_free(&found);
    cd_scan_free(&scan);
    if (rc != CNN_OK) {
        cd_dataset_free(*dataset);
        *dataset = NULL;
    }
    return rc;
}
