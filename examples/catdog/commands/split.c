/* SPDX-License-Identifier: MIT
 *
 * catdog split: divides photos into training, validation and test sets. */
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "base/save.h"
#include "commands.h"
#include "photos/photos.h"
#include "photos/split_list.h"

/* The mark of a photo states its subset; REST means none. For cross-validation, marks 1, 2, ... are
 * the numbers of the folds. */
enum { REST, TRAIN, VALIDATION, TEST, MAX_FOLDS = 100 };

static struct {
    const char *folder, *out;
    size_t test, folds; /* size of the test set and number of folds, or 0 */
    cnn_dataset_split_options_t sizes;
    uint64_t seed;
    uint32_t threads;
    int layout, group_duplicates;
    struct tool tool;
    cnn_dataset_t *whole;
    unsigned char *marks; /* mark of each photo */
} s = {.sizes = CNN_INIT(cnn_dataset_split_options_t), .seed = 1};

/* ---- drawing ---- */

/* Draws n photos at random from *rest, marks them and removes them from *rest. */
static int draw(cnn_dataset_t **rest, size_t n, unsigned char mark)
{
    const cnn_dataset_split_options_t options = {.struct_size = sizeof options, .n_validation = n};
    cnn_dataset_t *drawn = NULL, *left = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, cnn_dataset_split(*rest, &options, &left, &drawn));
    photos_mark(s.whole, drawn, s.marks, mark);
    if (*rest != s.whole)
        cnn_dataset_free(*rest);
    *rest = left;
done:
    cnn_dataset_free(drawn);
    return rc;
}

static int draw_folds(cnn_dataset_t **rest)
{
    int rc = EXIT_SUCCESS;

    for (size_t k = 1; k < s.folds && rc == EXIT_SUCCESS; k++) {
        const size_t left = s.folds - k + 1;
        rc = draw(rest, (cnn_dataset_sample_count(*rest) + left / 2) / left, (unsigned char)k);
    }
    if (rc == EXIT_SUCCESS)
        photos_mark(s.whole, *rest, s.marks, (unsigned char)s.folds);
    return rc;
}

/* Draws the test set from *rest. Then divides the remaining photos into a training and a validation
 * set in the same way as catdog train. */
static int draw_sets(cnn_dataset_t **rest)
{
    cnn_dataset_t *train = NULL, *validation = NULL;
    int rc = s.test ? draw(rest, s.test, TEST) : EXIT_SUCCESS;

    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, cnn_dataset_split(*rest, &s.sizes, &train, &validation));
    photos_mark(s.whole, train, s.marks, TRAIN);
    photos_mark(s.whole, validation, s.marks, VALIDATION);
done:
    cnn_dataset_free(train);
    cnn_dataset_free(validation);
    return rc;
}

/* Gives all photos of a duplicate group the mark of the group's first photo. The survey lists
 * groups of identical files first. If their photos are also in a later group of similar images, its
 * mark replaces the first one. */
static int group_duplicates(void)
{
    struct output_progress progress = {"surveyed", output_now()};
    const cnn_survey_options_t options = {.struct_size = sizeof options,
                                          .progress = output_progress_step,
                                          .user = &progress,
                                          .cancel = s.tool.cancel};
    cnn_duplicate_group_t group = CNN_INIT(cnn_duplicate_group_t);
    cnn_survey_t *survey = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, cnn_survey_create(s.whole, &options, &survey));
    output_bar_wipe();
    for (size_t i = 0; i < cnn_survey_duplicate_group_count(survey); i++)
        if (cnn_survey_duplicate_group(survey, i, &group) == CNN_OK)
            for (size_t k = 1; k < group.n_photos; k++)
                s.marks[group.photos[k]] = s.marks[group.photos[0]];
done:
    cnn_survey_free(survey);
    return rc;
}

/* ---- writing ---- */

/* Writes the photos that have the mark as the subset `name`. If `others` is 1, writes the photos
 * that have any other mark except REST. */
static int write_subset(FILE *stream, const char *name, unsigned char mark, int others)
{
    const size_t all = cnn_dataset_sample_count(s.whole);
    size_t *indices = calloc(all, sizeof *indices), n = 0;
    cnn_dataset_t *subset = NULL;
    int rc = EXIT_SUCCESS;

    if (!indices)
        return output_no_memory();
    for (size_t i = 0; i < all; i++)
        if (s.marks[i] != REST && (s.marks[i] == mark) != others)
            indices[n++] = i;
    if (n == 0) {
        rc = output_failure("no photo is left for subset \"%s\"", name);
        goto done;
    }
    TOOL_TRY(rc, cnn_dataset_subset(s.whole, indices, n, &subset));
    split_list_write(stream, name, subset);
    photos_print_classes(stdout, name, subset);
done:
    cnn_dataset_free(subset);
    free(indices);
    return rc;
}

/* Writes a split list. fold: the number of the fold that becomes the validation set, or 0 if there
 * are no folds. */
