/* SPDX-License-Identifier: MIT
 *
 * catdog survey: counts classes and sizes of photos, and finds damaged photos and duplicates. */
#include "commands/survey.h"

#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "commands.h"
#include "photos/photos.h"
#include "report/gnuplot.h"

static struct {
    const char *folder;
    const char *plot; /* output file for the diagram, or NULL */
    size_t photos, rows;
    uint32_t radius; /* largest hash distance of similar images; 0: find identical files only */
    uint32_t threads;
    uint64_t seed;
    int headers, json, layout;
    cnn_dataset_split_options_t sizes;
    struct subset_choice choice;
} o = {.rows = 20, .radius = 31, .seed = 1, .sizes = CNN_INIT(cnn_dataset_split_options_t)};

static cnn_status_t take_survey(struct survey *s)
{
    struct output_progress progress = {"surveyed", output_now()};
    cnn_survey_options_t options = CNN_INIT(cnn_survey_options_t);

    options.max_photos = o.photos;
    options.headers_only = o.headers;
    options.radius = o.radius > 0 ? (int32_t)o.radius : -1;
    options.progress = output_progress_step;
    options.user = &progress;
    options.cancel = s->tool.cancel;
    cnn_status_t status = cnn_survey_create(s->dataset, &options, &s->found);
    output_bar_wipe();
    return status;
}

/* Divides the photos into the training and validation set that catdog train would draw with the
 * same seed and sizes. */
static int draw_sets(struct survey *s)
{
    static const char *const names[] = {NULL, "train", "validation"};
    cnn_dataset_t *train = NULL, *validation = NULL;
    unsigned char *marks;
    int rc = EXIT_SUCCESS;

    if (s->n < 3 && !o.sizes.n_train && !o.sizes.n_validation)
        return rc; /* too few photos for two sets */
    marks = calloc(s->n, 1);
    if (!marks)
        return output_no_memory();
    TOOL_TRY(rc, cnn_dataset_split(s->dataset, &o.sizes, &train, &validation));
    photos_mark(s->dataset, train, marks, 1);
    photos_mark(s->dataset, validation, marks, 2);
    for (size_t i = 0; i < s->n; i++)
        s->subset[i] = names[marks[i]];
done:
    cnn_dataset_free(train);
    cnn_dataset_free(validation);
    free(marks);
    return rc;
}

/* Reads the split list and sets the subset of each photo. */
static int read_subsets(struct survey *s)
{
    const int rc = split_list_open(o.choice.list, o.folder, s->dataset, &s->list);

    for (size_t i = 0; rc == EXIT_SUCCESS && i < s->n; i++)
        if (s->list.line_of[i] != SPLIT_NONE)
            s->subset[i] = s->list.lines[s->list.line_of[i]].subset;
    return rc;
}

static void write_histogram(FILE *script, const void *data)
{
    const struct survey *s = data;
    cnn_survey_dimensions_t entry = CNN_INIT(cnn_survey_dimensions_t);

    fputs("$data << EOD\n", script);
    for (size_t i = 0; i < cnn_survey_dimensions_count(s->found); i++)
        if (cnn_survey_dimensions(s->found, i, &entry) == CNN_OK)
            fprintf(script, "%u %u %zu\n", (unsigned)entry.width, (unsigned)entry.height,
                    entry.n_photos);
    fputs("EOD\nset grid\nset xtics nomirror rotate\nset ytics nomirror\nset boxwidth 0.9\n"
          "set style fill solid\nset key off\nset yrange [0:*]\n"
          "set multiplot layout 1,2\nset title 'most common sizes'\nset ylabel 'photos'\n"
          "plot $data every ::0::19 using 0:3:xtic(sprintf('%d x %d', $1, $2)) with boxes "
          "lc rgb '#4477aa'\n"
          "set title 'width and height (area: photos)'\nset xlabel 'width'\nset ylabel 'height'\n"
          "set xrange [0:*]\nset xtics norotate autofreq\n"
          "plot $data using 1:2:(0.5 + log10($3 + 1)) with points pt 7 ps variable "
          "lc rgb '#ccee6677'\nunset multiplot\n",
          script);
}

static int draw(const struct survey *s, const char *out)
{
    if (cnn_survey_dimensions_count(s->found) > 0)
        return gnuplot_draw(write_histogram, s, out);
    return output_failure("%s: there are no sizes to draw", out);
}

