/* SPDX-License-Identifier: MIT
 *
 * Recipes: given options are used, missing ones have their defaults, and faults are refused by
 * name. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/file.h"
#include "core/memory.h"
#include "io/graph_json.h"
#include "model/model.h"
#include "support/photo_folder.h"
#include "support/toy.h"
#include "train/train_fields.h"

static cnn_context_t *context;
static cnn_recipe_t *recipe;

static void setup(void)
{
    context = toy_context(2);
    recipe = NULL;
}

static void teardown(void)
{
    cnn_recipe_free(recipe);
    cnn_context_free(context);
}

static void load(const char *text)
{
    cnn_recipe_free(recipe);
    ck_assert_msg(cnn_recipe_load_memory(context, text, strlen(text), &recipe) == CNN_OK, "%s",
                  cnn_error_message());
}

START_TEST(of_a_preset)
{
    static const char *const classes[] = {"a", "b", "c"};
    const cnn_model_options_t three = {sizeof three, .classes = classes, .n_classes = 3};
    cnn_train_options_t o = {.struct_size = sizeof o, .epochs = 77};
    cnn_preprocess_t p = {.struct_size = sizeof p};
    cnn_model_t *model;

    load("{\"preset\": \"conv24\", \"initializer\": \"he_normal\", \"training\": {\"epochs\": 7,"
         "\"learning_rate\": 0.25, \"schedule\": \"step\", \"optimizer\": \"sgd\", \"mirror\": "
         "false,"
         "\"weight_decay\": 0, \"warmup_epochs\": 0, \"loss\": \"cross_entropy\", \"seed\": 5,"
         "\"label_smoothing\": 0.1, \"crop_area\": 0.5, \"average_decay\": 0.999,"
         "\"freeze\": \"conv2d\"}}");
    ck_assert_int_eq(cnn_recipe_train_options(recipe, &o), CNN_OK);
    ck_assert(o.epochs == 7 && o.learning_rate == 0.25f && o.seed == 5 && o.batch_size == 0);
    ck_assert(o.schedule == CNN_SCHEDULE_STEP && o.optimizer == CNN_OPTIMIZER_SGD);
    ck_assert(o.loss == CNN_LOSS_CROSS_ENTROPY && o.label_smoothing == 0.1f);
    ck_assert(o.crop_area == 0.5f && o.average_decay == 0.999f && o.mixup == 0);
    ck_assert_str_eq(cnn_recipe_preset(recipe), "conv24");
    ck_assert_str_eq(o.freeze, "conv2d");
    /* "off" in the recipe, so the preset does not count */
    ck_assert(o.mirror == -1 && o.weight_decay == -1 && o.warmup_epochs == -1);
    ck_assert_int_eq(cnn_recipe_preprocess(recipe, &p), CNN_OK);
    ck_assert(p.height == 94 && p.width == 125 && p.mean[0] == 0.5f && p.std[2] == 0.25f);
    ck_assert_int_eq(cnn_recipe_create_model(recipe, NULL, &model), CNN_OK);
    ck_assert_uint_eq(cnn_model_class_count(model), 2);
    ck_assert_ptr_nonnull(strstr(cnn_model_metadata(model, "recipe"), "\"learning_rate\":0.25"));
    cnn_model_free(model);
    ck_assert_int_eq(cnn_recipe_create_model(recipe, &three, &model), CNN_OK);
    ck_assert_str_eq(cnn_model_class_name(model, 2), "c");
    cnn_model_free(model);
}
END_TEST

/* A recipe made from the graph of a model gives the same graph, which trains with the options of
 * the recipe. */
