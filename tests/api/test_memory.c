/* SPDX-License-Identifier: MIT
 *
 * Tests cnn_memory_t: compares the predicted memory of a network with the bytes that it
 * allocates. */
#include <check.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <catdog/catdog.h>

/* ---- an allocator that counts bytes ---- */

struct bytes {
    atomic_llong live, most;
};

/* The network is so small that no memory block is aligned to huge pages: the alignment would add to
 * the size. */
enum { HEIGHT = 20, WIDTH = 24, HEAD = 64 };

static void *allocate(size_t size, void *user)
{
    struct bytes *bytes = user;
    char *block = malloc(size + HEAD);
    if (!block)
        return NULL;
    memcpy(block, &size, sizeof size);
    const long long live = atomic_fetch_add(&bytes->live, (long long)size) + (long long)size;
    long long most = atomic_load(&bytes->most);
    while (live > most && !atomic_compare_exchange_weak(&bytes->most, &most, live))
        ;
    return block + HEAD;
}

static void release(void *block, void *user)
{
    struct bytes *bytes = user;
    size_t size;
    if (!block)
        return;
    memcpy(&size, (char *)block - HEAD, sizeof size);
    atomic_fetch_sub(&bytes->live, (long long)size);
    free((char *)block - HEAD);
}

static struct bytes bytes;
static cnn_context_t *context;
static cnn_graph_t *graph;

static void open_preset(const char *name)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 2,
                                           .allocate = allocate, .release = release,
                                           .allocator_user = &bytes};
    atomic_init(&bytes.live, 0);
    atomic_init(&bytes.most, 0);
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    ck_assert_int_eq(cnn_graph_create_preset(context, name, HEIGHT, WIDTH, 1, &graph), CNN_OK);
}

static void close_preset(void)
{
    cnn_graph_free(graph);
    cnn_context_free(context);
    ck_assert_int_eq(atomic_load(&bytes.live), 0);
}

static cnn_memory_info_t needs_frozen(uint32_t batch, int training, cnn_optimizer_t optimizer,
                                      const char *freeze)
{
    const cnn_train_options_t train = {
        .struct_size = sizeof train, .optimizer = optimizer, .freeze = freeze};
    const cnn_memory_options_t options = {
        .struct_size = sizeof options, .batch_size = batch, .training = training ? &train : NULL};
    cnn_memory_info_t info = {.struct_size = sizeof info};
    cnn_memory_t *memory;
    const long long before = atomic_load(&bytes.live);
    atomic_store(&bytes.most, before);
    ck_assert_int_eq(cnn_memory_create(graph, &options, &memory), CNN_OK);
    ck_assert_int_eq(cnn_memory_info(memory, &info), CNN_OK);
    cnn_memory_free(memory);
    ck_assert_int_eq(atomic_load(&bytes.live), before);
    ck_assert_int_lt(atomic_load(&bytes.most) - before, 64 << 10); /* no large temporary memory */
    return info;
}

static cnn_memory_info_t needs(uint32_t batch, int training, cnn_optimizer_t optimizer)
{
    return needs_frozen(batch, training, optimizer, NULL);
}

/* Checks that the allocated memory is the predicted memory plus at most 64 KiB for handles,
 * alignment and history. */
static void expect_taken(uint64_t predicted, long long taken)
{
    const long long slack = 64 << 10;
    ck_assert_msg(taken >= (long long)predicted && taken <= (long long)predicted + slack,
                  "%lld bytes taken, %llu predicted", taken, (unsigned long long)predicted);
}

/* ---- prediction and allocation ---- */

static const char *const networks[] = {"mlp", "conv24", "conv48x2"};

START_TEST(a_session)
{
    open_preset(networks[_i]);
    const cnn_memory_info_t predicted = needs(7, 0, CNN_OPTIMIZER_ADAM);
    const cnn_session_options_t options = {.struct_size = sizeof options, .batch_size = 7};
    const long long before = atomic_load(&bytes.live);
    cnn_model_t *model;
    cnn_session_t *session;
    ck_assert_int_eq(cnn_model_create(graph, NULL, &model), CNN_OK);
    ck_assert_int_eq(cnn_session_create(model, &options, &session), CNN_OK);
    expect_taken(predicted.total, atomic_load(&bytes.live) - before);
    ck_assert(predicted.batch_size == 7 && !predicted.training && predicted.optimizer == 0);
    ck_assert_uint_eq(predicted.images, 7 * HEIGHT * WIDTH * 3 * 5);
    cnn_session_free(session);
    cnn_model_free(model);
    close_preset();
}
END_TEST

enum { PHOTOS = 24, BATCH = 12, AREA = HEIGHT * WIDTH };

