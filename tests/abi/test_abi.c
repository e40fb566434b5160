/* SPDX-License-Identifier: MIT
 *
 * Runs the shell scripts of this folder. They check the public headers, the symbols of the library,
 * the installation, the documents and the structure of the code. Each script must exit with 0. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

/* Runs a script. Fails the test and prints the script's output if the script fails. */
static void run_script(const char *script)
{
    char command[256];

    snprintf(command, sizeof command,
             "output=$(sh tests/abi/%s 2>&1) || { echo \"$output\"; exit 1; }", script);
    fflush(NULL);
    ck_assert_msg(system(command) == 0, "tests/abi/%s failed", script);
}

START_TEST(header_compiles_alone)
{
    run_script("headers.sh");
}
END_TEST

START_TEST(symbols_are_the_header_s)
{
    run_script("symbols.sh");
}
END_TEST

START_TEST(includes_go_downwards)
{
    run_script("layers.sh");
}
END_TEST

START_TEST(errors_are_logged_at_the_boundary)
{
    run_script("boundary.sh");
}
END_TEST

START_TEST(code_keeps_its_limits)
{
    run_script("limits.sh");
}
END_TEST

START_TEST(layer_kinds_are_rows)
{
    run_script("kinds.sh");
}
END_TEST

START_TEST(kernels_are_rows)
{
    run_script("kernels.sh");
}
END_TEST

START_TEST(installs_and_uninstalls)
{
    run_script("install.sh");
}
END_TEST

START_TEST(documents_agree_with_the_tree)
{
    run_script("docs.sh");
}
END_TEST

START_TEST(the_guide_explains_each_message)
{
    run_script("messages.sh");
}
END_TEST

START_TEST(examples_build_and_run_installed)
{
    run_script("examples.sh");
}
END_TEST

Suite *suite_abi(void)
{
    Suite *suite = suite_create("abi");
    TCase *tcase = tcase_create("scripts");

    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, header_compiles_alone);
    tcase_add_test(tcase, symbols_are_the_header_s);
    tcase_add_test(tcase, includes_go_downwards);
    tcase_add_test(tcase, errors_are_logged_at_the_boundary);
    tcase_add_test(tcase, code_keeps_its_limits);
    tcase_add_test(tcase, layer_kinds_are_rows);
    tcase_add_test(tcase, kernels_are_rows);
    tcase_add_test(tcase, installs_and_uninstalls);
    tcase_add_test(tcase, documents_agree_with_the_tree);
    tcase_add_test(tcase, the_guide_explains_each_message);
    tcase_add_test(tcase, examples_build_and_run_installed);
    suite_add_tcase(suite, tcase);
    return suite;
}
