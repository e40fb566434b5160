/* SPDX-License-Identifier: MIT
 *
 * The safetensors container: its bytes, and errors that name the file and the tensor. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/memory.h"
#include "io/safetensors.h"
#include "support/failing_allocator.h"
#include "support/photo_folder.h"

static cnn_context_t *context;

static void setup(void)
{
    ck_assert_int_eq(cnn_context_create(NULL, &context), CNN_OK);
}

static void teardown(void)
{
    cnn_context_free(context);
}

/* Puts header length, header and data into a block of exactly their size, so that AddressSanitizer
 * reports any read beyond it. */
static uint8_t *make_file(const char *header, const void *data, size_t data_size, size_t *size)
{
    const size_t length = strlen(header);
    uint8_t *bytes;

    *size = 8 + length + data_size;
    bytes = malloc(*size);
    ck_assert_ptr_nonnull(bytes);
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)length >> 8 * i);
    memcpy(bytes + 8, header, length);
    if (data_size > 0)
        memcpy(bytes + 8 + length, data, data_size);
    return bytes;
}

static cnn_status_t parse(const char *header, const void *data, size_t data_size,
                          struct cd_tensor_file *file)
{
    size_t size;
    uint8_t *bytes = make_file(header, data, data_size, &size);
    cnn_status_t rc = cd_safetensors_parse(context, "some.file", bytes, size, file);

    if (rc == CNN_OK) { /* the values do not depend on the caller's bytes */
        file->bytes = cd_alloc(context, size, 1);
        memcpy(file->bytes, bytes, size);
        for (size_t i = 0; i < file->n_tensors; i++)
            file->tensors[i].data =
                file->bytes + ((const uint8_t *)file->tensors[i].data - bytes);
    }
    free(bytes);
    return rc;
}

/* The tensor must hold exactly these n values. */
static void check_values(const struct cd_tensor *tensor, const float *expected, size_t n)
{
    float found[16];

    ck_assert_uint_le(n, 16);
    ck_assert_uint_eq(tensor->count, n);
    cd_tensor_read(tensor, found);
    ck_assert_mem_eq(found, expected, n * sizeof *found);
}

static const float values[6] = {1, -2.5f, 3e-40f, 4, 5, -0.0f};

START_TEST(exact_bytes)
{
    static const char header[] =
        "{\"__metadata__\":{\"k\":\"a \\\"quote\\\" \xc3\xa4\",\"empty\":\"\"},"
        "\"b/kernel\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
        "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[16,20]},"
        "\"c\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[20,24]}}";
    const struct cd_tensor tensors[3] = {
        {.name = "b/kernel", .rank = 2, .dims = {2, 2}, .count = 4, .data = values},
        {.name = "a", .rank = 0, .count = 1, .data = values + 4},
        {.name = "c", .rank = 1, .dims = {1}, .count = 1, .data = values + 5}};
    char key[] = "k", empty[] = "empty", text[] = "a \"quote\" \xc3\xa4", none[] = "";
    const struct cd_text_entry entries[2] = {{key, text}, {empty, none}};
    struct photo_folder folder;
    struct cd_tensor_file file;
    uint8_t *bytes;
    size_t size;

    folder_make(&folder);
    const char *path = folder_path(&folder, "t.safetensors");
    ck_assert_int_eq(cd_safetensors_save(context, path, tensors, 3, entries, 2), CNN_OK);
    ck_assert_int_eq(cd_file_read(context, path, 10000, CNN_ERROR_IO, &bytes, &size), CNN_OK);
    const size_t padded = (strlen(header) + 7) / 8 * 8;
    ck_assert_uint_eq(size, 8 + padded + sizeof values);
    ck_assert_uint_eq(bytes[0] + 256u * bytes[1], padded);
    ck_assert_int_eq(memcmp(bytes + 8, header, strlen(header)), 0);
    for (size_t i = strlen(header); i < padded; i++)
        ck_assert_int_eq(bytes[8 + i], ' ');
    ck_assert_int_eq(memcmp(bytes + 8 + padded, values, sizeof values), 0);
    cd_free(context, bytes);

    ck_assert_int_eq(cd_safetensors_load(context, path, &file), CNN_OK);
    ck_assert_uint_eq(file.n_tensors, 3);
    ck_assert_str_eq(cd_safetensors_metadata(&file, "k"), text);
    ck_assert_str_eq(cd_safetensors_metadata(&file, "empty"), "");
    ck_assert_ptr_null(cd_safetensors_metadata(&file, "none"));
    const struct cd_tensor *tensor = cd_safetensors_tensor(&file, "b/kernel");
    ck_assert_uint_eq(tensor->rank, 2);
    ck_assert_uint_eq(tensor->dims[0] * 10 + tensor->dims[1], 22);
    check_values(tensor, values, 4);
    ck_assert_uint_eq(cd_safetensors_tensor(&file, "a")->rank, 0);
    check_values(cd_safetensors_tensor(&file, "c"), values + 5, 1);
    ck_assert_ptr_null(cd_safetensors_tensor(&file, "d"));
    cd_safetensors_free(&file);
    folder_remove(&folder);
}
END_TEST

