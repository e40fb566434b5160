/* SPDX-License-Identifier: MIT
 *
 * catdog sheet: a contact sheet of what a network will really see, from the function that fills
 * training's batches. */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "training/augmentation.h"
#include "base/output.h"
#include "photos/split_list.h"
#include "photos/photos.h"
#include "base/save.h"
#include "images/caption.h"
#include "base/tool.h"
#include "training/training.h"

enum { GAP = 4, LINES = 2, CAPTION = LINES * SHEET_LINE, MOST_PIXELS = 200000000 };

struct options {
    const char *folder, *out;
    const char *preset, *recipe; /* or NULL */
    size_t count, columns;
    uint32_t threads;
    uint64_t seed;
    cnn_dataset_open_options_t dataset;
    cnn_dataset_split_options_t split;
    struct part_choice choice;
    cnn_preprocess_t preprocess; /* height and width are not 0 */
    cnn_dataset_batch_options_t batch;
    struct recipe_texts texts; /* a recipe's */
    cnn_train_options_t fit;              /* for batch */
    struct photos_store store;
};

/* A batch and the picture that is made of it. */
struct sheet {
    float *x;
    uint32_t *labels;
    size_t *samples;
    uint8_t *rgb;
    size_t height, width;
};

/* The network's number back to a byte. */
static uint8_t to_byte(const cnn_preprocess_t *p, float value, size_t channel)
{
    const float std = p->std[channel] != 0 ? p->std[channel] : 1;
    const float byte = (value * std + p->mean[channel]) * 255 + 0.5f;

    return (uint8_t)(byte < 0 ? 0 : byte > 255 ? 255 : byte);
}

static void draw_picture(const cnn_preprocess_t *p, const float *x, uint8_t *rgb, size_t stride)
{
    for (size_t row = 0; row < p->height; row++)
        for (size_t i = 0; i < (size_t)p->width * 3; i++)
            rgb[row * stride + i] = to_byte(p, *x++, i % 3);
}

static void draw_caption(const cnn_dataset_t *dataset, size_t index, uint32_t label, uint8_t *rgb,
                         size_t stride, size_t width)
{
    cnn_sample_t sample = {.struct_size = sizeof sample};
    const char *name;

    sheet_text(rgb, stride, width, cnn_dataset_class_name(dataset, label));
    if (cnn_dataset_sample(dataset, index, &sample) != CNN_OK)
        return;
    name = strrchr(sample.path, '/');
    sheet_text(rgb + SHEET_LINE * stride, stride, width, name ? name + 1 : sample.path);
}

static void draw_all(const struct options *o, size_t n, const cnn_dataset_t *dataset,
                     const struct sheet *s)
{
    const size_t high = o->preprocess.height, wide = o->preprocess.width, stride = s->width * 3;

    for (size_t i = 0; i < n; i++) {
        uint8_t *rgb = s->rgb + (GAP + i / o->columns * (high + CAPTION + GAP)) * stride +
                       (GAP + i % o->columns * (wide + GAP)) * 3;
        draw_picture(&o->preprocess, s->x + i * high * wide * 3, rgb, stride);
        draw_caption(dataset, s->samples[i], s->labels[i], rgb + (high + 2) * stride, stride, wide);
    }
}

static int failed(const char *why)
{
    output_message("%s", why);
    return EXIT_FAILURE;
}

static int allocate(const struct options *o, size_t n, struct sheet *s)
{
    const size_t high = o->preprocess.height, wide = o->preprocess.width;
    const size_t columns = n < o->columns ? n : o->columns, rows = (n - 1) / o->columns + 1;

    s->height = GAP + rows * (high + CAPTION + GAP);
    s->width = GAP + columns * (wide + GAP);
    if (s->height > 65500 || s->width > 65500 || s->height > MOST_PIXELS / s->width)
        return failed("the sheet would be too large; smaller --count, --columns or --size");
    s->x = malloc(n * high * wide * 3 * sizeof *s->x);
    s->labels = malloc(n * sizeof *s->labels);
    s->samples = malloc(n * sizeof *s->samples);
    s->rgb = calloc(s->height, s->width * 3);
    return s->x && s->labels && s->samples && s->rgb ? EXIT_SUCCESS : failed("out of memory");
}

