/* SPDX-License-Identifier: MIT
 *
 * Matches the lines of a split list with photos. split_list.h states the rules. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "photos/split_list.h"

struct photo {
    const char *path, *below, *name; /* below: path relative to the folder */
    size_t index;
    int exact; /* 1 if a line matches this photo by path */
};

const char *split_list_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int by_name(const void *a, const void *b)
{
    const struct photo *x = a, *y = b;
    int order = strcmp(x->name, y->name);

    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static const char *below_folder(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    if (strncmp(path, folder, length) == 0)
        path += length;
    return path + strspn(path, "/");
}

/* Returns the photos of the dataset, sorted by file name, or NULL if out of memory. */
static struct photo *sort_photos(const cnn_dataset_t *whole, const char *folder)
{
    const size_t n = cnn_dataset_sample_count(whole);
    struct photo *photos = calloc(n, sizeof *photos);
    cnn_sample_t sample = CNN_INIT(cnn_sample_t);

    for (size_t i = 0; photos && i < n; i++)
        if (cnn_dataset_sample(whole, i, &sample) == CNN_OK)
            photos[i] = (struct photo){sample.path, below_folder(sample.path, folder),
                                       split_list_name(sample.path), i, 0};
    if (photos)
        qsort(photos, n, sizeof *photos, by_name);
    return photos;
}

/* Finds the photos with the file name among n sorted photos. Returns the first and sets *count. */
static struct photo *find_name(struct photo *photos, size_t n, const char *name, size_t *count)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(photos[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < n && strcmp(photos[low + *count].name, name) == 0)
        ++*count;
    return photos + low;
}

/* Returns 1 if path is equal to `below`, or ends with a slash and `below`. */
static int ends_with(const char *path, const char *below)
{
    size_t length = strlen(path), n = strlen(below);

    return length >= n && strcmp(path + length - n, below) == 0 &&
           (length == n || path[length - n - 1] == '/');
}

static int assign(struct split_list *list, const struct photo *photo, size_t line)
{
    size_t *slot = &list->line_of[photo->index];

    list->lines[line].found = 1;
    if (*slot == SPLIT_NONE)
        *slot = line;
    if (strcmp(list->lines[*slot].subset, list->lines[line].subset) == 0)
        return EXIT_SUCCESS;
    return output_failure("%s: %s is in two subsets, \"%s\" (line %zu) and \"%s\" (line %zu)",
                          list->file, photo->path, list->lines[*slot].subset,
                          list->lines[*slot].number, list->lines[line].subset,
                          list->lines[line].number);
}

static int match_paths(struct split_list *list, struct photo *photos)
{
    for (size_t i = 0; i < list->n; i++) {
        size_t count;
        struct photo *found = find_name(photos, list->photos, list->lines[i].name, &count);
        for (size_t k = 0; k < count; k++) {
            if (!ends_with(list->lines[i].path, found[k].below))
                continue;
            found[k].exact = 1;
            if (assign(list, &found[k], i) != EXIT_SUCCESS)
                return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}

/* Matches lines by file name if they have not been matched by path. If a photo with this name has
 * already been matched by path, only lines without a folder are matched. */
static int match_names(struct split_list *list, struct photo *photos)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct split_line *line = &list->lines[i];
        size_t count;
        struct photo *found = find_name(photos, list->photos, line->name, &count);
        int exact = 0;
        for (size_t k = 0; k < count; k++)
            exact |= found[k].exact;
        if (line->found || count == 0 || (exact && line->path != line->name))
            continue;
        if (count > 1)
            return output_failure("%s: line %zu: %s may be %s or %s", list->file, line->number,
                                  line->path, found[0].path, found[1].path);
        if (assign(list, found, i) != EXIT_SUCCESS)
            return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

int split_list_match(struct split_list *list, const char *folder, const cnn_dataset_t *whole)
{
    struct photo *photos;
    int rc;

    list->photos = cnn_dataset_sample_count(whole);
    list->line_of = malloc(list->photos * sizeof *list->line_of);
    photos = sort_photos(whole, folder);
    if (!list->line_of || !photos) {
        free(photos);
        return output_no_memory();
    }
    for (size_t i = 0; i < list->photos; i++)
        list->line_of[i] = SPLIT_NONE;
    rc = match_paths(list, photos);
    if (rc == EXIT_SUCCESS)
        rc = match_names(list, photos);
    free(photos);
    return rc;
}
