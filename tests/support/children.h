/* SPDX-License-Identifier: MIT
 *
 * Children that tests make by fork(). */
#ifndef TESTS_SUPPORT_CHILDREN_H
#define TESTS_SUPPORT_CHILDREN_H

#include <sys/types.h>

/* For the child: ends it after 20 seconds, so that a lock that is never released fails the test. */
void child_hurries(void);

/* For the parent: waits for the child, and fails the test unless it exits with 0. */
void child_ends_well(pid_t child);

/* CHILDREN_MAY_START_THREADS is 0 under ThreadSanitizer, which does not support such children. */
#if defined(__has_feature)
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif

#if defined(__SANITIZE_THREAD__) || HAS_FEATURE(thread_sanitizer)
enum { CHILDREN_MAY_START_THREADS = 0 };
#else
enum { CHILDREN_MAY_START_THREADS = 1 };
#endif

#endif
