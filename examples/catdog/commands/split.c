/* SPDX-License-Identifier: MIT
 *
 * catdog split: draws the parts of a data set and writes them as lists. */
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "photos/split_list.h"
#include "photos/photos.h"
#include "base/save.h"

enum { REST, TRAIN, VALIDATION, TEST, MOST_FOLDS = 100 }; /* with folds: 1, 2, ... are the folds */

struct split {
    const char *folder, *out;
    size_t test, folds; /* 0: none */
    cnn_dataset_split_options_t sizes;
    uint64_t seed;
    uint32_t threads;
    int layout, together;
    struct tool tool;
    cnn_dataset_t *whole;
    unsigned char *marks; /* of each photo */
};

/* ---- drawing ---- */

/* Takes n photos away from *rest and marks them. */
static int draw(struct split *s, cnn_dataset_t **rest, size_t n, unsigned char mark)
{
    const cnn_dataset_split_options_t options = {.struct_size = sizeof options, .validation = n};
    cnn_dataset_t *drawn = NULL, *left = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, cnn_dataset_split(*rest, &options, &left, &drawn));
    photos_mark(s->whole, drawn, s->marks, mark);
    if (*rest != s->whole)
        cnn_dataset_free(*rest);
    *rest = left;
done:
    cnn_dataset_free(drawn);
    return rc;
}

static int draw_folds(struct split *s, cnn_dataset_t **rest)
{
    int rc = EXIT_SUCCESS;

    for (size_t k = 1; k < s->folds && rc == EXIT_SUCCESS; k++) {
        const size_t left = s->folds - k + 1;
        rc = draw(s, rest, (cnn_dataset_sample_count(*rest) + left / 2) / left, (unsigned char)k);
    }
    if (rc == EXIT_SUCCESS)
        photos_mark(s->whole, *rest, s->marks, (unsigned char)s->folds);
    return rc;
}

/* As catdog train draws, of what the test part leaves. */
static int draw_parts(struct split *s, cnn_dataset_t **rest)
{
    cnn_dataset_t *train = NULL, *validation = NULL;
    int rc = s->test ? draw(s, rest, s->test, TEST) : EXIT_SUCCESS;

    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, cnn_dataset_split(*rest, &s->sizes, &train, &validation));
    photos_mark(s->whole, train, s->marks, TRAIN);
    photos_mark(s->whole, validation, s->marks, VALIDATION);
done:
    cnn_dataset_free(train);
    cnn_dataset_free(validation);
    return rc;
}

/* Photos that show the same follow the first of them. Groups of the same bytes come first and are
 * part of those of nearly the same picture. */
static int keep_together(struct split *s)
{
    struct output_progress progress = {"looked at", output_now()};
    const cnn_survey_options_t options = {.struct_size = sizeof options,
                                          .progress = output_progress_step,
                                          .user = &progress,
                                          .cancel = s->tool.cancel};
    cnn_duplicate_group_t group = {.struct_size = sizeof group};
    cnn_survey_t *survey = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, cnn_survey_create(s->whole, &options, &survey));
    output_bar_wipe();
    for (size_t i = 0; i < cnn_survey_duplicate_group_count(survey); i++)
        if (cnn_survey_duplicate_group(survey, i, &group) == CNN_OK)
            for (size_t k = 1; k < group.n; k++)
                s->marks[group.photos[k]] = s->marks[group.photos[0]];
done:
    cnn_survey_free(survey);
    return rc;
}

/* ---- writing ---- */

/* Writes the photos with the mark or, for the training of a fold, those with any other. */
static int write_part(const struct split *s, FILE *stream, const char *name, unsigned char mark,
                      int others)
{
    const size_t all = cnn_dataset_sample_count(s->whole);
    size_t *indices = calloc(all, sizeof *indices), n = 0;
    cnn_dataset_t *part = NULL;
    int rc = EXIT_SUCCESS;

    if (!indices) {
        output_message("out of memory");
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < all; i++)
        if (s->marks[i] != REST && (s->marks[i] == mark) != others)
            indices[n++] = i;
    if (n == 0) {
        output_message("no photo is left for part \"%s\"", name);
        rc = EXIT_FAILURE;
        goto done;
    }
    TOOL_TRY(rc, cnn_dataset_subset(s->whole, indices, n, &part));
    part_list_write(stream, name, part);
    photos_print_classes(stdout, name, part);
done:
    cnn_dataset_free(part);
    free(indices);
    return rc;
}