/* Files of other programs may lack padding and metadata, and may list tensors in any order. */
START_TEST(foreign_files)
{
    static const char members[] =
        "{\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]},"
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1,2],\"data_offsets\":[0,16]}}";
    char header[256];

    for (int spaces = 0; spaces < 8; spaces++) {
        struct cd_tensor_file file;
        snprintf(header, sizeof header, "%s%*s", members, spaces, "");
        ck_assert_int_eq(parse(header, values, sizeof values, &file), CNN_OK);
        ck_assert_uint_eq(file.n_tensors, 2);
        ck_assert_str_eq(file.tensors[0].name, "a");
        check_values(&file.tensors[0], values, 4);
        check_values(&file.tensors[1], values + 4, 2);
        cd_safetensors_free(&file);
    }
}
END_TEST

/* One file with both types. The halves put the floats behind them at an unaligned place. */
START_TEST(halves_and_floats)
{
    static const char header[] =
        "{\"h\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},"
        "\"f\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[6,14]},"
        "\"none\":{\"dtype\":\"F16\",\"shape\":[0],\"data_offsets\":[14,14]}}";
    static const uint16_t halves[3] = {0x3c00, 0xc100, 0x0001};
    static const float floats[3] = {1, -2.5f, 0x1p-24f};
    struct cd_tensor_file file;
    uint8_t data[14];

    memcpy(data, halves, 6);
    memcpy(data + 6, values, 8);
    ck_assert_int_eq(parse(header, data, sizeof data, &file), CNN_OK);
    check_values(cd_safetensors_tensor(&file, "h"), floats, 3);
    check_values(cd_safetensors_tensor(&file, "f"), values, 2);
    check_values(cd_safetensors_tensor(&file, "none"), floats, 0);
    cd_safetensors_free(&file);
}
END_TEST

/* More values than the writer converts at once. */
START_TEST(halves_written)
{
    enum { N = 10000 };
    struct cd_tensor tensors[2] = {
        {.name = "h", .rank = 1, .dims = {N}, .count = N, .type = CD_TENSOR_F16},
        {.name = "f", .rank = 1, .dims = {6}, .count = 6, .data = values}};
    float *many = malloc(N * sizeof *many), *found = malloc(N * sizeof *found);
    struct photo_folder folder;
    struct cd_tensor_file file;

    folder_make(&folder);
    const char *path = folder_path(&folder, "t.safetensors");
    for (size_t i = 0; i < N; i++)
        many[i] = (float)i / 8 + 0.001f;
    tensors[0].data = many;
    ck_assert_int_eq(cd_safetensors_save(context, path, tensors, 2, NULL, 0), CNN_OK);
    ck_assert_int_eq(cd_safetensors_load(context, path, &file), CNN_OK);
    cd_tensor_read(cd_safetensors_tensor(&file, "h"), found);
    for (size_t i = 0; i < N; i++) /* integers of 11 bits are exact halves */
        ck_assert_double_le(fabs((double)found[i] - (double)many[i]), (double)many[i] / 2048);
    check_values(cd_safetensors_tensor(&file, "f"), values, 6);
    cd_safetensors_free(&file);

    /* A value that is NaN: the old file stays. */
    many[9999] = 65520;
    ck_assert_int_eq(cd_safetensors_save(context, path, tensors, 2, NULL, 0), CNN_ERROR_NAN);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), path));
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "tensor \"h\": value 9999, 65520,"));
    ck_assert_int_eq(cd_safetensors_load(context, path, &file), CNN_OK);
    cd_safetensors_free(&file);
    free(many);
    free(found);
    folder_remove(&folder);
}
END_TEST

