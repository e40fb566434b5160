/* SPDX-License-Identifier: MIT
 *
 * Tests the description of the CPU, the list of kernels in the build, and the choice of kernels by
 * a context. */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <catdog/catdog.h>

START_TEST(this_cpu)
{
    cnn_cpu_info_t cpu = {.struct_size = sizeof cpu};
    ck_assert_int_eq(cnn_cpu_info(&cpu), CNN_OK);
    ck_assert_uint_gt(cpu.threads, 0);
    ck_assert_ptr_nonnull(memchr(cpu.name, '\0', sizeof cpu.name));
    ck_assert_ptr_nonnull(memchr(cpu.features, '\0', sizeof cpu.features));
#if defined(__x86_64__)
    ck_assert_ptr_nonnull(strstr(cpu.features, "sse2"));
#endif
    ck_assert_int_eq(cnn_cpu_info(NULL), CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(kernels_of_the_build)
{
    const char *best = NULL;
    int plain = 0;
    for (size_t i = 0; i < cnn_kernels_count(); i++) {
        cnn_kernels_info_t info = {.struct_size = sizeof info};
        ck_assert_int_eq(cnn_kernels_info(i, &info), CNN_OK);
        if (!best && info.runs_here)
            best = info.name;
        plain |= strcmp(info.name, "reference") == 0 && info.runs_here;
    }
    ck_assert(plain);
    cnn_context_t *context;
    unsetenv("CATDOG_KERNELS");
    ck_assert_int_eq(cnn_context_create(NULL, &context), CNN_OK);
    ck_assert_str_eq(cnn_context_kernels(context), best);
    ck_assert_int_eq(cnn_context_kernels_source(context), CNN_KERNELS_SOURCE_CPU);
    cnn_context_free(context);
    cnn_kernels_info_t info = {.struct_size = sizeof info};
    ck_assert_int_eq(cnn_kernels_info(cnn_kernels_count(), &info), CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(choice_of_a_context)
{
    const cnn_context_options_t options = {
        .struct_size = sizeof options, .threads = 1, .kernels = "blas,adam=reference"};
    cnn_context_options_t bad = options;
    cnn_context_t *context;

    unsetenv("CATDOG_KERNELS");
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    ck_assert_str_eq(cnn_context_kernels(context), "blas,adam=reference");
    ck_assert_int_eq(cnn_context_kernels_source(context), CNN_KERNELS_SOURCE_OPTION);
    cnn_context_free(context);
    bad.kernels = "blas,adam=8086";
    ck_assert_int_eq(cnn_context_create(&bad, &context), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_null(context);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "cnn_context_create: \"adam=8086\""));

    setenv("CATDOG_KERNELS", "reference,gemm=blas", 1);
    ck_assert_int_eq(cnn_context_create(&bad, &context),
                     CNN_OK); /* the environment variable has priority over the bad option */
    ck_assert_str_eq(cnn_context_kernels(context), "reference,gemm=blas");
    ck_assert_int_eq(cnn_context_kernels_source(context), CNN_KERNELS_SOURCE_ENVIRONMENT);
    cnn_context_free(context);
    setenv("CATDOG_KERNELS", "gemm", 1);
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "CATDOG_KERNELS: \"gemm\""));
    setenv("CATDOG_KERNELS", "", 1); /* an empty variable is treated as not set */
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    ck_assert_int_eq(cnn_context_kernels_source(context), CNN_KERNELS_SOURCE_OPTION);
    cnn_context_free(context);
}
END_TEST

Suite *suite_cpu(void)
{
    Suite *suite = suite_create("cpu");
    TCase *tcase = tcase_create("cpu and kernels");

    tcase_add_test(tcase, this_cpu);
    tcase_add_test(tcase, kernels_of_the_build);
    tcase_add_test(tcase, choice_of_a_context);
    suite_add_tcase(suite, tcase);
    return suite;
}
