/* SPDX-License-Identifier: MIT
 *
 * Helpers for tests that create child processes with fork(). */
#ifndef TESTS_SUPPORT_CHILDREN_H
#define TESTS_SUPPORT_CHILDREN_H

#include <sys/types.h>

/* Called in the child: limits its run time to 20 seconds, so that a deadlock fails the test. */
void child_hurries(void);

/* Called in the parent: waits for the child, and fails the test unless its exit status is 0. */
void child_ends_well(pid_t child);

/* CHILDREN_MAY_START_THREADS is 0 under ThreadSanitizer, which does not support threads started in
 * a child of a multi-threaded process. */
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
