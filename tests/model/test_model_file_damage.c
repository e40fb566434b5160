/* SPDX-License-Identifier: MIT
 *
 * Damaged model files: each is refused with a message that names the fault. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/memory.h"
#include "model/model_file.h"
#include "support/model_makers.h"
#include "support/photo_folder.h"

static struct photo_folder folder;
static cnn_context_t *context;

static void setup(void)
{
    ck_assert_int_eq(cnn_context_create(NULL, &context), CNN_OK);
    folder_make(&folder);
}

static void teardown(void)
{
    folder_remove(&folder);
    cnn_context_free(context);
}

static uint8_t *file_bytes(const char *name, size_t *size)
{
    uint8_t *bytes;
    ck_assert_int_eq(
        cd_file_read(context, folder_path(&folder, name), UINT64_MAX, CNN_ERROR_IO, &bytes, size),
        CNN_OK);
    return bytes;
}

/* The file of a small model. */
static uint8_t *small_file(size_t *size)
{
    cnn_graph_t *graph;
    cnn_model_t *model;

    ck_assert_int_eq(cnn_graph_create_preset(context, "conv24", 5, 6, 1, &graph), CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &model), CNN_OK);
    ck_assert_int_eq(cnn_model_set_metadata(model, "note", "hello"), CNN_OK);
    ck_assert_int_eq(cnn_model_save(model, folder_path(&folder, "small"), NULL), CNN_OK);
    cnn_graph_free(graph);
    cnn_model_free(model);
    return file_bytes("small", size);
}

static size_t header_length(const uint8_t *bytes)
{
    return bytes[0] + ((size_t)bytes[1] << 8) + ((size_t)bytes[2] << 16);
}

/* Loads from a block of exactly size bytes, so that AddressSanitizer reports any read beyond it. */
static cnn_status_t load_exactly(const uint8_t *bytes, size_t size, cnn_model_t **model)
{
    uint8_t *copy = malloc(size ? size : 1);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, size);
    cnn_status_t rc = cnn_model_load_memory(context, copy, size, model);
    free(copy);
    return rc;
}

/* A file with a flipped bit is refused, or loads as another complete model with the weights in the
 * file; a class name may differ, for example. */
START_TEST(flipped_bytes)
{
    static const uint8_t masks[] = {0x01, 0x20, 0x80};
    size_t size, accepted = 0, refused = 0;
    cnn_model_t *original, *model;
    uint8_t *bytes = small_file(&size);
    const size_t end = 8 + header_length(bytes);

    ck_assert_int_eq(load_exactly(bytes, size, &original), CNN_OK);
    for (size_t i = 0; i < end; i++) {
        bytes[i] ^= masks[_i];
        cnn_status_t rc = load_exactly(bytes, size, &model);
        bytes[i] ^= masks[_i];
        if (rc != CNN_OK) {
            ck_assert_int_eq(rc, CNN_ERROR_MODEL_FILE);
            ck_assert_ptr_null(model);
            ck_assert_ptr_nonnull(strstr(cnn_error_message(), "model in memory: "));
            refused++;
            continue;
        }
        check_same_values(original, model);
        cnn_model_free(model);
        accepted++;
    }
    ck_assert_uint_gt(refused, accepted);
    cnn_model_free(original);
    cd_free(context, bytes);
}
END_TEST

START_TEST(cut_short_and_too_long)
{
    size_t size;
    cnn_model_t *model;
    uint8_t *bytes = small_file(&size);
    const size_t header = 8 + header_length(bytes);

    for (size_t keep = 0; keep < size; keep += keep < header + 64 || keep + 64 > size ? 1 : 61) {
        ck_assert_int_eq(load_exactly(bytes, keep, &model), CNN_ERROR_MODEL_FILE);
        ck_assert_ptr_null(model);
    }
    uint8_t *longer = calloc(size + 1, 1);
    ck_assert_ptr_nonnull(longer);
    memcpy(longer, bytes, size);
    ck_assert_int_eq(load_exactly(longer, size + 1, &model), CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "1 bytes follow the last tensor"));
    free(longer);
    cd_free(context, bytes);
}
END_TEST

