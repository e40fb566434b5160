/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* declares POSIX 2008 and d_type */
#include "data/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/memory.h"
#include "core/names.h"
#include "image/readers.h"

/* The names of the sub-folders directly below the scanned folder. */
struct folders {
    char **names;
    size_t count;
    size_t capacity;
};

/* The scanned folder, while its sub-folders are listed. */
struct walk {
    cnn_context_t *context;
    const char *folder;  /* path without a final slash, unless it is "/" */
    cnn_layout_t layout; /* CNN_LAYOUT_AUTO until it is chosen */
    dev_t device;
    ino_t inode;
    size_t class_folders;      /* number of sub-folders with at least one photo */
    const char *failed_folder; /* first sub-folder that cannot be listed, or NULL */
    int failed_error;          /* errno of this failure */
};

static cnn_status_t add_photo(struct cd_scan *scan, const char *folder, const char *name, int error)
{
    CD_TRY(cd_reserve(scan->context, &scan->photos, &scan->capacity, scan->count + 1,
                      sizeof *scan->photos));
    const char *path = cd_paths_join(scan->paths, folder, name);
    if (!path)
        return cd_error_memory();
    scan->photos[scan->count++] = (struct cd_scan_photo){.path = path, .error = error};
    return CNN_OK;
}

static cnn_status_t add_folder(cnn_context_t *context, struct folders *folders, const char *name)
{
    CD_TRY(cd_reserve(context, &folders->names, &folders->capacity, folders->count + 1,
                      sizeof *folders->names));
    char *copy = cd_strdup(context, name);
    if (!copy)
        return cd_error_memory();
    folders->names[folders->count++] = copy;
    return CNN_OK;
}

/* Returns the file type of an entry: S_IFREG, S_IFDIR or another S_IF constant. On failure, returns
 * 0 and sets *error to the errno. Most file systems give the type with the name (d_type), which
 * saves a system call for each file. */
static mode_t kind_of(DIR *directory, const struct dirent *entry, int *error)
{
    struct stat about;

    *error = 0;
#ifdef DT_REG
    if (entry->d_type == DT_REG)
        return S_IFREG;
    if (entry->d_type == DT_DIR)
        return S_IFDIR;
#endif
    if (fstatat(dirfd(directory), entry->d_name, &about, 0) == 0)
        return about.st_mode & S_IFMT;
    *error = errno;
    return 0;
}

/* Adds one entry of a folder: a photo to the scan, a sub-folder to folders. If folders is NULL,
 * sub-folders are ignored. */
static cnn_status_t take_name(struct cd_scan *scan, DIR *directory, const char *folder,
                              const struct dirent *entry, struct folders *folders)
{
    const char *name = entry->d_name;
    const int photo = cd_image_has_extension(name);
    int error;

    if (name[0] == '.' || (!photo && !folders))
        return CNN_OK;
    const mode_t kind = kind_of(directory, entry, &error);
    if (kind == S_IFDIR)
        return folders ? add_folder(scan->context, folders, name) : CNN_OK;
    if (!photo)
        return CNN_OK;
    if (error == 0 && kind != S_IFREG)
        error = -1;
    return add_photo(scan, folder, name, error);
}

/* Adds the photos directly in folder to the scan, and its sub-folders to folders (or NULL). If the
 * folder cannot be listed, sets *error to the errno, records no error message and returns
 * CNN_ERROR_IO. Errors: MEMORY, IO. */
static cnn_status_t list_photos(struct cd_scan *scan, const char *folder, struct folders *folders,
                                int *error)
{
    DIR *directory = opendir(folder);
    cnn_status_t rc = CNN_OK;

    *error = 0;
    if (!directory) {
        *error = errno;
        return CNN_ERROR_IO;
    }
    while (rc == CNN_OK) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (!entry) {
            *error = errno;
            if (*error != 0)
                rc = CNN_ERROR_IO;
            break;
        }
        rc = take_name(scan, directory, folder, entry, folders);
    }
    closedir(directory);
    return rc;
}

static cnn_status_t folder_error(const char *folder, int error)
{
    char text[128];
    return cd_error(CNN_ERROR_IO, "%s: the folder cannot be listed: %s", folder,
                    cd_file_reason(error, text, sizeof text));
}

static int has_photo(const struct cd_scan *scan, size_t first)
{
    for (size_t i = first; i < scan->count; i++)
        if (scan->photos[i].error == 0)
            return 1;
    return 0;
}

/* Returns 1 if the sub-folder is a link to the scanned folder itself. Listing it would add each
 * photo a second time. */
static int is_scanned_folder(const struct walk *walk, const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && about.st_dev == walk->device && about.st_ino == walk->inode;
}

/* Adds the photos of the sub-folder `name` to scan, with its name as their class. A sub-folder that
 * cannot be listed is only noted in walk, because it is not an error for every layout. */
static cnn_status_t list_class(struct walk *walk, const char *name, struct cd_scan *scan)
{
    const size_t first = scan->count;
    int error = 0;
    const char *path = cd_paths_join(scan->paths, walk->folder, name);

    if (!path)
        return cd_error_memory();
    const size_t length = strlen(name), start = strlen(path) - length;
    cnn_status_t rc = CNN_OK;
    if (!is_scanned_folder(walk, path))
        rc = list_photos(scan, path, NULL, &error);
    if (rc == CNN_ERROR_IO) {
        if (!walk->failed_folder) {
            walk->failed_folder = name;
            walk->failed_error = error;
        }
        rc = CNN_OK;
    }
    walk->class_folders += (size_t)has_photo(scan, first);
    for (size_t i = first; i < scan->count; i++) {
        scan->photos[i].class_start = (uint32_t)start;
        scan->photos[i].class_length = (uint32_t)length;
    }
    return rc;
}

