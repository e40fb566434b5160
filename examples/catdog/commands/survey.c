/* SPDX-License-Identifier: MIT
 *
 * catdog survey: the article's first question to its data: which sizes do the photos have? And what
 * else should be known of them before a network is trained. */
#include <stdlib.h>
#include <string.h>

#include "report/gnuplot.h"
#include "base/json.h"
#include "base/output.h"
#include "photos/photos.h"
#include "base/save.h"
#include "commands/survey.h"

static cnn_status_t take_survey(struct survey *s, const struct survey_options *o)
{
    struct output_progress progress = {"looked at", output_now()};
    cnn_survey_options_t options = {.struct_size = sizeof options};

    options.max_photos = o->photos;
    options.headers_only = o->headers;
    options.radius = o->radius > 0 ? (int32_t)o->radius : -1;
    options.progress = output_progress_step;
    options.user = &progress;
    options.cancel = s->tool.cancel;
    cnn_status_t status = cnn_survey_create(s->dataset, &options, &s->found);
    output_bar_wipe();
    return status;
}

/* As catdog train with the same seed and sizes draws them. */
static int draw_parts(struct survey *s, const struct survey_options *o)
{
    static const char *const names[] = {NULL, "train", "validation"};
    cnn_dataset_t *train = NULL, *validation = NULL;
    unsigned char *marks;
    int rc = EXIT_SUCCESS;

    if (s->n < 3 && !o->split.train && !o->split.validation)
        return rc; /* a part would be empty */
    marks = calloc(s->n, 1);
    if (!marks) {
        output_message("out of memory");
        return EXIT_FAILURE;
    }
    TOOL_TRY(rc, cnn_dataset_split(s->dataset, &o->split, &train, &validation));
    photos_mark(s->dataset, train, marks, 1);
    photos_mark(s->dataset, validation, marks, 2);
    for (size_t i = 0; i < s->n; i++)
        s->part[i] = names[marks[i]];
done:
    cnn_dataset_free(train);
    cnn_dataset_free(validation);
    free(marks);
    return rc;
}

/* As the list says. */
static int read_parts(struct survey *s, const struct survey_options *o)
{
    const int rc = part_list_open(o->choice.list, o->folder, s->dataset, &s->list);

    for (size_t i = 0; rc == EXIT_SUCCESS && i < s->n; i++)
        if (s->list.line_of[i] != PART_NONE)
            s->part[i] = s->list.lines[s->list.line_of[i]].part;
    return rc;
}

static void write_histogram(FILE *script, const void *data)
{
    const struct survey *s = data;
    cnn_survey_dimensions_t entry = {.struct_size = sizeof entry};

    fputs("$data << EOD\n", script);
    for (size_t i = 0; i < cnn_survey_dimensions_count(s->found); i++)
        if (cnn_survey_dimensions(s->found, i, &entry) == CNN_OK)
            fprintf(script, "%u %u %zu\n", (unsigned)entry.width, (unsigned)entry.height,
                    entry.count);
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
    output_message("%s: there are no sizes to draw", out);
    return EXIT_FAILURE;
}

static int survey(const struct survey_options *o)
{
    struct survey s = {.rows = o->rows, .headers_only = o->headers};
    const int all_parts = o->choice.list && !o->choice.part;
    const struct part_choice none = {NULL, NULL};
    cnn_dataset_open_options_t options = {.struct_size = sizeof options};
    int rc = tool_open(&s.tool, o->threads, o->seed);

    if (rc != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&s.tool);
    options.layout = (cnn_layout_t)o->layout;
    rc = part_choice_open(&s.tool, o->folder, &options, all_parts ? &none : &o->choice, &s.dataset);
    if (rc != EXIT_SUCCESS)
        goto done;
    s.n = cnn_dataset_sample_count(s.dataset);
    s.part = calloc(s.n, sizeof *s.part);
    if (!s.part) {
        output_message("out of memory");
        rc = EXIT_FAILURE;
        goto done;
    }
    if ((rc = all_parts ? read_parts(&s, o) : draw_parts(&s, o)) != EXIT_SUCCESS)
        goto done;
    TOOL_TRY(rc, take_survey(&s, o));
    rc = o->json ? survey_print_json(&s) : survey_print(&s);
    if (rc == EXIT_SUCCESS && o->plot)
        rc = draw(&s, o->plot);
done:
    cnn_survey_free(s.found);
    cnn_dataset_free(s.dataset);
    part_list_close(&s.list);
    free(s.part);
    tool_close(&s.tool);
    return rc;
}

int command_survey(int argc, char **argv)
{
    struct survey_options o = {.rows = 20, .radius = 31, .seed = 1, .layout = CNN_LAYOUT_AUTO};
    const struct option options[] = {
        ARG_NUMBER("photos", OPTION_SIZE, &o.photos, "N",
                   "look at the first N photos only; default: all", 1, 1e9),
        ARG_NUMBER("rows", OPTION_SIZE, &o.rows, "N",
                   "show N rows of each list; 0 = all; default 20", 0, 1e9),
        ARG_FLAG("headers", &o.headers,
                 "read headers only: sizes, but neither faults nor duplicates"),
        ARG_NUMBER("radius", OPTION_U32, &o.radius, "N",
                   "near duplicates: at most N of 256 bits differ; 0 = exact ones\n"
                   "only; default 31",
                   0, 63),
        ARG_NUMBER("seed", OPTION_U64, &o.seed, "S",
                   "of the split, as catdog train has it, which duplicates\n"
                   "may straddle; default 1",
                   0, 0),
        ARG_NUMBER("train", OPTION_SIZE, &o.split.train, "N", "its training photos", 1, 1e9),
        ARG_NUMBER("val", OPTION_SIZE, &o.split.validation, "N", "its validation photos", 1, 1e9),
        ARG_TEXT("parts", &o.choice.list, "FILE",
                 "the parts of this list instead, \"part<TAB>path\" lines as catdog split writes"),
        ARG_TEXT("part", &o.choice.part, "NAME", "only the photos in this part of the list"),
        ARG_CHOICE("layout", &o.layout, "NAME", TOOL_LAYOUT_HELP, tool_layouts),
        ARG_TEXT("plot", &o.plot, "FILE",
                 "draw a histogram of the sizes, FILE.svg or FILE.png (needs gnuplot)"),
        ARG_THREADS(&o.threads),
        ARG_JSON(&o.json),
        ARG_END,
    };
    const struct command command = {
        .name = "survey",
        .synopsis = "DIR [options]",
        .about = "Counts the photos of each class and the most common sizes, as stored (width x "
                 "height), their\n"
                 "shapes, colour spaces and orientations; lists those that cannot be decoded, and "
                 "those that are\n"
                 "there twice, in the same bytes or nearly the same picture.",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;

    o.split.struct_size = sizeof o.split;
    int rc = args_parse(&command, argc, argv, &n_files);
    if (rc != ARGS_GO_ON)
        return rc;
    if (o.choice.part && (rc = part_choice_check(&command, &o.choice)) != ARGS_GO_ON)
        return rc;
    if (o.plot && !gnuplot_draws(o.plot))
        return args_error(&command, "--plot: \"%s\" ends neither in .svg nor in .png", o.plot);
    if (save_check(o.plot) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    o.folder = argv[0];
    return survey(&o);
}
