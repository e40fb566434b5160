/* SPDX-License-Identifier: MIT
 *
 * catdog sheet: draws the images of a training batch, as cnn_dataset_batch() returns them. */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "commands.h"
#include "images/caption.h"
#include "images/sheet.h"
#include "photos/split_list.h"
#include "photos/splits.h"
#include "training/recipe.h"
#include "training/training.h"

/* Pixels between an image and its caption, and the height of the caption. The caption has a line
 * for the class and a line for the file name. */
enum { CAPTION_GAP = 2, CAPTION = 2 * CAPTION_LINE };

static struct {
    const char *folder, *out;
    const char *preset, *recipe; /* NULL if the option is not given */
    size_t count, columns;
    uint32_t threads;
    uint64_t seed;
    cnn_dataset_open_options_t dataset;
    struct splits_source source;
    struct subset_choice choice;
    cnn_preprocess_t preprocess;
    cnn_dataset_batch_options_t batch;
    cnn_train_options_t fit;   /* training options for cnn_dataset_batch */
    struct recipe_texts texts; /* storage for the arrays and strings of fit */
    struct photos_store store;

    /* Option values that are converted to enums later. The option parser writes an int, and an enum
     * may have another size. */
    int resize, decode, layout;
    uint32_t shape[2];
} o = {
    .count = 40,
    .columns = 8,
    .seed = 1,
    .dataset = CNN_INIT(cnn_dataset_open_options_t),
    .source.sizes = CNN_INIT(cnn_dataset_split_options_t),
    .preprocess = CNN_INIT(cnn_preprocess_t),
    .batch = {.struct_size = sizeof o.batch, .shuffle = 1},
    .fit = CNN_INIT(cnn_train_options_t),
    .shape = {94, 125},
};

struct batch {
    size_t n;
    float *x;
    uint32_t *labels;
    size_t *samples;
};

/* Converts a normalised value back to a byte. */
static uint8_t to_byte(const cnn_preprocess_t *p, float value, size_t channel)
{
    const float std = p->std[channel] != 0 ? p->std[channel] : 1;
    const float byte = (value * std + p->mean[channel]) * 255 + 0.5f;

    return (uint8_t)(byte < 0 ? 0 : byte > 255 ? 255 : byte);
}

static void draw_image(const float *x, uint8_t *rgb, size_t stride)
{
    const cnn_preprocess_t *p = &o.preprocess;

    for (size_t row = 0; row < p->height; row++)
        for (size_t i = 0; i < (size_t)p->width * 3; i++)
            rgb[row * stride + i] = to_byte(p, *x++, i % 3);
}

static void draw_caption(const cnn_dataset_t *dataset, size_t index, uint32_t label, uint8_t *rgb,
                         size_t stride)
{
    cnn_sample_t sample = CNN_INIT(cnn_sample_t);
    const size_t width = o.preprocess.width;

    caption_draw(rgb, stride, width, cnn_dataset_class_name(dataset, label));
    if (cnn_dataset_sample(dataset, index, &sample) == CNN_OK)
        caption_draw(rgb + CAPTION_LINE * stride, stride, width, split_list_name(sample.path));
}

static void draw_all(const cnn_dataset_t *dataset, const struct batch *batch,
                     const struct sheet *sheet)
{
    const size_t high = o.preprocess.height, pixels = high * o.preprocess.width;

    for (size_t i = 0; i < batch->n; i++) {
        uint8_t *rgb = sheet_cell(sheet, i);
        draw_image(batch->x + i * pixels * 3, rgb, sheet->stride);
        draw_caption(dataset, batch->samples[i], batch->labels[i],
                     rgb + (high + CAPTION_GAP) * sheet->stride, sheet->stride);
    }
}

static int batch_open(struct batch *batch, size_t n)
{
    *batch = (struct batch){
        .n = n,
        .x = malloc(n * o.preprocess.height * o.preprocess.width * 3 * sizeof *batch->x),
        .labels = malloc(n * sizeof *batch->labels),
        .samples = malloc(n * sizeof *batch->samples),
    };
    return batch->x && batch->labels && batch->samples ? EXIT_SUCCESS : output_no_memory();
}

static void batch_close(struct batch *batch)
{
    free(batch->x);
    free(batch->labels);
    free(batch->samples);
}

static int make_sheet(const struct tool *tool, const cnn_dataset_t *dataset)
{
    const size_t all = cnn_dataset_sample_count(dataset), n = o.count < all ? o.count : all;
    struct sheet sheet;
    struct batch batch = {.x = NULL};
    int rc = sheet_open(&sheet, n, o.columns, o.preprocess.height + CAPTION, o.preprocess.width);

    if (rc != EXIT_SUCCESS || (rc = batch_open(&batch, n)) != EXIT_SUCCESS)
        goto done;
    TOOL_TRY(rc, cnn_dataset_batch(dataset, &o.batch, n, batch.x, batch.labels, batch.samples));
    draw_all(dataset, &batch, &sheet);
    if ((rc = sheet_save(&sheet, tool->context, o.out)) == EXIT_SUCCESS)
        printf("%s: %zu of %zu %s photos\n", o.out, n, all,
               o.choice.list ? o.choice.subset : "training");
done:
    batch_close(&batch);
    sheet_close(&sheet);
    return rc;
}

/* Sets splits->train to the photos of the chosen subset. Without --split, sets it to the training
 * set that catdog train would use. Returns the exit status. */
static int open_photos(const struct tool *tool, struct splits *splits)
{
    int rc = EXIT_SUCCESS;

    if (o.choice.list)
        return subset_open(tool, o.folder, &o.dataset, &o.choice, &splits->train);
    TOOL_TRY(rc, cnn_dataset_open(tool->context, o.folder, &o.dataset, &splits->whole));
    rc = splits_divide(o.folder, &o.source, splits);
done:
    return rc;
}