static int write_list(const char *path, unsigned char fold)
{
    struct save save;
    int rc = save_open(&save, path);

    if (rc != EXIT_SUCCESS)
        return rc;
    printf("%s\n", path);
    rc = write_subset(save.stream, "train", fold ? fold : TRAIN, fold != 0);
    if (rc == EXIT_SUCCESS)
        rc = write_subset(save.stream, "validation", fold ? fold : VALIDATION, 0);
    if (rc == EXIT_SUCCESS && s.test)
        rc = write_subset(save.stream, "test", TEST, 0);
    if (rc == EXIT_SUCCESS)
        return save_commit(&save);
    save_discard(&save);
    return rc;
}

static int write_folds(void)
{
    const size_t size = strlen(s.out) + 8;
    char *path = malloc(size);
    int rc = EXIT_SUCCESS;

    if (!path)
        return output_no_memory();
    for (size_t k = 1; k <= s.folds && rc == EXIT_SUCCESS; k++) {
        snprintf(path, size, "%s.%zu", s.out, k);
        rc = write_list(path, (unsigned char)k);
    }
    free(path);
    return rc;
}

/* ---- the command ---- */

static int split(void)
{
    const cnn_dataset_open_options_t options = {.struct_size = sizeof options,
                                                .layout = (cnn_layout_t)s.layout};
    cnn_dataset_t *rest = NULL;
    int rc = tool_open(&s.tool, s.threads, s.seed);

    if (rc != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&s.tool);
    TOOL_TRY(rc, cnn_dataset_open(s.tool.context, s.folder, &options, &s.whole));
    photos_print_skipped(&s.whole, 1);
    rest = s.whole;
    s.marks = calloc(cnn_dataset_sample_count(s.whole), 1);
    if (!s.marks) {
        rc = output_no_memory();
        goto done;
    }
    rc = s.folds ? draw_folds(&rest) : draw_sets(&rest);
    if (rc == EXIT_SUCCESS && s.group_duplicates)
        rc = group_duplicates();
    if (rc == EXIT_SUCCESS)
        rc = s.folds ? write_folds() : write_list(s.out, 0);
done:
    if (rest != s.whole)
        cnn_dataset_free(rest);
    cnn_dataset_free(s.whole);
    free(s.marks);
    tool_close(&s.tool);
    return rc;
}

static const struct option options[] = {
    ARG_REQUIRED("out", OPTION_OUTPUT, &s.out, "FILE", "The file for the split list."),
    ARG_NUMBER("train", OPTION_SIZE, &s.sizes.n_train, "N",
               "The number of training photos. Default: all others.", 1, 1e9),
    ARG_NUMBER("val", OPTION_SIZE, &s.sizes.n_validation, "N",
               "The number of validation photos. Default: 20 % of what the test set leaves.", 1,
               1e9),
    ARG_NUMBER("test", OPTION_SIZE, &s.test, "N",
               "The number of test photos, which are drawn first. Default: none.", 1, 1e9),
    ARG_NUMBER("folds", OPTION_SIZE, &s.folds, "K",
               "Write K lists, FILE.1 to FILE.K, for cross-validation. Each photo is a validation "
               "photo in one list and a training photo in all others.",
               2, MAX_FOLDS),
    ARG_FLAG("group-duplicates", &s.group_duplicates,
             "Put duplicates, as catdog survey finds them, into the same subset. A subset may then "
             "be a few photos larger or smaller."),
    ARG_VALUE("seed", OPTION_SEED, &s.seed, "S", "The seed of the draw. Default: 1."),
    TOOL_LAYOUT(&s.layout),
    ARG_THREADS(&s.threads),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog split photos --test 2000 --val 2000 --out split.txt",
     "Draw a test set and a validation set. All other photos are for training."},
    {"catdog train photos --preset conv48x2 --split split.txt", "Train with this split."},
    {NULL, NULL},
};

static int run(char **files, size_t n_files)
{
    (void)n_files;
    if (s.folds && (s.test || s.sizes.n_train || s.sizes.n_validation))
        return command_usage(&command_split,
                             "--folds uses all photos: it excludes --train, --val and --test");
    s.folder = files[0];
    return split();
}

const struct command command_split = {
    .name = "split",
    .summary = "divide photos into training, validation and test sets",
    .synopsis = "DIR --out FILE [options]",
    .description =
        "This command draws photos for training, validation and test, each set with the class "
        "proportions of the folder, and writes a split list. The option --split of other commands "
        "reads it. A line of the list is the name of the subset, a tab, and the path of the photo."
        "\n\n"
        "Without --test and --group-duplicates the sets are the same as catdog train draws with "
        "the same sizes and seed.",
    .options = options,
    .examples = examples,
    .stopped = "Ctrl-C (SIGINT) stopped the command. No list was written.",
    .min_files = 1,
    .max_files = 1,
    .run = run,
};
