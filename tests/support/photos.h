/* SPDX-License-Identifier: MIT
 *
 * Locates the folder of real photos, for tests that need them. */
#ifndef TESTS_SUPPORT_PHOTOS_H
#define TESTS_SUPPORT_PHOTOS_H

/* Returns the path of subfolder `part` ("kaggle-200" or "originals"; "" for the folder itself) of
 * $CATDOG_DATA, or of ../shared/data if that is not set. If the subfolder does not exist, prints
 * that the test is skipped and returns NULL. The next call overwrites the path. */
const char *photos_folder(const char *part, const char *test);

#endif