static int open_photos(struct survey *s, int all_subsets)
{
    static const struct subset_choice none = {NULL, NULL};
    const cnn_dataset_open_options_t options = {.struct_size = sizeof options,
                                                .layout = (cnn_layout_t)o.layout};
    const int rc =
        subset_open(&s->tool, o.folder, &options, all_subsets ? &none : &o.choice, &s->dataset);

    if (rc != EXIT_SUCCESS)
        return rc;
    s->n = cnn_dataset_sample_count(s->dataset);
    s->subset = calloc(s->n, sizeof *s->subset);
    if (!s->subset)
        return output_no_memory();
    return all_subsets ? read_subsets(s) : draw_sets(s);
}

static int survey(void)
{
    struct survey s = {.rows = o.rows, .headers_only = o.headers};
    int rc = tool_open(&s.tool, o.threads, o.seed);

    if (rc != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&s.tool);
    if ((rc = open_photos(&s, o.choice.list && !o.choice.subset)) != EXIT_SUCCESS)
        goto done;
    TOOL_TRY(rc, take_survey(&s));
    rc = o.json ? survey_print_json(&s) : survey_print(&s);
    if (rc == EXIT_SUCCESS && o.plot)
        rc = draw(&s, o.plot);
done:
    cnn_survey_free(s.found);
    cnn_dataset_free(s.dataset);
    split_list_close(&s.list);
    free(s.subset);
    tool_close(&s.tool);
    return rc;
}

static const struct option options[] = {
    ARG_NUMBER("photos", OPTION_SIZE, &o.photos, "N",
               "Survey the first N photos only. Default: all.", 1, 1e9),
    ARG_NUMBER("rows", OPTION_SIZE, &o.rows, "N",
               "Print N rows of each list; 0 for all. Default: 20.", 0, 1e9),
    ARG_FLAG("headers", &o.headers,
             "Read the headers of photos only. This gives sizes, but neither damage nor "
             "duplicates."),
    ARG_NUMBER("radius", OPTION_U32, &o.radius, "N",
               "Similar images differ in at most N of 256 bits; 0 finds equal files only. "
               "Default: 31.",
               0, 63),
    ARG_VALUE("seed", OPTION_SEED, &o.seed, "S",
              "The seed of the split that catdog train would draw. The survey reports duplicates "
              "across its sets. Default: 1."),
    ARG_NUMBER("train", OPTION_SIZE, &o.sizes.n_train, "N",
               "The number of training photos of that split.", 1, 1e9),
    ARG_NUMBER("val", OPTION_SIZE, &o.sizes.n_validation, "N",
               "The number of validation photos of that split.", 1, 1e9),
    ARG_VALUE("split", OPTION_TEXT, &o.choice.list, "FILE",
              "Report duplicates across the subsets of this split list instead."),
    ARG_VALUE("subset", OPTION_TEXT, &o.choice.subset, "NAME",
              "Survey only the photos in this subset of the split list."),
    TOOL_LAYOUT(&o.layout),
    ARG_VALUE("plot", OPTION_OUTPUT, &o.plot, "FILE",
              "Draw a histogram of the sizes, FILE.svg or FILE.png (needs gnuplot)."),
    ARG_THREADS(&o.threads),
    ARG_JSON(&o.json),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog survey photos", "Look at photos before you train on them."},
    {"catdog survey photos --split split.txt", "Find duplicates across the subsets of a split."},
    {NULL, NULL},
};

static int run(char **files, size_t n_files)
{
    int rc = o.choice.subset ? subset_check(&command_survey, &o.choice) : EXIT_SUCCESS;

    (void)n_files;
    if (rc != EXIT_SUCCESS)
        return rc;
    if (o.plot && !gnuplot_draws(o.plot))
        return command_usage(&command_survey, "--plot: \"%s\" does not end in .svg or .png",
                             o.plot);
    o.folder = files[0];
    return survey();
}

const struct command command_survey = {
    .name = "survey",
    .summary = "count classes and sizes of photos; find damage and duplicates",
    .synopsis = "DIR [options]",
    .description =
        "This command counts the photos of each class, their sizes as stored (width x height), "
        "aspect ratios, colour spaces and EXIF orientations. It lists photos that cannot be "
        "decoded or that are decoded with warnings, and groups of duplicates: equal files, and "
        "images that look the same."
        "\n\n"
        "Duplicates in different classes are labelling errors. Duplicates in different sets of a "
        "split make the figures of an evaluation too good.",
    .options = options,
    .examples = examples,
    .stopped = "Ctrl-C (SIGINT) stopped the command.",
    .min_files = 1,
    .max_files = 1,
    .run = run,
};