static int make_sheet(const struct options *o, const struct tool *tool,
                      const cnn_dataset_t *dataset, struct sheet *s)
{
    const size_t all = cnn_dataset_sample_count(dataset), n = o->count < all ? o->count : all;
    cnn_image_t *image = NULL;
    int rc = allocate(o, n, s);

    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, cnn_dataset_batch(dataset, &o->batch, n, s->x, s->labels, s->samples));
    draw_all(o, n, dataset, s);
    TOOL_TRY(rc, cnn_image_create(tool->context, s->height, s->width, 0, s->rgb, &image));
    TOOL_TRY(rc, cnn_image_save(image, o->out, 90));
    printf("%s: %zu of %zu %s photos\n", o->out, n, all,
           o->choice.list ? o->choice.part : "training");
done:
    cnn_image_free(image);
    return rc;
}

/* The photos to draw from: of a list's part, or those that training would have. */
static int open_photos(const struct options *o, const struct tool *tool, struct parts *parts)
{
    int rc = EXIT_SUCCESS;

    if (o->choice.list)
        return part_choice_open(tool, o->folder, &o->dataset, &o->choice, &parts->train);
    TOOL_TRY(rc, cnn_dataset_open(tool->context, o->folder, &o->dataset, &parts->whole));
    TOOL_TRY(rc, cnn_dataset_split(parts->whole, &o->split, &parts->train, &parts->validation));
done:
    return rc;
}

static int sheet(const struct options *o)
{
    struct tool tool;
    struct parts parts = {0};
    struct sheet s = {.x = NULL};
    cnn_preprocess_t loaded = {.struct_size = sizeof loaded};
    int rc = tool_open(&tool, o->threads, o->seed);

    if (rc != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&tool);
    TOOL_TRY(rc, cnn_train_preprocess(tool.context, &o->preprocess, &o->fit, &loaded));
    rc = open_photos(o, &tool, &parts);
    if (rc == EXIT_SUCCESS)
        rc = photos_load(&tool, parts.train, &loaded, &o->store, "loaded");
    if (rc == EXIT_SUCCESS)
        rc = make_sheet(o, &tool, parts.train, &s);
    training_print_skipped(&parts);
done:
    free(s.x);
    free(s.labels);
    free(s.samples);
    free(s.rgb);
    training_release(&parts);
    tool_close(&tool);
    return rc;
}

/* Enums go through int: what an enum's size is, is the compiler's choice. */
struct chosen {
    int fit, decode, layout;
    uint32_t shape[2];
};

/* Puts in what the recipe says, as if it had been the defaults. */
static int take_recipe(struct options *o, struct chosen *chosen)
{
    int rc = recipe_read(o->recipe, &o->fit, &o->preprocess, &o->texts, &o->seed,
                         &o->preset);

    chosen->fit = (int)o->preprocess.fit;
    chosen->decode = (int)o->preprocess.decode;
    chosen->shape[0] = o->preprocess.height;
    chosen->shape[1] = o->preprocess.width;
    return rc;
}

static int check(const struct command *command, const struct options *o)
{
    char known[256];

    if (!o->out)
        return args_error(command, "--out FILE.jpg is needed");
    if (o->preset && !training_knows_preset(o->preset, known, sizeof known))
        return args_error(command, "--preset: \"%s\" is not one of %s", o->preset, known);
    if (o->choice.list && (o->split.train || o->split.validation))
        return args_error(command,
                          "--parts says which photos there are, so --train and --val cannot");
    int rc = part_choice_check(command, &o->choice);
    return rc != ARGS_GO_ON || save_check(o->out) == EXIT_SUCCESS ? rc : EXIT_FAILURE;
}

/* What the preset says, and without any what all presets have. */
static void complete(struct options *o, const struct chosen *chosen)
{
    if (o->preset)
        training_batches(o->preset, &o->fit);
    else if (!o->recipe && !o->fit.mirror)
        o->fit.mirror = 1;
    o->batch.training = &o->fit;
    o->preprocess.height = chosen->shape[0];
    o->preprocess.width = chosen->shape[1];
    o->preprocess.fit = (cnn_fit_t)chosen->fit;
    o->preprocess.decode = (cnn_decode_t)chosen->decode;
    o->dataset.layout = (cnn_layout_t)chosen->layout;
}