/* The small file with the first occurrence of from in its header replaced by to. */
static uint8_t *altered(const char *from, const char *to, size_t *size)
{
    uint8_t *bytes = small_file(size);
    const size_t length = header_length(bytes);
    char *header = calloc(length + 1, 1);

    ck_assert_ptr_nonnull(header);
    memcpy(header, bytes + 8, length);
    const char *at = strstr(header, from);
    ck_assert_msg(at != NULL, "no %s in %s", from, header);
    const size_t before = (size_t)(at - header), after = length - before - strlen(from);
    const size_t changed = before + strlen(to) + after;
    uint8_t *out = malloc(8 + changed + *size - 8 - length);
    ck_assert_ptr_nonnull(out);
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)((uint64_t)changed >> 8 * i);
    memcpy(out + 8, header, before);
    memcpy(out + 8 + before, to, strlen(to));
    memcpy(out + 8 + before + strlen(to), at + strlen(from), after);
    memcpy(out + 8 + changed, bytes + 8 + length, *size - 8 - length);
    *size = *size - length + changed;
    free(header);
    cd_free(context, bytes);
    return out;
}

#define Q "\\\"" /* a quote inside the JSON text of the graph */

/* Changes of the header. An empty message means that the file still loads. */
static const struct {
    const char *from, *to, *message;
} damages[] = {
    {"\"catdog.version\":\"1\"", "\"catdog.version\":\"2\"", "version \"2\""},
    {"catdog.version", "catdog.Version", "no model of this library"},
    {"catdog.graph", "catdog.graphs", "\"catdog.graphs\" is not known"},
    {"\"catdog.graph\":", "\"user.graph\":", "\"catdog.graph\" is missing"},
    {"\"catdog.classes\":", "\"user.classes\":", "\"catdog.classes\" is missing"},
    {"\"catdog.preprocess\":", "\"user.preprocess\":", "\"catdog.preprocess\" is missing"},
    {"\"catdog.preset\":", "\"user.preset\":", ""},
    {"\"catdog.preset\":\"conv24\"", "\"catdog.preset\":\"a/b\"", "not a name"},
    {"user.note", "user.n te", "\"user.n te\" is not known"},
    {"user.note", "other.note", ""},
    {"user.note", "format", ""},
    {"user.note", "catdog.note", "\"catdog.note\" is not known"},
    {"\"user.note\":\"hello\"", "\"user.note\":\"hell\xff\"", "not valid JSON"},
    {"[" Q "0" Q "," Q "1" Q "]", "[" Q "0" Q "," Q "0" Q "]", "two classes have the name \"0\""},
    {"[" Q "0" Q "," Q "1" Q "]", "[" Q "0" Q "]", "1 classes do not fit"},
    {"[" Q "0" Q "," Q "1" Q "]", "[" Q "0" Q "," Q Q "]", "class 1 has no name"},
    {"[" Q "0" Q "," Q "1" Q "]", "[" Q "0" Q ",1]", "name 1 is not a string"},
    {"[" Q "0" Q "," Q "1" Q "]", "[]", "not an array of names"},
    {"[" Q "0" Q "," Q "1" Q "]", "{}", "not an array of names"},
    {"[" Q "0" Q "," Q "1" Q "]", "[" Q "0" Q, "\"catdog.classes\": not valid JSON"},
    {Q "fit" Q ":", Q "decode" Q ":" Q "scaled" Q "," Q "fit" Q ":", ""},
    {Q "fit" Q ":", Q "decode" Q ":" Q "halved" Q "," Q "fit" Q ":", "\"halved\" is not known"},
    {"squash", "squish", "\"squish\" is not known"},
    {Q "height" Q ":5," Q "width" Q ":6," Q "fit", Q "height" Q ":4," Q "width" Q ":6," Q "fit",
     "preprocess to 4 x 6 does not fit"},
    {Q "height" Q ":5," Q "width" Q ":6," Q "fit", Q "height" Q ":0," Q "width" Q ":6," Q "fit",
     "size is 0"},
    {Q "pad" Q ":[0,0,0]", Q "pad" Q ":[0,256,0]", "\"pad\" is out of range"},
    {Q "pad" Q ":[0,0,0]", Q "pad" Q ":[0,0]", "\"pad\" does not have 3"},
    {Q "std" Q ":[1.0,1.0,1.0]", Q "std" Q ":[1.0,0.0,1.0]", "\"std\" is out of range"},
    {Q "std" Q ":[1.0,1.0,1.0]", Q "std" Q ":[1.0,1e39,1.0]", "finite"},
    {Q "mean" Q, Q "meen" Q, "\"mean\" is missing"},
    {"{" Q "layers" Q ":", "{" Q "lagers" Q ":", "\"layers\" is missing"},
    {"{" Q "layers" Q ":[", "{" Q "layers" Q ":[5,", "layer 0 (\"\"): not an object"},
    {"{" Q "layers" Q ":[", "{" Q "more" Q ":1," Q "layers" Q ":[", "\"more\" is not known"},
    {"max_pool2d" Q, "med_pool2d" Q, "the type \"med_pool2d\" is not known"},
    {Q "type" Q ":", Q "kind" Q ":", "\"type\" is missing"},
    {"relu", "gelu", "layer 1 (\"conv2d\"): \"activation\": \"gelu\" is not known"},
    {Q "filters" Q ":24", Q "filters" Q ":25", "tensor \"conv2d/kernel\": its shape"},
    {Q "filters" Q ":24", Q "filters" Q ":0", "graph\": layer \"conv2d\": it has no filters"},
    {Q "filters" Q ":24", Q "filters" Q ":-1", "\"filters\" is not an integer"},
    {Q "filters" Q ":24", Q "filters" Q ":4294967296", "\"filters\" is not an integer"},
    {Q "filters" Q ":24", Q "filters" Q ":24.0", "\"filters\" is not an integer"},
    {Q "filters" Q ":24", Q "filters" Q ":24," Q "extra" Q ":1", "\"extra\" is not known"},
    {Q "kernel" Q ":[3,3]", Q "kernel" Q ":[6,3]", "6 x 3 is larger than the padded input"},
    {Q "kernel" Q ":[3,3]", Q "kernel" Q ":[3,3,3]", "\"kernel\" does not have 2"},
    {Q "stride" Q ":[1,1]", Q "stride" Q ":[0,1]", "stride 0"},
    {Q "padding" Q ":[0,0,0,0]", Q "padding" Q ":[0,0,0,70000]", "padding 70000"},
    {Q "bias" Q ":true", Q "bias" Q ":1", "\"bias\" is not true or false"},
    {Q "bias" Q ":true", Q "bias" Q ":false", "tensor \"conv2d/bias\" does not belong"},
    {"[" Q "input" Q "]", "[" Q "conv2d" Q "]", "its input \"conv2d\" is not an earlier layer"},
    {"[" Q "input" Q "]", "[]", "\"inputs\" does not have 1"},
    {Q "channels" Q ":3", Q "channels" Q ":4", "tensor \"conv2d/kernel\": its shape"},
    {Q "units" Q ":1,", Q "units" Q ":2147483647,", "its kernel of 128 x 2147483647 has more than"},
    {Q "dense_1" Q ",", Q "dense" Q ",", "already has a layer"},
    {"\"conv2d/kernel\":{", "\"conv2d/Kernel\":{", "tensor \"conv2d/Kernel\" does not belong"},
    {"\"conv2d/bias\":{\"dtype\":\"F32\",\"shape\":[24]",
     "\"conv2d/bias\":{\"dtype\":\"F32\",\"shape\":[1,24]", "tensor \"conv2d/bias\": its shape"},
    {"\"conv2d/kernel\":{\"dtype\":\"F32\",\"shape\":[3,3,3,24]",
     "\"conv2d/kernel\":{\"dtype\":\"F32\",\"shape\":[3,3,24,3]", "tensor \"conv2d/kernel\""},
    {",\"dense_2/bias\":",
     ",\"surplus\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},"
     "\"dense_2/bias\":",
     "tensor \"surplus\" does not belong to any layer"},
};