START_TEST(of_a_graph)
{
    cnn_model_t *plain = toy_model(context, TOY_FULL, 2, 3), *model;
    cnn_dataset_t *data = toy_data(context, 40, 2, 1);
    cnn_train_options_t o = {.struct_size = sizeof o};
    const char *const classes[] = {cnn_dataset_class_name(data, 0),
                                   cnn_dataset_class_name(data, 1)};
    const cnn_model_options_t named = {sizeof named, .classes = classes, .n_classes = 2};
    char text[8192], *graph, *again;

    ck_assert_int_eq(cd_graph_to_json(plain->graph, &graph), CNN_OK);
    snprintf(text, sizeof text, "{\"graph\": %s, \"training\": {\"epochs\": 1, \"mixup\": 0.2}}",
             graph);
    load(text);
    ck_assert_int_eq(cnn_recipe_create_model(recipe, &named, &model), CNN_OK);
    ck_assert_int_eq(cd_graph_to_json(cnn_model_graph(model), &again), CNN_OK);
    ck_assert_str_eq(graph, again);
    ck_assert_int_eq(cnn_recipe_train_options(recipe, &o), CNN_OK);
    ck_assert_int_eq(cnn_model_train(model, data, NULL, &o, NULL), CNN_OK);
    ck_assert_ptr_nonnull(strstr(cnn_model_metadata(model, "training"), "\"mixup\": 0.2"));
    cd_free(context, graph);
    cd_free(context, again);
    cnn_dataset_free(data);
    cnn_model_free(plain);
    cnn_model_free(model);
}
END_TEST

static void refused(const char *text, const char *says)
{
    cnn_recipe_t *none = (cnn_recipe_t *)context;

    ck_assert_msg(cnn_recipe_load_memory(context, text, strlen(text), &none) == CNN_ERROR_ARGUMENT,
                  "%s", text);
    ck_assert_ptr_null(none);
    ck_assert_msg(strstr(cnn_error_message(), says) && strstr(cnn_error_message(), "in memory: "),
                  "\"%s\" does not say %s", cnn_error_message(), says);
}

#define TRAINING(text) "{\"preset\": \"mlp\", \"training\": {" text "}}"

/* A network for images of 4 x 5 pixels; `rest` is more of the recipe. */
#define GRAPH(units, activation, rest)                                                             \
    "{\"graph\": {\"layers\": ["                                                                   \
    "{\"type\": \"input\", \"name\": \"input\", \"height\": 4, \"width\": 5, \"channels\": 3},"    \
    "{\"type\": \"flatten\", \"name\": \"flatten\", \"inputs\": [\"input\"]},"                     \
    "{\"type\": \"dense\", \"name\": \"head\", \"inputs\": [\"flatten\"], \"units\": " units ","   \
    "\"activation\": \"" activation "\", \"bias\": true, \"initializer\": \"default\"}]}, " rest   \
    "}"
#define PREPROCESS(height, width)                                                                  \
    "\"preprocess\": {\"height\": " height ", \"width\": " width ", \"fit\": \"squash\","          \
    "\"pad\": [0, 0, 0], \"mean\": [0, 0, 0], \"std\": [1, 1, 1]}"

START_TEST(class_weights)
{
    cnn_train_options_t o = {.struct_size = sizeof o};

    load("{\"preset\": \"mlp\", \"training\": {\"class_weight\": \"auto\"}}");
    ck_assert_int_eq(cnn_recipe_train_options(recipe, &o), CNN_OK);
    ck_assert(o.class_weight == CNN_CLASS_WEIGHT_AUTO && !o.class_weights);
    load("{\"preset\": \"mlp\", \"training\": {\"class_weight\": [1, 0, 2.5]}}");
    ck_assert_int_eq(cnn_recipe_train_options(recipe, &o), CNN_OK);
    ck_assert(o.class_weight == CNN_CLASS_WEIGHT_VALUES && o.n_class_weights == 3);
    ck_assert(o.class_weights[0] == 1 && o.class_weights[1] == 0 && o.class_weights[2] == 2.5);
}
END_TEST