static cnn_dataset_t *make_photos(void)
{
    static uint8_t rgb[PHOTOS * AREA * 3];
    static const char *const classes[] = {"0", "1"};
    uint32_t labels[PHOTOS];
    cnn_dataset_t *photos;
    for (size_t i = 0; i < sizeof rgb; i++)
        rgb[i] = (uint8_t)(i * 2654435761u >> 13);
    for (size_t i = 0; i < PHOTOS; i++)
        labels[i] = i % 2;
    const cnn_pixels_t pixels = {.struct_size = sizeof pixels,
                                 .rgb = rgb,
                                 .labels = labels,
                                 .n_images = PHOTOS,
                                 .height = HEIGHT,
                                 .width = WIDTH,
                                 .classes = classes,
                                 .n_classes = 2};
    ck_assert_int_eq(cnn_dataset_create(context, &pixels, &photos), CNN_OK);
    return photos;
}

static void train(cnn_optimizer_t optimizer, const char *freeze)
{
    const cnn_memory_info_t predicted = needs_frozen(BATCH, 1, optimizer, freeze);
    const cnn_train_options_t options = {.struct_size = sizeof options, .epochs = 1,
                                         .batch_size = BATCH, .optimizer = optimizer,
                                         .learning_rate = 1e-4f, .freeze = freeze};
    cnn_dataset_t *photos = make_photos();
    cnn_model_t *model;
    const long long before = atomic_load(&bytes.live);
    atomic_store(&bytes.most, before);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &model), CNN_OK);
    ck_assert_int_eq(cnn_model_train(model, photos, photos, &options, NULL), CNN_OK);
    expect_taken(predicted.total, atomic_load(&bytes.most) - before);
    cnn_model_free(model);
    cnn_dataset_free(photos);
}

START_TEST(training)
{
    open_preset(networks[_i]);
    train(CNN_OPTIMIZER_ADAM, NULL);
    train(CNN_OPTIMIZER_SGD, NULL);
    train(CNN_OPTIMIZER_ADAM, CNN_FREEZE_ALL_BUT_HEAD);
    train(CNN_OPTIMIZER_SGD, CNN_FREEZE_ALL_BUT_HEAD);
    ck_assert_uint_lt(needs_frozen(BATCH, 1, CNN_OPTIMIZER_SGD, CNN_FREEZE_ALL_BUT_HEAD).total,
                      needs(BATCH, 1, CNN_OPTIMIZER_SGD).total);
    close_preset();
}
END_TEST

/* ---- the predicted numbers ---- */

START_TEST(layers)
{
    const cnn_train_options_t train = {.struct_size = sizeof train};
    const cnn_memory_options_t options = {
        .struct_size = sizeof options, .batch_size = 4, .training = &train};
    cnn_memory_t *memory;
    uint64_t sum = 0;
    int convolutions = 0;

    open_preset("conv48x2");
    ck_assert_int_eq(cnn_memory_create(graph, &options, &memory), CNN_OK);
    cnn_memory_info_t info = {.struct_size = sizeof info};
    ck_assert_int_eq(cnn_memory_info(memory, &info), CNN_OK);
    for (size_t i = 0; i < cnn_graph_layer_count(graph); i++) {
        cnn_layer_memory_t layer = {.struct_size = sizeof layer};
        cnn_layer_info_t is = {.struct_size = sizeof is};
        ck_assert_int_eq(cnn_memory_layer(memory, i, &layer), CNN_OK);
        ck_assert_int_eq(cnn_graph_layer(graph, i, &is), CNN_OK);
        ck_assert_str_eq(layer.name, is.name);
        ck_assert_uint_eq(layer.weights, 4 * is.parameters);
        const int convolution = strcmp(is.type, "conv2d") == 0;
        convolutions += convolution;
        ck_assert_msg(convolution == (layer.algorithm[0] != '\0'), "%s: \"%s\"", is.name,
                      layer.algorithm);
        /* A convolution is fused with the pooling after it, so its feature map is not stored. */
        if (convolution || strcmp(is.type, "flatten") == 0 || strcmp(is.type, "input") == 0)
            ck_assert(layer.output == 0 && layer.gradient == 0);
        else
            ck_assert(layer.output >= 4 * is.output_bytes &&
                      layer.output < 4 * is.output_bytes + 64);
        if (strcmp(is.type, "max_pool2d") == 0)
            ck_assert_uint_eq(layer.gradient, layer.output);
        sum += layer.output + layer.gradient + layer.kept + layer.scratch + layer.prepared;
    }
    ck_assert_int_eq(convolutions, 2);
    ck_assert_uint_le(info.arena, info.unshared);
    ck_assert_uint_le(sum, info.unshared);
    ck_assert_uint_gt(info.unshared, 0);
    cnn_memory_free(memory);

    const cnn_memory_info_t predicting = needs(4, 0, CNN_OPTIMIZER_ADAM);
    ck_assert_uint_lt(predicting.total, info.total);
    ck_assert_uint_eq(predicting.best_weights + predicting.gradients, 0);
    ck_assert_uint_eq(info.best_weights, info.weights);
    ck_assert_uint_lt(info.gradients,
                      info.weights); /* the gradients of dense kernels are not stored */
    ck_assert_uint_gt(needs(4, 1, CNN_OPTIMIZER_SGD).gradients, info.gradients);
    close_preset();
}
END_TEST