START_TEST(damage)
{
    size_t size;
    cnn_model_t *model;
    uint8_t *bytes = altered(damages[_i].from, damages[_i].to, &size);
    cnn_status_t rc = load_exactly(bytes, size, &model);
    const char *message = damages[_i].message;

    ck_assert_msg(rc == (*message ? CNN_ERROR_MODEL_FILE : CNN_OK), "status %d (%s) for %s", rc,
                  cnn_error_message(), damages[_i].to);
    ck_assert_msg(!*message || strstr(cnn_error_message(), message), "no \"%s\" in: %s", message,
                  cnn_error_message());
    cnn_model_free(model);
    free(bytes);
}
END_TEST

/* A file without the entry and the bytes of the last tensor. */
START_TEST(missing_tensor)
{
    size_t size;
    cnn_model_t *model;
    uint8_t *bytes = small_file(&size);
    char *header = (char *)bytes + 8, *entry = NULL;
    const size_t length = header_length(bytes);

    for (size_t i = 0; i + 15 < length; i++)
        if (memcmp(header + i, ",\"dense_2/bias\"", 15) == 0)
            entry = header + i;
    ck_assert_ptr_nonnull(entry);
    *entry = '}';
    memset(entry + 1, ' ', length - (size_t)(entry + 1 - header));
    ck_assert_int_eq(load_exactly(bytes, size - 4, &model), CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "tensor \"dense_2/bias\" is missing"));
    cd_free(context, bytes);
}
END_TEST

