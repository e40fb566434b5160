/* SPDX-License-Identifier: MIT
 *
 * Real photos, for tests that need them. */
#ifndef TESTS_SUPPORT_PHOTOS_H
#define TESTS_SUPPORT_PHOTOS_H

/* The path of a folder of photos: `part` ("kaggle-200", "originals", or "" for the whole) below
 * $CATDOG_DATA, or below ../shared/data if that is not set. If there is none, prints that the test
 * is skipped and returns NULL. The path is in static storage. */
const char *photos_folder(const char *part, const char *test);

#endif
