/* SPDX-License-Identifier: MIT */
#include "commands/survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "photos/photos.h"

static const char *const spaces[] = {"unknown", "grey", "YCbCr", "RGB", "CMYK", "YCCK"};
enum { SPACES = sizeof spaces / sizeof *spaces, ORIENTATIONS = 9 };

/* The ranges of the aspect ratio, width : height, in which photos are counted. */
static const struct {
    const char *name;
    double below;
} shapes[] = {{"below 1:2", 0.5},    {"1:2 to 2:3", 0.6667}, {"2:3 to 4:5", 0.8},
              {"4:5 to 5:4", 1.25},  {"5:4 to 3:2", 1.5},    {"3:2 to 2:1", 2},
              {"2:1 and above", 1e9}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

struct counts {
    size_t spaces[SPACES], orientations[ORIENTATIONS], shapes[SHAPES];
    size_t warned;
};

static size_t shape_of(const cnn_survey_photo_t *photo)
{
    const double ratio = (double)photo->width / photo->height;
    size_t shape = 0;

    while (shape + 1 < SHAPES && ratio >= shapes[shape].below)
        shape++;
    return shape;
}

static struct counts count(const cnn_survey_t *found)
{
    struct counts counts = {{0}, {0}, {0}, 0};
    cnn_survey_photo_t photo = CNN_INIT(cnn_survey_photo_t);

    for (size_t i = 0; i < cnn_survey_photo_count(found); i++) {
        if (cnn_survey_photo(found, i, &photo) != CNN_OK || photo.width == 0)
            continue;
        counts.spaces[(size_t)photo.color_space < SPACES ? photo.color_space : 0]++;
        counts.orientations[photo.orientation < ORIENTATIONS ? photo.orientation : 0]++;
        counts.shapes[shape_of(&photo)]++;
        counts.warned += photo.n_warnings > 0;
    }
    return counts;
}

/* Returns 1 if the photos of the group are in more than one subset. */
static int crosses_subsets(const struct survey *s, const cnn_duplicate_group_t *group)
{
    const char *one = NULL;

    for (size_t i = 0; i < group->n_photos; i++) {
        const char *subset = s->subset[group->photos[i]];
        if (subset && one && strcmp(subset, one) != 0)
            return 1;
        one = subset ? subset : one;
    }
    return 0;
}

static const char *subset_name(const struct survey *s, size_t index)
{
    return s->subset[index] ? s->subset[index] : "";
}

/* ---- text ---- */

static int is_shown(const struct survey *s, size_t index)
{
    return s->rows == 0 || index < s->rows;
}

static void print_rest(const struct survey *s, size_t n, const char *what)
{
    if (!is_shown(s, n) && n > s->rows)
        printf("and %zu more %s; --rows 0 shows all\n", n - s->rows, what);
}

static void print_sizes(const struct survey *s)
{
    cnn_survey_dimensions_t entry = CNN_INIT(cnn_survey_dimensions_t);
    const size_t n = cnn_survey_dimensions_count(s->found);

    printf("surveyed %zu photos: %zu sizes, %zu unreadable\n\n%13s  %s\n",
           cnn_survey_photo_count(s->found), n, cnn_survey_unreadable_count(s->found),
           "width x height", "photos");
    for (size_t i = 0; i < n && is_shown(s, i); i++)
        if (cnn_survey_dimensions(s->found, i, &entry) == CNN_OK)
            printf("%6u x %-6u %7zu\n", (unsigned)entry.width, (unsigned)entry.height,
                   entry.n_photos);
    print_rest(s, n, "sizes");
}

static void print_counts(const struct counts *counts)
{
    printf("\nwidth : height");
    for (size_t i = 0; i < SHAPES; i++)
        if (counts->shapes[i] > 0)
            printf("\n%14s %7zu", shapes[i].name, counts->shapes[i]);
    printf("\n\ncolours:");
    for (size_t i = 0; i < SPACES; i++)
        if (counts->spaces[i] > 0)
            printf(" %s %zu", spaces[i], counts->spaces[i]);
    printf("\nEXIF orientations:");
    for (size_t i = 1; i < ORIENTATIONS; i++)
        if (counts->orientations[i] > 0)
            printf(" %zu: %zu", i, counts->orientations[i]);
    putchar('\n');
}

/* Prints the photos that were decoded with warnings if `warnings` is 1, else the unreadable photos
 * with reasons. */
static void print_photos(const struct survey *s, int warnings, const char *title)
{
    cnn_survey_photo_t photo = CNN_INIT(cnn_survey_photo_t);
    size_t n = 0;

    for (size_t i = 0; i < cnn_survey_photo_count(s->found); i++) {
        if (cnn_survey_photo(s->found, i, &photo) != CNN_OK ||
            !(warnings ? photo.n_warnings > 0 : photo.status != CNN_OK))
            continue;
        if (n == 0)
            printf("\n%s:\n", title);
        if (is_shown(s, n++))
            printf("  %s: %s\n", photo.path, warnings ? photo.warning : photo.reason);
    }
    print_rest(s, n, "photos");
}

static void print_group(const struct survey *s, const cnn_duplicate_group_t *group)
{
    cnn_survey_photo_t photo = CNN_INIT(cnn_survey_photo_t);

    printf("  %s", group->kind == CNN_DUPLICATE_EXACT ? "same bytes" : "similar images");
    if (group->kind == CNN_DUPLICATE_NEAR)
        printf(" (%u bits)", (unsigned)group->distance);
    printf("%s%s:\n", group->classes_differ ? ", in different classes" : "",
           crosses_subsets(s, group) ? ", in different subsets" : "");
    for (size_t i = 0; i < group->n_photos && i < 10; i++)
        if (cnn_survey_photo(s->found, group->photos[i], &photo) == CNN_OK)
            printf("    %s\n", photo.path);
    if (group->n_photos > 10)
        printf("    and %zu more\n", group->n_photos - 10);
}

/* Returns the rank for sorting: 2 for a group in different classes, 1 for a group in different
 * subsets, else 0. Groups of higher rank are printed first. */
static int urgency(const struct survey *s, const cnn_duplicate_group_t *group)
{
    return group->classes_differ ? 2 : crosses_subsets(s, group);
}

static void print_duplicates(const struct survey *s)
{
    cnn_duplicate_group_t group = CNN_INIT(cnn_duplicate_group_t);
    const size_t n = cnn_survey_duplicate_group_count(s->found);
    size_t kinds[2] = {0, 0}, photos[2] = {0, 0}, differ = 0, across = 0, shown = 0;

    for (size_t i = 0; i < n; i++)
        if (cnn_survey_duplicate_group(s->found, i, &group) == CNN_OK) {
            kinds[group.kind]++;
            photos[group.kind] += group.n_photos;
            differ += group.classes_differ != 0;
            across += crosses_subsets(s, &group) != 0;
        }
    printf("\nduplicates: %zu photos in %zu groups of the same bytes, %zu in %zu groups of similar "
           "images;\n%zu groups in different classes, %zu in different subsets\n",
           photos[0], kinds[0], photos[1], kinds[1], differ, across);
    for (int wanted = 2; wanted >= 0; wanted--)
        for (size_t i = 0; i < n; i++)
            if (cnn_survey_duplicate_group(s->found, i, &group) == CNN_OK &&
                urgency(s, &group) == wanted && is_shown(s, shown++))
                print_group(s, &group);
    print_rest(s, n, "groups");
}

int survey_print(const struct survey *s)
{
    const struct counts counts = count(s->found);
    cnn_dataset_t *dataset = s->dataset;

    photos_print_classes(stdout, "found", s->dataset);
    photos_print_imbalance(stdout, s->dataset);
    print_sizes(s);
    print_counts(&counts);
    print_photos(s, 0, "unusable");
    print_photos(s, 1, "decoded with warnings");
    if (!s->headers_only)
        print_duplicates(s);
    photos_print_skipped(&dataset, 1);
    return EXIT_SUCCESS;
}

/* ---- JSON ---- */

static json_t *sizes_json(const cnn_survey_t *survey)
{
    cnn_survey_dimensions_t entry = CNN_INIT(cnn_survey_dimensions_t);
    json_t *sizes = json_array();

    for (size_t i = 0; sizes && i < cnn_survey_dimensions_count(survey); i++)
        if (cnn_survey_dimensions(survey, i, &entry) == CNN_OK)
            json_array_append_new(
                sizes, json_pack("{s:I, s:I, s:I}", "width", (json_int_t)entry.width, "height",
                                 (json_int_t)entry.height, "count", (json_int_t)entry.n_photos));
    return sizes;
}

/* Creates the object {"name": count, ...} of the counts above 0. */
static json_t *counts_json(const char *const *names, const size_t *counts, size_t n)
{
    json_t *object = json_object();

    for (size_t i = 0; object && i < n; i++)
        if (counts[i] > 0)
            json_object_set_new(object, names[i], json_integer((json_int_t)counts[i]));
    return object;
}

static json_t *shapes_json(const struct counts *counts)
{
    const char *names[SHAPES];

    for (size_t i = 0; i < SHAPES; i++)
        names[i] = shapes[i].name;
    return counts_json(names, counts->shapes, SHAPES);
}

static json_t *orientations_json(const struct counts *counts)
{
    static const char *const names[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8"};
    return counts_json(names, counts->orientations, ORIENTATIONS);
}

static json_t *photos_json(const struct survey *s, int warnings)
{
    cnn_survey_photo_t photo = CNN_INIT(cnn_survey_photo_t);
    json_t *array = json_array();

    for (size_t i = 0; array && i < cnn_survey_photo_count(s->found); i++)
        if (cnn_survey_photo(s->found, i, &photo) == CNN_OK &&
            (warnings ? photo.n_warnings > 0 : photo.status != CNN_OK))
            json_array_append_new(array,
                                  json_pack("{s:o, s:o}", "path", json_text(photo.path),
                                            warnings ? "warning" : "reason",
                                            json_text(warnings ? photo.warning : photo.reason)));
    return array;
}

static json_t *members_json(const struct survey *s, const cnn_duplicate_group_t *group)
{
    cnn_survey_photo_t photo = CNN_INIT(cnn_survey_photo_t);
    json_t *array = json_array();

    for (size_t i = 0; array && i < group->n_photos; i++)
        if (cnn_survey_photo(s->found, group->photos[i], &photo) == CNN_OK)
            json_array_append_new(
                array, json_pack("{s:o, s:o, s:o}", "path", json_text(photo.path), "class",
                                 json_text(cnn_dataset_class_name(s->dataset, photo.label)),
                                 "subset", json_text(subset_name(s, group->photos[i]))));
    return array;
}

static json_t *duplicates_json(const struct survey *s)
{
    cnn_duplicate_group_t group = CNN_INIT(cnn_duplicate_group_t);
    json_t *array = json_array();

    for (size_t i = 0; array && i < cnn_survey_duplicate_group_count(s->found); i++)
        if (cnn_survey_duplicate_group(s->found, i, &group) == CNN_OK)
            json_array_append_new(array, json_pack("{s:b, s:I, s:b, s:b, s:o}", "exact",
                                                   group.kind == CNN_DUPLICATE_EXACT, "distance",
                                                   (json_int_t)group.distance, "classes_differ",
                                                   group.classes_differ, "across_split",
                                                   crosses_subsets(s, &group), "photos",
                                                   members_json(s, &group)));
    return array;
}

int survey_print_json(const struct survey *s)
{
    const struct counts counts = count(s->found);
    cnn_dataset_t *dataset = s->dataset;

    return json_print(json_pack(
        "{s:I, s:I, s:o, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "photos",
        (json_int_t)cnn_survey_photo_count(s->found), "unreadable",
        (json_int_t)cnn_survey_unreadable_count(s->found), "classes",
        photos_classes_json(s->dataset), "imbalance", photos_imbalance(s->dataset), "sizes",
        sizes_json(s->found), "aspect_ratios", shapes_json(&counts), "color_spaces",
        counts_json(spaces, counts.spaces, SPACES), "orientations", orientations_json(&counts),
        "failed", photos_json(s, 0), "warnings", photos_json(s, 1), "duplicates",
        duplicates_json(s), "skipped", photos_skipped_json(&dataset, 1)));
}