int command_sheet(int argc, char **argv)
{
    struct options o = {.count = 40,
                        .columns = 8,
                        .seed = 1,
                        .dataset = {.struct_size = sizeof o.dataset},
                        .split = {.struct_size = sizeof o.split},
                        .preprocess = {.struct_size = sizeof o.preprocess},
                        .batch = {.struct_size = sizeof o.batch, .shuffle = 1},
                        .fit = {.struct_size = sizeof o.fit}};
    struct chosen chosen = {.shape = {94, 125}};
    const struct option options[] = {
        ARG_TEXT("out", &o.out, "FILE.jpg", "the sheet (needed)"),
        ARG_NUMBER("count", OPTION_SIZE, &o.count, "N", "photos on it; default 40", 1, 100000),
        ARG_NUMBER("columns", OPTION_SIZE, &o.columns, "N", "default 8", 1, 10000),
        ARG_NUMBER("epoch", OPTION_U32, &o.batch.epoch, "N",
                   "the first that are trained on in this epoch; default 1", 1, 1e6),
        ARG_TEXT("preset", &o.preset, "NAME",
                 "of this network; default: mirrored, as the presets have it"),
        RECIPE_OPTION(&o.recipe),
        AUGMENTATION_OPTIONS(&o.fit),
        ARG_NUMBER("batch", OPTION_U32, &o.fit.batch_size, "N",
                   "as catdog train: photos are mixed within a batch", 1, 65536),
        ARG_NUMBER("seed", OPTION_U64, &o.seed, "S", "as catdog train; default 1", 0, 0),
        ARG_NUMBER("train", OPTION_SIZE, &o.split.train, "N", "as catdog train", 1, 1e9),
        ARG_NUMBER("val", OPTION_SIZE, &o.split.validation, "N", "as catdog train", 1, 1e9),
        PART_OPTIONS(&o.choice),
        ARG_NUMBER("size", OPTION_SHAPE, &chosen.shape, "HxW",
                   "the network's input; default 94x125", 1, 65535),
        ARG_CHOICE("fit", &chosen.fit, "NAME", TOOL_FIT_HELP, tool_fits),
        ARG_CHOICE("decode", &chosen.decode, "NAME", TOOL_DECODE_HELP, tool_decodes),
        ARG_NUMBER("mean", OPTION_TRIPLE, o.preprocess.mean, "R,G,B",
                   "as catdog train; the sheet shows pixels before it", -1000, 1000),
        ARG_NUMBER("std", OPTION_TRIPLE, o.preprocess.std, "R,G,B", "the same", FLT_MIN, 1000),
        ARG_CHOICE("layout", &chosen.layout, "NAME", TOOL_LAYOUT_HELP, tool_layouts),
        ARG_FLAG("strict", &o.dataset.strict, "stop at the first photo that cannot be used"),
        PHOTOS_STORE_OPTIONS(&o.store),
        ARG_THREADS(&o.threads),
        ARG_END,
    };
    const struct command command = {
        .name = "sheet",
        .synopsis = "DIR --out FILE.jpg [options]",
        .about = "Draws the first photos that catdog train with the same options trains on, as its "
                 "network sees\n"
                 "them: resized, augmented, mixed, in that order. Class and file name stand below "
                 "each; of\n"
                 "mixed photos, those of the larger share.",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;

    int rc = args_parse_first(&command, argc, argv);
    if (rc == ARGS_GO_ON && o.recipe && o.preset)
        rc = args_error(&command, "--recipe says what the network is, so --preset cannot");
    if (rc == ARGS_GO_ON && o.recipe)
        rc = take_recipe(&o, &chosen);
    if (rc == ARGS_GO_ON)
        rc = args_parse(&command, argc, argv, &n_files); /* over what the recipe says */
    if (rc == ARGS_GO_ON)
        rc = check(&command, &o);
    if (rc != ARGS_GO_ON)
        return rc;
    o.folder = argv[0];
    complete(&o, &chosen);
    return sheet(&o);
}
