/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "support/children.h"

#include <check.h>
#include <sys/wait.h>
#include <unistd.h>

void child_hurries(void)
{
    alarm(20);
}

void child_ends_well(pid_t child)
{
    int status = -1;

    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child ends with %d", status);
}
