/* SPDX-License-Identifier: MIT
 *
 * Tests the selection of kernels by name, and tables combined from several tables
 * (kernels/kernel_choice.h). */
#include <check.h>
#include <string.h>

#include "core/memory.h"
#include "kernels/conv.h"
#include "kernels/kernel_choice.h"
#include "support/test_context.h"

static struct test_context test;

static void open_context(void)
{
    test_context_open(&test, 1);
}

static void close_context(void)
{
    test_context_close(&test);
}

static const struct cd_kernels *chosen;
static void *memory;

static void choose(const char *text)
{
    const cnn_status_t rc = cd_kernel_choice(test.context, text, &chosen, &memory);
    ck_assert_msg(rc == CNN_OK, "%s: %s", text, cd_error_message());
}

static void forget(void)
{
    cd_free(test.context, memory);
}

static const struct cd_kernels *table(const char *name)
{
    const struct cd_kernels *found = cd_kernels_find(name);
    ck_assert_ptr_nonnull(found);
    return found;
}

START_TEST(whole_tables)
{
    choose(NULL);
    ck_assert_ptr_eq(chosen, cd_kernels_find(NULL));
    ck_assert_ptr_null(memory);
    for (size_t i = 0; i < cd_kernels_count(); i++)
        if (cd_kernels_run_here(i)) {
            choose(cd_kernels_at(i)->name);
            ck_assert_ptr_eq(chosen, cd_kernels_at(i));
            ck_assert_ptr_null(memory);
        }
}
END_TEST

START_TEST(single_kernels_of_others)
{
    const struct cd_kernels *best = cd_kernels_find(NULL);
    const struct cd_kernels *blas = table("blas"), *reference = table("reference");

    choose("gemm=blas,adam=reference,sgd=blas,sgd=reference");
    ck_assert_str_eq(chosen->name, "gemm=blas,adam=reference,sgd=blas,sgd=reference");
    ck_assert(chosen->gemm == blas->gemm && chosen->adam == reference->adam);
    ck_assert(chosen->sgd == reference->sgd);
    ck_assert(chosen->max_pool_forward == best->max_pool_forward);
    ck_assert(chosen->dense_backward == best->dense_backward);
    for (size_t i = 0; best->conv_algorithms[i]; i++)
        ck_assert_ptr_eq(chosen->conv_algorithms[i], best->conv_algorithms[i]);
    forget();

    /* An entry replaces all kernels of its group, and no others. */
    choose("reference,conv=blas,batch_norm=blas,dense=blas");
    ck_assert(chosen->conv_scratch == blas->conv_scratch);
    ck_assert(chosen->conv_forward == blas->conv_forward);
    ck_assert(chosen->conv_backward_data == blas->conv_backward_data);
    ck_assert(chosen->conv_backward_kernel == blas->conv_backward_kernel);
    ck_assert(chosen->dense_backward == blas->dense_backward);
    ck_assert(chosen->gemm == reference->gemm);
    ck_assert(chosen->conv_algorithms[0] == NULL);
    forget();
    choose("resize=reference");
    ck_assert(chosen->resize_rows == reference->resize_rows);
    ck_assert(chosen->resize_column == reference->resize_column);
    ck_assert(chosen->gemm == best->gemm);
    forget();
}
END_TEST

/* A combined table with a kernel of OpenBLAS has the enter and leave of OpenBLAS, whatever else it
 * contains. */
START_TEST(enter_and_leave)
{
    const struct cd_kernels *blas = table("blas"), *reference = table("reference");

    choose("reference,gemm=blas,adam=reference");
    ck_assert(chosen->enter == blas->enter && chosen->leave == blas->leave);
    forget();
    choose("blas,gemm=reference");
    ck_assert(chosen->enter == blas->enter);
    forget();
    choose("reference,adam=reference");
    ck_assert(chosen->enter == reference->enter && chosen->leave == reference->leave);
    forget();
}
END_TEST

static size_t algorithms(void)
{
    size_t n = 0;
    while (chosen->conv_algorithms[n])
        n++;
    return n;
}

static int has(const char *name)
{
    for (size_t i = 0; chosen->conv_algorithms[i]; i++)
        if (strcmp(chosen->conv_algorithms[i]->name, name) == 0)
            return 1;
    return 0;
}

