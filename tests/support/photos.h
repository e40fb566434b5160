/* SPDX-License-Identifier: MIT
 *
 * Real photos for the tests that want them. */
#ifndef TESTS_SUPPORT_PHOTOS_H
#define TESTS_SUPPORT_PHOTOS_H

/* The folder part ("kaggle-200", "originals"; "" for the whole) of the photos: in $CATDOG_DATA if
 * set, else in ../shared/data seen from the repository's root. NULL if there is none: then a line
 * says that test (its name) was skipped, and the caller returns. Static storage. */
const char *photos_folder(const char *part, const char *test);

#endif