/* The reference page lists exactly the keys that "training" accepts. */
START_TEST(documented)
{
    static const char *const others[] = {"`class_weight`", "`freeze`"};
    char name[64], *list, *end;
    uint8_t *bytes;
    size_t size;

    ck_assert_int_eq(cd_file_read(context, "docs/reference/file-formats.md", 1 << 20,
                                  CNN_ERROR_IO, &bytes, &size),
                     CNN_OK);
    bytes[size - 1] = '\0';
    ck_assert_ptr_nonnull(list = strstr((char *)bytes, "The options of `training` are "));
    ck_assert_ptr_nonnull(end = strstr(list, "\n\n"));
    *end = '\0';
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_ptr_nonnull(strstr(list, others[i]));
    for (size_t i = 0; i < cd_train_field_count(); i++) {
        snprintf(name, sizeof name, "`%s`", cd_train_field_at(i)->name);
        ck_assert_msg(strstr(list, name) != NULL, "%s is not listed", name);
    }
    size = 0;
    for (const char *mark = list; (mark = strchr(mark, '`')); mark++)
        size++;
    ck_assert_uint_eq(size / 2, 1 + cd_train_field_count() + sizeof others / sizeof *others);
    cd_free(context, bytes);
}
END_TEST

static int lines;

static void count_line(cnn_log_level_t level, const char *text, void *user)
{
    (void)level;
    (void)user;
    lines++;
    ck_assert_ptr_nonnull(strstr(text, "recipe in memory"));
}

/* Each fault is logged in one line that names the recipe. */
START_TEST(logged_once)
{
    static const char *const texts[] = {
        "{\"preset\": \"mlp\", \"training\": {\"rotation\": 181}}",
        "{\"preset\": \"mlp\", \"training\": {\"learning_rate\": -1}}",
        "{\"preset\": \"mlp\", \"training\": {\"class_weight\": [0]}}",
        "{\"preset\": \"mlp\", \"training\": {\"rotate\": 1}}",
        GRAPH("1", "sigmoid", "\"training\": {\"loss\": \"cross_entropy\"}"),
        GRAPH("1", "sigmoid", PREPROCESS("5", "4")),
    };
    const cnn_context_options_t options = {.struct_size = sizeof options, .log = count_line};
    cnn_context_t *logged;

    ck_assert_int_eq(cnn_context_create(&options, &logged), CNN_OK);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        lines = 0;
        ck_assert_int_eq(cnn_recipe_load_memory(logged, texts[i], strlen(texts[i]), &recipe),
                         CNN_ERROR_ARGUMENT);
        ck_assert_int_eq(lines, 1);
    }
    cnn_context_free(logged);
}
END_TEST

/* Recipes whose parts fit together. */
START_TEST(of_one_piece)
{
    load(GRAPH("1", "sigmoid", PREPROCESS("4", "5")));
    load(GRAPH("1", "sigmoid", "\"training\": {\"loss\": \"binary_cross_entropy\"}"));
    load(GRAPH("1", "sigmoid", "\"training\": {\"class_weight\": [1, 2]}"));
    load(GRAPH("3", "softmax", "\"training\": {\"loss\": \"cross_entropy\"}"));
    load(GRAPH("3", "softmax", "\"training\": {\"class_weight\": [1, 2, 3]}"));
    load(GRAPH("3", "relu", "\"training\": {\"loss\": \"mse\"}"));
}
END_TEST

/* Recipes whose parts do not fit together. */
START_TEST(of_several_pieces)
{
    refused(GRAPH("1", "sigmoid", PREPROCESS("4", "6")),
            "\"preprocess\" is of 4 x 6 pixels; the graph's input is 4 x 5");
    refused(GRAPH("1", "sigmoid", PREPROCESS("5", "5")), "\"preprocess\"");
    refused(GRAPH("1", "sigmoid", "\"training\": {\"loss\": \"cross_entropy\"}"),
            "\"loss\": the loss cross_entropy needs two or more softmax outputs");
    refused(GRAPH("2", "softmax", "\"training\": {\"loss\": \"binary_cross_entropy\"}"),
            "\"loss\"");
    refused(GRAPH("1", "sigmoid", "\"training\": {\"class_weight\": [1, 2, 3]}"),
            "\"class_weight\" has 3 values; the graph has 2 classes");
    refused(GRAPH("3", "softmax", "\"training\": {\"class_weight\": [1, 2]}"), "\"class_weight\"");
}
END_TEST

