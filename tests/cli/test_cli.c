/* SPDX-License-Identifier: MIT
 *
 * The catdog command, by the script cli.sh beside this file. */
#include <check.h>
#include <stdlib.h>


START_TEST(command_does_what_its_help_says)
{
    ck_assert_int_eq(system("sh tests/cli/cli.sh"), 0);
}
END_TEST

Suite *suite_cli(void)
{
    Suite *suite = suite_create("cli");
    TCase *script = tcase_create("script");

    tcase_set_timeout(script, 240);
    tcase_add_test(script, command_does_what_its_help_says);
    suite_add_tcase(suite, script);
    return suite;
}