static int sheet(void)
{
    struct tool tool;
    struct splits splits = {0};
    cnn_preprocess_t loaded = CNN_INIT(cnn_preprocess_t);
    int rc = tool_open(&tool, o.threads, o.seed);

    if (rc != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&tool);
    TOOL_TRY(rc, cnn_train_preprocess(tool.context, &o.preprocess, &o.fit, &loaded));
    rc = open_photos(&tool, &splits);
    if (rc == EXIT_SUCCESS)
        rc = photos_load(&tool, splits.train, &loaded, &o.store, "loaded");
    if (rc == EXIT_SUCCESS)
        rc = make_sheet(&tool, splits.train);
    splits_print_skipped(&splits);
done:
    splits_release(&splits);
    tool_close(&tool);
    return rc;
}

/* ---- options ---- */

static const struct option options[] = {
    ARG_REQUIRED("out", OPTION_OUTPUT, &o.out, "FILE.jpg", "The file for the sheet."),
    ARG_NUMBER("count", OPTION_SIZE, &o.count, "N", "The number of photos. Default: 40.", 1,
               100000),
    ARG_NUMBER("columns", OPTION_SIZE, &o.columns, "N", "Photos in a row. Default: 8.", 1, 10000),
    ARG_NUMBER("epoch", OPTION_U32, &o.batch.epoch, "N",
               "Draw the first photos of this epoch. Default: 1.", 1, 1e6),
    ARG_VALUE("preset", OPTION_PRESET, &o.preset, "NAME",
              "Augment as this preset does. Default: mirror only."),
    RECIPE_OPTION(&o.recipe),
    ARG_TRAINING(&o.fit),
    ARG_VALUE("seed", OPTION_SEED, &o.seed, "S", "The seed of catdog train. Default: 1."),
    ARG_NUMBER("train", OPTION_SIZE, &o.source.sizes.n_train, "N",
               "The number of training photos, as for catdog train.", 1, 1e9),
    ARG_NUMBER("val", OPTION_SIZE, &o.source.sizes.n_validation, "N",
               "The number of validation photos, as for catdog train.", 1, 1e9),
    SUBSET_OPTIONS(&o.choice),
    TOOL_SIZE(o.shape),
    TOOL_FIT(&o.resize),
    TOOL_DECODE(&o.decode),
    ARG_NUMBER("mean", OPTION_TRIPLE, o.preprocess.mean, "R,G,B",
               "As for catdog train. The sheet shows pixels without normalisation.", -1000, 1000),
    ARG_NUMBER("std", OPTION_TRIPLE, o.preprocess.std, "R,G,B", "As for catdog train.", FLT_MIN,
               1000),
    TOOL_LAYOUT(&o.layout),
    TOOL_STRICT(&o.dataset.strict),
    PHOTOS_STORE_OPTIONS(&o.store),
    ARG_THREADS(&o.threads),
    ARG_END,
};

static int set_defaults(void)
{
    int rc;

    if (!o.recipe)
        return EXIT_SUCCESS;
    if (o.preset)
        return command_usage(&command_sheet, "--recipe names the network: it excludes --preset");
    rc = recipe_read(o.recipe, &o.fit, &o.preprocess, &o.texts, &o.seed, &o.preset);
    o.resize = (int)o.preprocess.fit;
    o.decode = (int)o.preprocess.decode;
    o.shape[0] = o.preprocess.height;
    o.shape[1] = o.preprocess.width;
    return rc;
}

static int check(void)
{
    if (o.choice.list && (o.source.sizes.n_train || o.source.sizes.n_validation))
        return command_usage(&command_sheet,
                             "--split lists the photos: it excludes --train and --val");
    return subset_check(&command_sheet, &o.choice);
}

static void complete(void)
{
    if (o.preset)
        training_set_batches(o.preset, &o.fit);
    else if (!o.recipe && !o.fit.mirror)
        o.fit.mirror = 1;
    o.batch.training = &o.fit;
    o.preprocess.height = o.shape[0];
    o.preprocess.width = o.shape[1];
    o.preprocess.fit = (cnn_fit_t)o.resize;
    o.preprocess.decode = (cnn_decode_t)o.decode;
    o.dataset.layout = (cnn_layout_t)o.layout;
}

static int run(char **files, size_t n_files)
{
    const int rc = check();

    (void)n_files;
    if (rc != EXIT_SUCCESS)
        return rc;
    o.folder = files[0];
    complete();
    return sheet();
}

static const struct example examples[] = {
    {"catdog sheet photos --out sheet.jpg", "Draw photos with their labels."},
    {"catdog sheet photos --crop-area 0.5 --rotation 15 --out sheet.jpg",
     "Judge an augmentation by eye before you train with it."},
    {"catdog sheet photos --split wrong.txt --subset mistake --out wrong.jpg",
     "Draw the photos that catdog evaluate --mistakes-out wrote."},
    {NULL, NULL},
};

const struct command command_sheet = {
    .name = "sheet",
    .summary = "draw photos with their labels as a network sees them",
    .synopsis = "DIR --out FILE.jpg [options]",
    .description =
        "This command draws the first photos that catdog train would train on with the same "
        "options, as its network gets them: resized, augmented and mixed, in the same order. The "
        "class and the file name stand below each photo. For a mixed image they belong to the "
        "photo with the larger weight."
        "\n\n"
        "All training options of catdog train are accepted. Options that do not change images have "
        "no effect.",
    .options = options,
    .examples = examples,
    .stopped = "Ctrl-C (SIGINT) stopped the command. No sheet was written.",
    .min_files = 1,
    .max_files = 1,
    .set_defaults = set_defaults,
    .run = run,
};