#define T(rest) "{\"t\":{\"dtype\":\"F32\"," rest "}}"

static const struct {
    const char *header;
    size_t data; /* bytes of data behind the header */
    const char *message;
} bad_headers[] = {
    {"", 0, "does not begin"},
    {" {}", 0, "does not begin"},
    {"[]", 0, "does not begin"},
    {"{", 0, "not valid JSON"},
    {"{}x", 0, "not valid JSON"},
    {"{}", 4, "4 bytes follow"},
    {"{\"__metadata__\":{\"a\":1}}", 0, "\"a\" is not a string"},
    {"{\"__metadata__\":[]}", 0, "not an object"},
    {"{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}", 0, "duplicate"},
    {"{\"__metadata__\":{\"a\":\"\\u0000\"}}", 0, "JSON"},
    {"{\"__metadata__\":{\"a\":\"\xff\"}}", 0, "JSON"},
    {"{\"t\":5}", 0, "tensor \"t\""},
    {"{\"t\":[]}", 0, "tensor \"t\""},
    {"{\"t\":{}}", 0, "tensor \"t\""},
    {T("\"shape\":[1]"), 4, "tensor \"t\": \"data_offsets\" is missing"},
    {T("\"data_offsets\":[0,4]"), 4, "\"shape\" is missing"},
    {"{\"t\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "\"dtype\" is missing"},
    {"{\"t\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "\"F64\", not F32"},
    {"{\"t\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2,
     "\"BF16\", not F32 or F16"},
    {"{\"t\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "do not fit its shape"},
    {"{\"t\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2, "do not fit its shape"},
    {"{\"t\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}", 3,
     "not inside the 3 bytes"},
    {"{\"t\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 4, "2 bytes follow"},
    {"{\"t\":{\"dtype\":4,\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "\"dtype\""},
    {T("\"shape\":[1],\"data_offsets\":[0,4],\"more\":1"), 4, "\"more\" is not known"},
    {T("\"shape\":[1],\"data_offsets\":[0,4],\"shape\":[1]"), 4, "duplicate"},
    {T("\"shape\":1,\"data_offsets\":[0,4]"), 4, "\"shape\" is not an array"},
    {T("\"shape\":[1.0],\"data_offsets\":[0,4]"), 4, "positive integers"},
    {T("\"shape\":[-1],\"data_offsets\":[0,4]"), 4, "positive integers"},
    {T("\"shape\":[\"1\"],\"data_offsets\":[0,4]"), 4, "positive integers"},
    {T("\"shape\":[1,1,1,1,1],\"data_offsets\":[0,4]"), 4, "more than 4 dimensions"},
    {T("\"shape\":[2],\"data_offsets\":[0,4]"), 4, "do not fit its shape"},
    {T("\"shape\":[0],\"data_offsets\":[0,4]"), 4, "do not fit its shape"},
    {T("\"shape\":[],\"data_offsets\":[0,8]"), 8, "do not fit its shape"},
    {T("\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]"), 4, "too large"},
    {T("\"shape\":[9223372036854775807],\"data_offsets\":[0,4]"), 4, "too large"},
    {T("\"shape\":[4611686018427387904],\"data_offsets\":[0,0]"), 4, "too large"},
    {T("\"shape\":[99999999999999999999],\"data_offsets\":[0,0]"), 4, "JSON"},
    {T("\"shape\":[1],\"data_offsets\":[0,4]"), 0, "not inside the 0 bytes"},
    {T("\"shape\":[1],\"data_offsets\":[4,8]"), 4, "not inside"},
    {T("\"shape\":[1],\"data_offsets\":[4,0]"), 8, "not inside"},
    {T("\"shape\":[1],\"data_offsets\":[-4,0]"), 8, "positive integers"},
    {T("\"shape\":[1],\"data_offsets\":[0]"), 4, "2 values"},
    {T("\"shape\":[1],\"data_offsets\":[0,4,8]"), 8, "2 values"},
    {T("\"shape\":[1],\"data_offsets\":[0,4.0]"), 4, "positive integers"},
    {T("\"shape\":[1],\"data_offsets\":[0,9223372036854775807]"), 4, "not inside"},
    {T("\"shape\":[1],\"data_offsets\":[4,8]"), 8, "tensor \"t\": it begins at byte 4"},
    {T("\"shape\":[1],\"data_offsets\":[0,4]"), 8, "4 bytes follow"},
    {T("\"shape\":[1],\"data_offsets\":[0,4]"), 5, "1 bytes follow"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
     "\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
     12, "tensor \"t\": it begins at byte 4 of the data, before"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
     "\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
     12, "tensor \"t\": it begins at byte 8 of the data, after"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
     "\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
     4, "tensor \"t\""},
};

START_TEST(bad_header)
{
    struct cd_tensor_file file;
    const char *header = bad_headers[_i].header;

    cnn_status_t rc = parse(header, values, bad_headers[_i].data, &file);
    ck_assert_msg(rc == CNN_ERROR_MODEL_FILE, "status %d for %s", rc, header);
    ck_assert_msg(strstr(cnn_error_message(), bad_headers[_i].message) != NULL, "%s: %s", header,
                  cnn_error_message());
    ck_assert_int_eq(strncmp(cnn_error_message(), "some.file: ", 11), 0);
    ck_assert_ptr_null(file.tensors);
    ck_assert_ptr_null(file.metadata);
}
END_TEST

START_TEST(values_not_finite)
{
    const float bad[3] = {NAN, INFINITY, -INFINITY};

    for (int i = 0; i < 3; i++) {
        float data[3] = {0, 0, 0};
        struct cd_tensor_file file;
        data[i] = bad[i];
        ck_assert_int_eq(parse(T("\"shape\":[3],\"data_offsets\":[0,12]"), data, 12, &file),
                         CNN_ERROR_MODEL_FILE);
        char message[64];
        snprintf(message, sizeof message, "tensor \"t\": value %d is not a finite", i);
        ck_assert_ptr_nonnull(strstr(cnn_error_message(), message));
    }
}
END_TEST

START_TEST(halves_not_finite)
{
    static const char header[] =
        "{\"t\":{\"dtype\":\"F16\",\"shape\":[40],\"data_offsets\":[0,80]}}";
    static const uint16_t bad[] = {0x7c00, 0xfc00, 0x7c01, 0x7e00, 0xffff};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (size_t place = 0; place < 40; place++) {
            uint16_t data[40] = {0x7bff};
            struct cd_tensor_file file;
            char message[64];
            data[place] = bad[i];
            ck_assert_int_eq(parse(header, data, sizeof data, &file), CNN_ERROR_MODEL_FILE);
            snprintf(message, sizeof message, "tensor \"t\": value %zu is not a finite", place);
            ck_assert_ptr_nonnull(strstr(cnn_error_message(), message));
        }
}
END_TEST

START_TEST(name_too_long)
{
    char header[512], name[CD_TENSOR_NAME_SIZE + 1];
    struct cd_tensor_file file;

    memset(name, 'n', sizeof name);
    for (size_t length = CD_TENSOR_NAME_SIZE - 1; length <= CD_TENSOR_NAME_SIZE; length++) {
        name[length] = '\0';
        snprintf(header, sizeof header,
                 "{\"%s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", name);
        cnn_status_t rc = parse(header, values, 4, &file);
        ck_assert_int_eq(rc, length < CD_TENSOR_NAME_SIZE ? CNN_OK : CNN_ERROR_MODEL_FILE);
        if (rc == CNN_OK)
            cd_safetensors_free(&file);
        name[length] = 'n';
    }
}
END_TEST

START_TEST(deep_nesting)
{
    enum { DEPTH = 200000 };
    char *header = malloc(DEPTH + 8);
    struct cd_tensor_file file;

    ck_assert_ptr_nonnull(header);
    memcpy(header, "{\"t\":", 5);
    memset(header + 5, '[', DEPTH);
    header[DEPTH + 5] = '\0';
    ck_assert_int_eq(parse(header, NULL, 0, &file), CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "depth"));
    free(header);
}
END_TEST

/* A short file that claims large lengths is refused before memory is allocated. */
START_TEST(header_length)
{
    uint8_t bytes[10] = {0, 0, 0, 0, 0, 0, 0, 0, '{', '}'};
    static const uint64_t lengths[] = {
        3,          255,           100000000, 100000001, UINT64_C(1) << 32, UINT64_C(1) << 63,
        UINT64_MAX, UINT64_MAX - 7};
    struct cd_tensor_file file;

    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        for (int i = 0; i < 8; i++)
            bytes[i] = (uint8_t)(lengths[k] >> 8 * i);
        ck_assert_int_eq(cd_safetensors_parse(context, "f", bytes, sizeof bytes, &file),
                         CNN_ERROR_MODEL_FILE);
        ck_assert_ptr_nonnull(strstr(cnn_error_message(), "no safetensors file"));
    }
    memset(bytes, 0, 8);
    bytes[0] = 2;
    ck_assert_int_eq(cd_safetensors_parse(context, "f", bytes, sizeof bytes, &file), CNN_OK);
    cd_safetensors_free(&file);
}
END_TEST

START_TEST(cut_short)
{
    size_t size;
    uint8_t *bytes = make_file(T("\"shape\":[6],\"data_offsets\":[0,24]"), values, 24, &size);

    for (size_t keep = 0; keep < size; keep++) {
        struct cd_tensor_file file;
        uint8_t *part = malloc(keep ? keep : 1);
        memcpy(part, bytes, keep);
        ck_assert_int_eq(cd_safetensors_parse(context, "f", part, keep, &file),
                         CNN_ERROR_MODEL_FILE);
        free(part);
    }
    free(bytes);
}
END_TEST

START_TEST(no_file)
{
    struct photo_folder folder;
    struct cd_tensor_file file;

    folder_make(&folder);
    ck_assert_int_eq(cd_safetensors_load(context, folder_path(&folder, "none"), &file),
                     CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "none"));
    ck_assert_int_eq(cd_safetensors_load(context, folder.path, &file), CNN_ERROR_IO);
    ck_assert_int_eq(
        cd_safetensors_save(context, folder_path(&folder, "no/such.file"), NULL, 0, NULL, 0),
        CNN_ERROR_IO);
    ck_assert_int_eq(cd_safetensors_save(context, folder.path, NULL, 0, NULL, 0), CNN_ERROR_IO);
    folder_remove(&folder);
}
END_TEST

