/* SPDX-License-Identifier: MIT
 *
 * Runs the suites that the command line names, or all suites if it names none. In a debugger, set
 * CK_FORK=no, so that the tests run in this process. */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUITE(name) Suite *suite_##name(void);
#include "suites.h"
#undef SUITE

static const struct {
    const char *name;
    Suite *(*make)(void);
} suites[] = {
#define SUITE(name) {#name, suite_##name},
#include "suites.h"
#undef SUITE
};

static int is_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return 1;
    return argc < 2;
}

static int is_known(const char *name)
{
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        if (strcmp(suites[i].name, name) == 0)
            return 1;
    return 0;
}

/* Prints an error for each argument that is not the name of a suite. Returns the number of
 * errors. */
static int count_unknown(int argc, char **argv)
{
    int unknown = 0;

    for (int i = 1; i < argc; i++) {
        if (is_known(argv[i]))
            continue;
        fprintf(stderr, "check: there is no suite \"%s\"\n", argv[i]);
        unknown++;
    }
    if (unknown == 0)
        return 0;
    fputs("check: the suites are", stderr);
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        fprintf(stderr, " %s", suites[i].name);
    fputc('\n', stderr);
    return unknown;
}

int main(int argc, char **argv)
{
    if (count_unknown(argc, argv) > 0)
        return EXIT_FAILURE;

    /* Check's default timeout of 4 seconds for a test is too short on a busy machine. */
    setenv("CK_DEFAULT_TIMEOUT", "60", 0);

    SRunner *runner = srunner_create(NULL);

    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        if (is_wanted(suites[i].name, argc, argv))
            srunner_add_suite(runner, suites[i].make());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    int run = srunner_ntests_run(runner);
    srunner_free(runner);
    return failed == 0 && run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
