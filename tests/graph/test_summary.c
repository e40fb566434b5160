/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include <catdog/catdog.h>

static cnn_context_t *context;
static cnn_graph_t *graph;

static void setup(void)
{
    ck_assert_int_eq(cnn_context_create(NULL, &context), CNN_OK);
}

static void teardown(void)
{
    cnn_graph_free(graph);
    cnn_context_free(context);
}

static const char expected[] =
    "layer       type        input       output        parameters  multiply-adds   bytes\n"
    "-----------------------------------------------------------------------------------\n"
    "input       input                   20 x 30 x 3            0              0   7,200\n"
    "conv2d      conv2d      input       18 x 28 x 24         672        326,592  48,384\n"
    "max_pool2d  max_pool2d  conv2d      9 x 14 x 24            0              0  12,096\n"
    "flatten     flatten     max_pool2d  1 x 1 x 3024           0              0  12,096\n"
    "dense       dense       flatten     1 x 1 x 128      387,200        387,072     512\n"
    "dense_1     dense       dense       1 x 1 x 128       16,512         16,384     512\n"
    "dense_2     dense       dense_1     1 x 1 x 1            129            128       4\n"
    "-----------------------------------------------------------------------------------\n"
    "total                                                404,513        730,176  80,804\n"
    "parameters: 404,513 trained, 0 not; 1,618,052 bytes as float32\n"
    "multiply-adds and bytes are for one image: the forward pass, and the output as float32\n";

START_TEST(whole_text)
{
    char text[4096];

    ck_assert_int_eq(cnn_graph_create_preset(context, "conv24", 20, 30, 1, &graph), CNN_OK);
    ck_assert_uint_eq(cnn_graph_summary(graph, text, sizeof text), strlen(expected));
    ck_assert_str_eq(text, expected);
}
END_TEST

/* Like snprintf, cnn_graph_summary returns the length of the whole text and writes as much as
 * fits. */
START_TEST(any_size)
{
    char text[sizeof expected + 1];

    ck_assert_int_eq(cnn_graph_create_preset(context, "conv24", 20, 30, 1, &graph), CNN_OK);
    ck_assert_uint_eq(cnn_graph_summary(graph, NULL, 0), sizeof expected - 1);
    for (size_t size = 0; size <= sizeof expected; size++) {
        memset(text, '#', sizeof text);
        ck_assert_uint_eq(cnn_graph_summary(graph, text, size), sizeof expected - 1);
        const size_t written = size < sizeof expected ? size : sizeof expected;
        if (written > 0) {
            ck_assert_int_eq(memcmp(text, expected, written - 1), 0);
            ck_assert_int_eq(text[written - 1], '\0');
        }
        ck_assert_int_eq(text[written], '#');
    }
}
END_TEST

/* Names of any allowed length and two inputs are shown in full. */
START_TEST(never_truncated)
{
    char name[64], text[8192];
    cnn_node_t first, second, sum;

    memset(name, 'n', 63);
    name[63] = '\0';
    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 30000, 60000, 1, NULL, &first), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dropout(graph, first, 0, name, &first), CNN_OK);
    name[0] = 'm';
    ck_assert_int_eq(cnn_graph_add_batch_norm(graph, first, NULL, &second), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dropout(graph, second, 0, name, &second), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_sum(graph, first, second, NULL, &sum), CNN_OK);
    const size_t length = cnn_graph_summary(graph, text, sizeof text);
    ck_assert_uint_lt(length, sizeof text);
    char both[160];
    name[0] = 'n';
    snprintf(both, sizeof both, "%s, m%s", name, name + 1);
    ck_assert_ptr_nonnull(strstr(text, both));
    ck_assert_ptr_nonnull(strstr(text, "30000 x 60000 x 1"));
    ck_assert_ptr_nonnull(strstr(text, "1,800,000,000"));  /* multiply-adds of batch_norm */
    ck_assert_ptr_nonnull(strstr(text, "36,000,000,000")); /* bytes of five feature maps */
    ck_assert_ptr_nonnull(strstr(text, "2 trained, 2 not; 16 bytes"));
}
END_TEST

START_TEST(empty_and_null)
{
    char text[1024] = "#";

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_uint_eq(cnn_graph_summary(graph, text, sizeof text), strlen(text));
    ck_assert_ptr_nonnull(strstr(text, "total"));
    ck_assert_uint_eq(cnn_graph_summary(NULL, text, sizeof text), 0);
    ck_assert_str_eq(text, "");
}
END_TEST

Suite *suite_summary(void)
{
    Suite *suite = suite_create("summary");
    TCase *tests = tcase_create("summary");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, whole_text);
    tcase_add_test(tests, any_size);
    tcase_add_test(tests, never_truncated);
    tcase_add_test(tests, empty_and_null);
    suite_add_tcase(suite, tests);
    return suite;
}
