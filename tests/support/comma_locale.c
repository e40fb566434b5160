/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include "support/comma_locale.h"

#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

void comma_locale_enter(const struct photo_folder *folder, const char *name)
{
    char full[32], command[2 * FOLDER_PATH_SIZE];

    snprintf(full, sizeof full, "%s.UTF-8", name);
    if (!setlocale(LC_ALL, full)) {
        snprintf(command, sizeof command, "localedef -i %s -f UTF-8 '%s/%s' >/dev/null 2>&1", name,
                 folder->path, full);
        ck_assert_int_eq(setenv("LOCPATH", folder->path, 1), 0);
        if (system(command) == -1 || !setlocale(LC_ALL, full)) {
            printf("no locale %s here: the test goes on without\n", full);
            fflush(stdout);
            return;
        }
    }
    snprintf(command, sizeof command, "%.1f", 0.5);
    ck_assert_str_ne(command, "0.5");
}

void comma_locale_leave(void)
{
    setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
}
