/* SPDX-License-Identifier: MIT
 *
 * Runs the tests of the catdog command as a Check suite. Each script tests/cli/NAME.sh becomes a
 * test case of the suite, and each function test_NAME of the script (see common.sh) becomes a test.
 * All tests of a run share one folder of fixtures. */
#define _XOPEN_SOURCE 700 /* nftw, mkdtemp */
#include <check.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_CASES = 400, MAX_GROUPS = 60, NAME = 80, PATH = 160, REPORT = 3000 };

/* The tests and their names. They are static, because Check keeps pointers to them. */
static TTest tests[MAX_CASES];
static char names[MAX_CASES][NAME];
static const char *scripts[MAX_CASES];
static char groups[MAX_GROUPS][NAME], paths[MAX_GROUPS][PATH];
static int n_cases, n_groups;

/* ---- fixtures ---- */

static char fixtures[] = "/tmp/catdog-fixtures.XXXXXX";
static pid_t owner;

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *place)
{
    (void)info;
    (void)type;
    (void)place;
    return remove(path);
}

/* Removes the fixtures when the process exits. Check's child processes also run exit handlers, but
 * they must keep the fixtures. */
static void remove_fixtures(void)
{
    if (getpid() == owner)
        nftw(fixtures, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void share_fixtures(void)
{
    if (!mkdtemp(fixtures))
        return; /* each case then creates its own fixtures */
    owner = getpid();
    atexit(remove_fixtures);
    setenv("CATDOG_FIXTURES", fixtures, 1);
}

/* ---- one case ---- */

/* Runs the script and keeps the end of its output, up to REPORT bytes, for the failure message.
 * Returns the status as waitpid() does, or -1. */
static int run_script(const char *command, char *report)
{
    FILE *script = popen(command, "r");
    char line[512];
    size_t used = 0;

    report[0] = '\0';
    if (!script)
        return -1;
    while (fgets(line, sizeof line, script)) {
        const size_t length = strlen(line);
        if (used + length >= REPORT) {
            const size_t dropped = used + length + 1 - REPORT;
            memmove(report, report + dropped, used - dropped + 1);
            used -= dropped;
        }
        memcpy(report + used, line, length + 1);
        used += length;
    }
    return pclose(script);
}

START_TEST(case_passes)
{
    char command[PATH + NAME + 32], report[REPORT];

    snprintf(command, sizeof command, "sh %s %s 2>&1", scripts[_i], names[_i]);
    const int status = run_script(command, report);
    ck_assert_msg(status == 0, "%s: status %d\n%s", command,
                  WIFEXITED(status) ? WEXITSTATUS(status) : status, report);
}
END_TEST

/* ---- the suite ---- */

static void add_case(TCase *group, const char *path, const char *name)
{
    const int i = n_cases++;

    snprintf(names[i], NAME, "%s", name);
    scripts[i] = path;
    tests[i] = *case_passes;
    tests[i].name = names[i];
    tests[i].file = path;
    tests[i].line = 1;
    tcase_add_loop_test(group, &tests[i], i, i + 1);
}

/* Creates a test case with the tests of one script, which the script prints with --list. */
static TCase *create_group(const char *script)
{
    char *path = paths[n_groups], *group_name = groups[n_groups++];
    const char *base = strrchr(script, '/') + 1;
    char command[PATH + 16], name[NAME];

    snprintf(path, PATH, "%s", script);
    snprintf(group_name, NAME, "%.*s", (int)strcspn(base, "."), base);
    snprintf(command, sizeof command, "sh %s --list", path);
    TCase *group = tcase_create(group_name);
    tcase_set_timeout(group, 120);
    FILE *list = popen(command, "r");
    while (list && n_cases < MAX_CASES && fgets(name, sizeof name, list)) {
        name[strcspn(name, "\n")] = '\0';
        add_case(group, path, name);
    }
    if (list)
        pclose(list);
    return group;
}

Suite *suite_cli(void)
{
    Suite *suite = suite_create("cli");
    glob_t found;

    share_fixtures();
    if (glob("tests/cli/*.sh", 0, NULL, &found) != 0)
        return suite;
    for (size_t i = 0; i < found.gl_pathc && n_groups < MAX_GROUPS; i++)
        if (!strstr(found.gl_pathv[i], "/common.sh"))
            suite_add_tcase(suite, create_group(found.gl_pathv[i]));
    globfree(&found);
    return suite;
}