START_TEST(defaults_and_faults)
{
    cnn_memory_options_t options = {.struct_size = sizeof options};
    cnn_layer_memory_t layer = {.struct_size = sizeof layer};
    cnn_memory_t *memory = (cnn_memory_t *)&layer;
    cnn_graph_t *empty;

    open_preset("conv24");
    ck_assert_uint_eq(needs(0, 0, CNN_OPTIMIZER_ADAM).batch_size, 32);
    cnn_preset_info_t preset = {.struct_size = sizeof preset};
    ck_assert_int_eq(cnn_preset_info(1, &preset), CNN_OK);
    ck_assert_str_eq(preset.name, "conv24");
    ck_assert_uint_eq(needs(0, 1, CNN_OPTIMIZER_ADAM).batch_size, preset.batch_size);

    options.batch_size = 65537;
    ck_assert_int_eq(cnn_memory_create(graph, &options, &memory), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_null(memory);
    options.batch_size = 1;
    cnn_train_options_t train = {.struct_size = sizeof train, .optimizer = (cnn_optimizer_t)7};
    options.training = &train;
    ck_assert_int_eq(cnn_memory_create(graph, &options, &memory), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_graph_create(context, &empty), CNN_OK);
    ck_assert_int_eq(cnn_memory_create(empty, NULL, &memory), CNN_ERROR_ARGUMENT);
    cnn_graph_free(empty);
    ck_assert_int_eq(cnn_memory_create(graph, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_memory_create(graph, NULL, &memory), CNN_OK);
    ck_assert_int_eq(cnn_memory_layer(memory, 99, &layer), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_memory_info(memory, NULL), CNN_ERROR_ARGUMENT);
    cnn_graph_t *kept = graph; /* the memory handle must keep the names of the layers alive */
    graph = NULL;
    cnn_graph_free(kept);
    ck_assert_int_eq(cnn_memory_layer(memory, 0, &layer), CNN_OK);
    ck_assert_str_eq(layer.name, "input");
    cnn_memory_free(memory);
    cnn_memory_free(NULL);
    close_preset();
}
END_TEST

/* The predicted memory of a huge batch must not overflow. With a 32-bit size_t the call fails
 * instead. */
START_TEST(more_than_there_is)
{
    cnn_node_t node;
    const cnn_conv2d_options_t conv = {.struct_size = sizeof conv, .filters = 8,
                                       .padding = CNN_PADDING_SAME};
    const cnn_train_options_t train = {.struct_size = sizeof train};
    const cnn_memory_options_t options = {
        .struct_size = sizeof options, .batch_size = 65536, .training = &train};
    cnn_memory_t *memory;
    cnn_graph_t *wide;

    open_preset("mlp");
    ck_assert_int_eq(cnn_graph_create(context, &wide), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(wide, 10000, 10000, 3, NULL, &node), CNN_OK);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(cnn_graph_add_conv2d(wide, node, &conv, &node), CNN_OK);
    const cnn_status_t rc = cnn_memory_create(wide, &options, &memory);
    if (rc == CNN_OK) { /* only if size_t has 64 bits */
        cnn_memory_info_t info = {.struct_size = sizeof info};
        ck_assert_int_eq(cnn_memory_info(memory, &info), CNN_OK);
        ck_assert_uint_gt(info.total, (uint64_t)65536 * 10000 * 10000 * 8 * 4);
        cnn_memory_free(memory);
    } else {
        ck_assert_int_eq(rc, CNN_ERROR_MEMORY);
    }
    cnn_graph_free(wide);
    close_preset();
}
END_TEST

Suite *suite_memory(void)
{
    Suite *suite = suite_create("memory");
    TCase *tcase = tcase_create("needs");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_session, 0, 3);
    tcase_add_loop_test(tcase, training, 0, 3);
    tcase_add_test(tcase, layers);
    tcase_add_test(tcase, defaults_and_faults);
    tcase_add_test(tcase, more_than_there_is);
    suite_add_tcase(suite, tcase);
    return suite;
}
