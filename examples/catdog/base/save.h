/* SPDX-License-Identifier: MIT
 *
 * Files that the tool writes itself: first beside their place, then renamed, so that nobody ever
 * sees half of one. */
#ifndef CATDOG_SAVE_H
#define CATDOG_SAVE_H

#include <stdio.h>

/* Whether a file can be made or replaced at path (NULL is fine): looked at before long work, so
 * that it is not lost. Returns EXIT_SUCCESS, or EXIT_FAILURE after telling why not. */
int save_check(const char *path);

struct save {
    FILE *stream; /* write here */
    char *path;
    char *temporary;
};

/* Both return EXIT_SUCCESS, or EXIT_FAILURE after telling why and removing what was begun. */
int save_open(struct save *save, const char *path);
int save_commit(struct save *save);

/* Removes what was begun; fine after a failed save_open or after save_commit. */
void save_discard(struct save *save);

#endif