START_TEST(value_not_finite)
{
    const uint8_t nan[4] = {0, 0, 0xc0, 0x7f};
    size_t size;
    cnn_model_t *model;
    uint8_t *bytes = small_file(&size);

    memcpy(bytes + size - 4, nan, 4);
    folder_file(&folder, "nan", bytes, size);
    ck_assert_int_eq(cnn_model_load(context, folder_path(&folder, "nan"), &model),
                     CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "/nan: tensor \"dense_2/bias\": value 0"));
    cd_free(context, bytes);
}
END_TEST

START_TEST(not_a_model)
{
    static const char text[] = "\x02\0\0\0\0\0\0\0{}";
    cnn_model_t *model;

    folder_file(&folder, "empty", text, 10);
    ck_assert_int_eq(cnn_model_load(context, folder_path(&folder, "empty"), &model),
                     CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "no model of this library"));
    ck_assert_int_eq(cnn_model_load(context, folder_path(&folder, "none"), &model), CNN_ERROR_IO);
    ck_assert_ptr_null(model);
    ck_assert_int_eq(cnn_model_load(context, NULL, &model), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_load_memory(context, NULL, 5, &model), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_save(NULL, "x", NULL), CNN_ERROR_ARGUMENT);
}
END_TEST

/* The largest allocation. A small file must not cause a large one. */
static atomic_size_t largest;

static void *allocate(size_t size, void *user)
{
    size_t seen = atomic_load(&largest);
    (void)user;
    while (size > seen && !atomic_compare_exchange_weak(&largest, &seen, size))
        ;
    return malloc(size);
}

static void release(void *block, void *user)
{
    (void)user;
    free(block);
}

START_TEST(sizes_are_not_believed)
{
    static const char *const claims[][2] = {
        {Q "units" Q ":1,", Q "units" Q ":16777215,"}, /* 128 * 2^24 weights: 8 GB */
        {Q "filters" Q ":24", Q "filters" Q ":70000000"},
        {Q "channels" Q ":3", Q "channels" Q ":9000000"},
        {"\"shape\":[3,3,3,24]", "\"shape\":[30,30,30,24000]"},
    };
    cnn_context_options_t options = {
        .struct_size = sizeof options, .threads = 1, .allocate = allocate, .release = release};

    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        cnn_context_t *own;
        cnn_model_t *model;
        size_t size;
        uint8_t *bytes = altered(claims[i][0], claims[i][1], &size);
        ck_assert_int_eq(cnn_context_create(&options, &own), CNN_OK);
        atomic_store(&largest, 0);
        ck_assert_int_eq(cnn_model_load_memory(own, bytes, size, &model), CNN_ERROR_MODEL_FILE);
        ck_assert_uint_lt(atomic_load(&largest), 100000);
        cnn_context_free(own);
        free(bytes);
    }
}
END_TEST

Suite *suite_model_file_damage(void)
{
    Suite *suite = suite_create("model_file_damage");
    TCase *tests = tcase_create("model_file_damage");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, flipped_bytes, 0, 3);
    tcase_add_test(tests, cut_short_and_too_long);
    tcase_add_loop_test(tests, damage, 0, (int)(sizeof damages / sizeof *damages));
    tcase_add_test(tests, missing_tensor);
    tcase_add_test(tests, value_not_finite);
    tcase_add_test(tests, not_a_model);
    tcase_add_test(tests, sizes_are_not_believed);
    suite_add_tcase(suite, tests);
    return suite;
}