/* Finds the class in a file name as in Kaggle's dataset, such as cat.0.jpg: the class ends
 * at the first dot, and there is a second dot after it. Without a second dot there is no class. */
static void class_from_name(struct cd_scan_photo *photo)
{
    const char *name = strrchr(photo->path, '/') + 1;
    const char *dot = strchr(name, '.');

    if (!strchr(dot + 1, '.'))
        return;
    photo->class_start = (uint32_t)(name - photo->path);
    photo->class_length = (uint32_t)(dot - name);
}

static int compare_photos(const void *a, const void *b)
{
    return strcmp(((const struct cd_scan_photo *)a)->path, ((const struct cd_scan_photo *)b)->path);
}

/* Moves the photos of `below` to the end of `scan`. */
static cnn_status_t append(struct cd_scan *scan, struct cd_scan *below)
{
    CD_TRY(cd_reserve(scan->context, &scan->photos, &scan->capacity, scan->count + below->count,
                      sizeof *scan->photos));
    if (below->count > 0)
        memcpy(scan->photos + scan->count, below->photos, below->count * sizeof *below->photos);
    scan->count += below->count;
    below->count = 0;
    return CNN_OK;
}

/* Lists the sub-folders, chooses the layout and collects the photos of that layout. */
static cnn_status_t list_classes(struct walk *walk, const struct folders *folders,
                                 struct cd_scan *scan)
{
    struct cd_scan below = {.context = walk->context, .paths = cd_paths_ref(scan->paths)};
    cnn_status_t rc = CNN_OK;

    for (size_t i = 0; i < folders->count && rc == CNN_OK; i++)
        rc = list_class(walk, folders->names[i], &below);
    if (rc != CNN_OK)
        goto done;
    if (walk->layout == CNN_LAYOUT_AUTO)
        walk->layout = walk->class_folders >= 2 ? CNN_LAYOUT_FOLDERS : CNN_LAYOUT_PREFIX;
    if (walk->failed_folder && (walk->layout == CNN_LAYOUT_FOLDERS || scan->count == 0)) {
        const char *path = cd_paths_join(scan->paths, walk->folder, walk->failed_folder);
        rc = path ? folder_error(path, walk->failed_error) : cd_error_memory();
    } else if (walk->layout == CNN_LAYOUT_FOLDERS) {
        rc = append(scan, &below);
    }
done:
    cd_scan_free(&below);
    return rc;
}

static cnn_status_t scan_walk(struct walk *walk, struct cd_scan *scan)
{
    struct folders folders = {0};
    struct stat about;
    int error = 0;
    cnn_status_t rc;

    if (stat(walk->folder, &about) != 0)
        return folder_error(walk->folder, errno);
    walk->device = about.st_dev;
    walk->inode = about.st_ino;
    rc = list_photos(scan, walk->folder, walk->layout == CNN_LAYOUT_PREFIX ? NULL : &folders,
                     &error);
    if (rc == CNN_ERROR_IO)
        rc = folder_error(walk->folder, error);
    if (rc == CNN_OK && walk->layout != CNN_LAYOUT_PREFIX) {
        cd_names_sort((const char **)folders.names, folders.count);
        rc = list_classes(walk, &folders, scan);
    }
    cd_names_free(walk->context, folders.names, folders.count);
    return rc;
}

/* Returns a copy of the folder's path without final slashes, so that "photos/" and "photos" give
 * the same paths. Returns NULL if out of memory. */
static char *without_slashes(cnn_context_t *context, const char *folder)
{
    char *copy = cd_strdup(context, folder);

    if (!copy)
        return NULL;
    for (size_t length = strlen(copy); length > 1 && copy[length - 1] == '/'; length--)
        copy[length - 1] = '\0';
    return copy;
}

cnn_status_t cd_scan_folder(cnn_context_t *context, const char *folder, cnn_layout_t layout,
                            struct cd_scan *scan)
{
    char *path = without_slashes(context, folder);
    struct walk walk = {.context = context, .folder = path, .layout = layout};

    if (!path)
        return cd_error_memory();
    scan->context = context;
    cnn_status_t rc = cd_paths_create(context, path, &scan->paths);
    if (rc == CNN_OK)
        rc = scan_walk(&walk, scan);
    cd_free(context, path);
    if (rc != CNN_OK) {
        cd_scan_free(scan);
        return rc;
    }
    scan->layout = walk.layout;
    scan->class_folders = walk.class_folders;
    if (scan->layout == CNN_LAYOUT_PREFIX)
        for (size_t i = 0; i < scan->count; i++)
            class_from_name(&scan->photos[i]);
    if (scan->count > 1)
        qsort(scan->photos, scan->count, sizeof *scan->photos, compare_photos);
    return CNN_OK;
}

void cd_scan_free(struct cd_scan *scan)
{
    cd_paths_unref(scan->paths);
    cd_free(scan->context, scan->photos);
    memset(scan, 0, sizeof *scan);
}

int cd_scan_same_class(const struct cd_scan_photo *a, const struct cd_scan_photo *b)
{
    return a->class_length == b->class_length &&
           memcmp(a->path + a->class_start, b->path + b->class_start, a->class_length) == 0;
}