/* fold: 0, or which is the validation part. */
static int write_list(const struct split *s, const char *path, unsigned char fold)
{
    struct save save;
    int rc = save_open(&save, path);

    if (rc != EXIT_SUCCESS)
        return rc;
    printf("%s\n", path);
    rc = write_part(s, save.stream, "train", fold ? fold : TRAIN, fold != 0);
    if (rc == EXIT_SUCCESS)
        rc = write_part(s, save.stream, "validation", fold ? fold : VALIDATION, 0);
    if (rc == EXIT_SUCCESS && s->test)
        rc = write_part(s, save.stream, "test", TEST, 0);
    if (rc == EXIT_SUCCESS)
        return save_commit(&save);
    save_discard(&save);
    return rc;
}

static int write_folds(const struct split *s)
{
    const size_t size = strlen(s->out) + 8;
    char *path = malloc(size);
    int rc = EXIT_SUCCESS;

    if (!path) {
        output_message("out of memory");
        return EXIT_FAILURE;
    }
    for (size_t k = 1; k <= s->folds && rc == EXIT_SUCCESS; k++) {
        snprintf(path, size, "%s.%zu", s->out, k);
        rc = write_list(s, path, (unsigned char)k);
    }
    free(path);
    return rc;
}

/* ---- the command ---- */

static int split(struct split *s)
{
    const cnn_dataset_open_options_t options = {.struct_size = sizeof options,
                                                .layout = (cnn_layout_t)s->layout};
    cnn_dataset_t *rest = NULL;
    int rc = tool_open(&s->tool, s->threads, s->seed);

    if (rc != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&s->tool);
    TOOL_TRY(rc, cnn_dataset_open(s->tool.context, s->folder, &options, &s->whole));
    photos_print_skipped(&s->whole, 1);
    rest = s->whole;
    s->marks = calloc(cnn_dataset_sample_count(s->whole), 1);
    if (!s->marks) {
        output_message("out of memory");
        rc = EXIT_FAILURE;
        goto done;
    }
    rc = s->folds ? draw_folds(s, &rest) : draw_parts(s, &rest);
    if (rc == EXIT_SUCCESS && s->together)
        rc = keep_together(s);
    if (rc == EXIT_SUCCESS)
        rc = s->folds ? write_folds(s) : write_list(s, s->out, 0);
done:
    if (rest != s->whole)
        cnn_dataset_free(rest);
    cnn_dataset_free(s->whole);
    free(s->marks);
    tool_close(&s->tool);
    return rc;
}

static int check(const struct command *command, const struct split *s)
{
    if (!s->out)
        return args_error(command, "--out FILE is needed");
    if (s->folds && (s->test || s->sizes.train || s->sizes.validation))
        return args_error(command, "--folds shares out all photos, so --train, --val and --test "
                                   "cannot");
    return save_check(s->out) == EXIT_SUCCESS ? ARGS_GO_ON : EXIT_FAILURE;
}

int command_split(int argc, char **argv)
{
    struct split s = {.seed = 1, .sizes = {.struct_size = sizeof s.sizes}};
    const struct option options[] = {
        ARG_TEXT("out", &s.out, "FILE", "the list (needed)"),
        ARG_NUMBER("train", OPTION_SIZE, &s.sizes.train, "N", "as catdog train", 1, 1e9),
        ARG_NUMBER("val", OPTION_SIZE, &s.sizes.validation, "N",
                   "as catdog train; default: 20 % of what the test part leaves", 1, 1e9),
        ARG_NUMBER("test", OPTION_SIZE, &s.test, "N",
                   "photos of a third part, \"test\", which is drawn first; default: none", 1, 1e9),
        ARG_NUMBER("folds", OPTION_SIZE, &s.folds, "K",
                   "instead: K lists, FILE.1 to FILE.K; each photo is in the part\n"
                   "\"validation\" of one and \"train\" of all others",
                   2, MOST_FOLDS),
        ARG_FLAG("together", &s.together,
                 "photos that show the same, as catdog survey finds them, are in one part;\n"
                 "so a part may be a few photos larger or smaller"),
        ARG_NUMBER("seed", OPTION_U64, &s.seed, "S", "of the draw; default 1", 0, 0),
        ARG_CHOICE("layout", &s.layout, "NAME", TOOL_LAYOUT_HELP, tool_layouts),
        ARG_THREADS(&s.threads),
        ARG_END,
    };
    const struct command command = {
        .name = "split",
        .synopsis = "DIR --out FILE [options]",
        .about = "Draws photos for training, validation and test, each with the classes in the "
                 "proportion of\n"
                 "the whole, and writes a list of \"part<TAB>path\" lines for --parts. Without "
                 "--test and\n"
                 "--together the parts are those that catdog train draws with the same sizes and "
                 "seed.",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc == ARGS_GO_ON)
        rc = check(&command, &s);
    if (rc != ARGS_GO_ON)
        return rc;
    s.folder = argv[0];
    return split(&s);
}
