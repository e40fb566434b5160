/* SPDX-License-Identifier: MIT
 *
 * Files that the command writes itself. A file is written under another name in the same folder and
 * then renamed, so no reader sees an incomplete file. */
#ifndef CATDOG_SAVE_H
#define CATDOG_SAVE_H

#include <stdio.h>

/* Checks whether a file can be created or replaced at path, before long work whose result would be
 * lost otherwise. path may be NULL. Returns EXIT_SUCCESS, or EXIT_FAILURE after a message. */
int save_check(const char *path);

/* Returns 1 if the file name ends in `ending`, in any case, and has more than that. */
int save_has_ending(const char *path, const char *ending);

struct save {
    FILE *stream; /* the caller writes the contents here */
    char *path;
    char *temporary;
};

/* Both return EXIT_SUCCESS, or EXIT_FAILURE after a message. A failure leaves no file behind. */
int save_open(struct save *save, const char *path);
int save_commit(struct save *save);

/* Removes the incomplete file. Does nothing after a failed save_open or after save_commit. */
void save_discard(struct save *save);

#endif