START_TEST(without_memory)
{
    static const char header[] = "{\"__metadata__\":{\"k\":\"v\",\"l\":\"w\"},"
                                 "\"t\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]}}";
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 1);
    int failed = 1;
    size_t size;
    uint8_t *bytes = make_file(header, values, 24, &size);

    for (size_t n = 1; failed; n++) {
        struct cd_tensor_file file;
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = cd_safetensors_parse(own, "f", bytes, size, &file);
        failed = failing_allocator_failed(&allocator);
        ck_assert_int_eq(rc, failed ? CNN_ERROR_MEMORY : CNN_OK);
        if (rc == CNN_OK)
            cd_safetensors_free(&file);
    }
    free(bytes);
    cnn_context_free(own);
    ck_assert_uint_eq(allocator.live, 0);
}
END_TEST

Suite *suite_safetensors(void)
{
    Suite *suite = suite_create("safetensors");
    TCase *tests = tcase_create("safetensors");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, exact_bytes);
    tcase_add_test(tests, foreign_files);
    tcase_add_test(tests, halves_and_floats);
    tcase_add_test(tests, halves_written);
    tcase_add_loop_test(tests, bad_header, 0, (int)(sizeof bad_headers / sizeof *bad_headers));
    tcase_add_test(tests, values_not_finite);
    tcase_add_test(tests, halves_not_finite);
    tcase_add_test(tests, name_too_long);
    tcase_add_test(tests, deep_nesting);
    tcase_add_test(tests, header_length);
    tcase_add_test(tests, cut_short);
    tcase_add_test(tests, no_file);
    tcase_add_test(tests, without_memory);
    suite_add_tcase(suite, tests);
    return suite;
}
