/* SPDX-License-Identifier: MIT
 *
 * catdog survey: the article's first question to its data: which sizes do the photos have? */
#include <stdlib.h>

#include "json.h"
#include "output.h"
#include "photos.h"

static void print_survey(const cnn_dataset_t *dataset, const cnn_survey_t *survey, size_t rows)
{
    cnn_survey_entry_t entry = {.struct_size = sizeof entry};
    size_t n = cnn_survey_count(survey), shown = rows && rows < n ? rows : n;

    photos_print_classes(stdout, "found", dataset);
    printf("looked at %zu photos: %zu sizes, %zu unreadable\n\n%13s  %s\n",
           cnn_survey_photos(survey), n, cnn_survey_unreadable(survey), "width x height", "photos");
    for (size_t i = 0; i < shown; i++)
        if (cnn_survey_entry(survey, i, &entry) == CNN_OK)
            printf("%6u x %-6u %7zu\n", (unsigned)entry.width, (unsigned)entry.height, entry.count);
    if (shown < n)
        printf("and %zu more sizes; --rows 0 shows all\n", n - shown);
}

static json_t *sizes_json(const cnn_survey_t *survey)
{
    cnn_survey_entry_t entry = {.struct_size = sizeof entry};
    json_t *sizes = json_array();

    for (size_t i = 0; sizes && i < cnn_survey_count(survey); i++)
        if (cnn_survey_entry(survey, i, &entry) == CNN_OK)
            json_array_append_new(
                sizes, json_pack("{s:I, s:I, s:I}", "width", (json_int_t)entry.width, "height",
                                 (json_int_t)entry.height, "count", (json_int_t)entry.count));
    return sizes;
}

static int print_json(cnn_dataset_t *dataset, const cnn_survey_t *survey)
{
    return json_print(json_pack(
        "{s:I, s:I, s:o, s:o, s:o}", "photos", (json_int_t)cnn_survey_photos(survey), "unreadable",
        (json_int_t)cnn_survey_unreadable(survey), "classes", photos_classes_json(dataset), "sizes",
        sizes_json(survey), "skipped", photos_skipped_json(&dataset, 1)));
}

static int survey(const char *folder, int layout, size_t photos, size_t rows, int json)
{
    cnn_dataset_options_t options = {.struct_size = sizeof options};
    struct tool tool;
    cnn_dataset_t *dataset = NULL;
    cnn_survey_t *found = NULL;
    int rc = tool_open(&tool, 0, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    options.layout = (cnn_layout_t)layout;
    TOOL_TRY(rc, cnn_dataset_open(tool.context, folder, &options, &dataset));
    TOOL_TRY(rc, cnn_dataset_survey(dataset, photos, &found));
    if (json) {
        rc = print_json(dataset, found);
    } else {
        print_survey(dataset, found, rows);
        photos_print_skipped(&dataset, 1);
    }
done:
    cnn_survey_free(found);
    cnn_dataset_free(dataset);
    tool_close(&tool);
    return rc;
}

int command_survey(int argc, char **argv)
{
    size_t photos = 0, rows = 20, n_files;
    int json = 0, layout = CNN_LAYOUT_AUTO;
    const struct option options[] = {
        ARG_NUMBER("photos", OPTION_SIZE, &photos, "N",
                   "look at the first N photos only; default: all", 1, 1e9),
        ARG_NUMBER("rows", OPTION_SIZE, &rows, "N",
                   "show the N most common sizes; 0 = all; default 20", 0, 1e9),
        ARG_CHOICE("layout", &layout, "NAME", TOOL_LAYOUT_HELP, tool_layouts),
        ARG_JSON(&json),
        ARG_END,
    };
    const struct command command = {
        .name = "survey",
        .synopsis = "DIR [options]",
        .about = "Counts the photos of each class and the most common sizes, as stored (width x "
                 "height).",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc == ARGS_GO_ON)
        rc = survey(argv[0], layout, photos, rows, json);
    return rc;
}
