/* SPDX-License-Identifier: MIT
 *
 * Writes output files. A file is written under a temporary name in the same folder and then
 * renamed, so that no other process sees an incomplete file. */
#ifndef CATDOG_SAVE_H
#define CATDOG_SAVE_H

#include <stdio.h>

/* Checks whether a file can be created or replaced at path. Call it before a long computation, so
 * that the result is not lost. path may be NULL. Returns EXIT_SUCCESS, or EXIT_FAILURE after a
 * message. */
int save_check(const char *path);

/* Returns 1 if path is longer than `ending` and ends with it. The comparison ignores case. */
int save_has_ending(const char *path, const char *ending);

struct save {
    FILE *stream; /* stream for the contents, which the caller writes */
    char *path;
    char *temporary;
};

/* save_open() creates the temporary file, save_commit() closes it and renames it to path. Both
 * return EXIT_SUCCESS, or EXIT_FAILURE after a message. A failure removes the temporary file. */
int save_open(struct save *save, const char *path);
int save_commit(struct save *save);

/* Removes the temporary file. Does nothing after save_commit() or a failed save_open(). */
void save_discard(struct save *save);

#endif