START_TEST(wrong)
{
    refused("", "not valid JSON");
    refused("[]", "not a JSON object");
    refused("{}", "one of \"preset\" and \"graph\"");
    refused("{\"preset\": \"mlp\", \"preset\": \"mlp\"}", "not valid JSON");
    refused("{\"preset\": \"none\"}", "\"preset\"");
    refused("{\"preset\": 3}", "\"preset\"");
    refused("{\"preset\": \"mlp\", \"colour\": 3}", "\"colour\" is not known");
    refused("{\"preset\": \"mlp\", \"initializer\": \"zero\"}", "\"initializer\"");
    refused("{\"preset\": \"mlp\", \"training\": 3}", "\"training\"");
    refused("{\"preset\": \"mlp\", \"preprocess\": {\"height\": 3}}", "\"width\" is missing");
    refused("{\"graph\": {\"layers\": [{\"type\": \"input\", \"name\": \"x\"}]}}", "\"height\"");
    refused("{\"graph\": 1}", "\"graph\"");
    refused("{\"graph\": {\"layers\": []}}", "\"graph\" is of a network that does not see photos");
    refused(TRAINING("\"epoch\": 3"), "\"epoch\" is not known");
    refused(TRAINING("\"checkpoint\": \"file\""), "\"checkpoint\" is not known");
    refused(TRAINING("\"epochs\": 2.5"), "epochs must be a whole number, at least 1");
    refused(TRAINING("\"epochs\": -1"), "epochs must be");
    refused(TRAINING("\"epochs\": 0"), "epochs must be a whole number, at least 1");
    refused(TRAINING("\"beta1\": 0"), "beta1 must be above 0 and below 1");
    refused(TRAINING("\"mirror\": 1"), "mirror must be true or false");
    refused(TRAINING("\"schedule\": \"soon\""), "schedule must be constant, step or cosine");
    refused(TRAINING("\"crop_area\": 1.5"), "crop_area must be from 0 to 1");
    refused(TRAINING("\"class_weight\": \"some\""), "\"class_weight\"");
    refused(TRAINING("\"class_weight\": []"), "\"class_weight\"");
    refused(TRAINING("\"class_weight\": [1, true]"), "\"class_weight\"");
    refused(TRAINING("\"class_weight\": [1, -1]"), "class_weights[1]");
    refused(TRAINING("\"freeze\": 3"), "\"freeze\"");
    refused(TRAINING("\"freeze\": \"conv9\""), "no layer \"conv9\"");
    refused(TRAINING("\"freeze\": \"dense_1\""), "nothing is left");
    refused(TRAINING("\"learning_rate\": null"), "learning_rate must be");
    refused(TRAINING("\"learning_rate\": -1"), "learning_rate must be above 0 and finite");
    refused(TRAINING("\"learning_rate\": 1e-60"), "learning_rate must be above 0");
    refused(TRAINING("\"crop_area\": 1e-60"), "crop_area must be");
    refused(TRAINING("\"rotation\": -1e-60"), "rotation must be");
    refused(TRAINING("\"rotation\": -1"), "rotation must be from 0 to 180");
    refused(TRAINING("\"weight_decay\": -0.05"), "weight_decay must be at least 0 and finite");
    refused(TRAINING("\"weight_decay\": -1e-60"), "weight_decay must be");
    refused(TRAINING("\"warmup_epochs\": -1"), "warmup_epochs must be");
    refused(TRAINING("\"patience\": -1"), "patience must be");
    ck_assert_int_eq(cnn_recipe_load(context, "/no/such/recipe.json", &recipe), CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "/no/such/recipe.json"));
    ck_assert_int_eq(cnn_recipe_load(context, NULL, &recipe), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_recipe_load(NULL, "x", &recipe), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_recipe_preprocess(NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_recipe_train_options(NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_recipe_create_model(NULL, NULL, NULL), CNN_ERROR_ARGUMENT);
}
END_TEST

Suite *suite_recipe(void)
{
    Suite *suite = suite_create("recipe");
    TCase *tc = tcase_create("recipe");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, of_a_preset);
    tcase_add_test(tc, of_a_graph);
    tcase_add_test(tc, class_weights);
    tcase_add_test(tc, documented);
    tcase_add_test(tc, logged_once);
    tcase_add_test(tc, of_one_piece);
    tcase_add_test(tc, of_several_pieces);
    tcase_add_test(tc, wrong);
    suite_add_tcase(suite, tc);
    return suite;
}