START_TEST(algorithms_of_convolution)
{
    choose(NULL);
    const size_t all = algorithms();
    ck_assert_uint_gt(all, 1);
    ck_assert(has("winograd"));
    choose("winograd=off");
    ck_assert(!has("winograd") && algorithms() == all - 1);
    forget();
    choose("algorithms=off");
    ck_assert_uint_eq(algorithms(), 0);
    forget();
    const char *best = cd_kernels_find(NULL)->name;
    char text[128];
    strcat(strcpy(text, "reference,winograd="), best);
    choose(text);
    ck_assert(has("winograd") && algorithms() == 1);
    forget();
    strcat(strcat(strcpy(text, "blas,winograd=off,algorithms="), best), ",winograd=off");
    choose(text);
    ck_assert(!has("winograd") && algorithms() == all - 1);
    forget();
    /* An algorithm takes the position in the list of the one that it replaces. */
    strcat(strcpy(text, "winograd="), best);
    choose(text);
    ck_assert_uint_eq(algorithms(), all);
    for (size_t i = 0; i < all; i++)
        ck_assert_ptr_eq(chosen->conv_algorithms[i], cd_kernels_find(NULL)->conv_algorithms[i]);
    forget();
}
END_TEST

START_TEST(errors_quote_the_entry)
{
    static const struct {
        const char *text, *part, *more;
    } cases[] = {
        {"", "\"\"", "reference"},
        {"pentium", "\"pentium\"", "blas, reference"},
        {"blas,", "\"\"", "gemm"},
        {",gemm=blas", "\"\"", "blas"},
        {"blas,reference", "\"reference\"", "NAME=KERNELS"},
        {"blas,gem=reference", "\"gem=reference\"", "gemm, dense"},
        {"blas,gem=reference", "\"gem=reference\"", "winograd"},
        {"gemm=pentium", "\"gemm=pentium\"", "blas, reference"},
        {"adam=reference,gemm=", "\"gemm=\"", "reference"},
        {"=blas", "\"=blas\"", "no such kernel"},
        {"blas,gemm=off", "\"gemm=off\"", "convolution"},
        {"winograd=reference", "\"winograd=reference\"", "do not have it"},
        {"blas,gemm=blas,,adam=blas", "\"\"", "gemm"},
        {"winograd=on", "\"winograd=on\"", "blas"},
        {"blas,gemm=blas=x", "\"gemm=blas=x\"", "blas"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const cnn_status_t rc = cd_kernel_choice(test.context, cases[i].text, &chosen, &memory);
        ck_assert_msg(rc == CNN_ERROR_ARGUMENT, "\"%s\" is taken", cases[i].text);
        ck_assert_msg(strstr(cd_error_message(), cases[i].part) &&
                          strstr(cd_error_message(), cases[i].more),
                      "\"%s\": %s", cases[i].text, cd_error_message());
        ck_assert_ptr_null(memory);
    }
    ck_assert_int_eq(test.logged[CNN_LOG_ERROR], 0);
}
END_TEST

START_TEST(lack_of_memory)
{
    test_context_fail(&test, 1);
    ck_assert_int_eq(cd_kernel_choice(test.context, "gemm=blas", &chosen, &memory),
                     CNN_ERROR_MEMORY);
    ck_assert_ptr_null(memory);
    test_context_fail(&test, 1); /* the allocation for the list of names fails */
    ck_assert_int_eq(cd_kernel_choice(test.context, "pentium", &chosen, &memory),
                     CNN_ERROR_ARGUMENT);
    test_context_fail(&test, 0);
}
END_TEST

Suite *suite_kernel_choice(void)
{
    Suite *suite = suite_create("kernel_choice");
    TCase *tcase = tcase_create("by name");

    tcase_add_checked_fixture(tcase, open_context, close_context);
    tcase_add_test(tcase, whole_tables);
    tcase_add_test(tcase, single_kernels_of_others);
    tcase_add_test(tcase, enter_and_leave);
    tcase_add_test(tcase, algorithms_of_convolution);
    tcase_add_test(tcase, errors_quote_the_entry);
    tcase_add_test(tcase, lack_of_memory);
    suite_add_tcase(suite, tcase);
    return suite;
}
