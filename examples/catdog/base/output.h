/* SPDX-License-Identifier: MIT
 *
 * Output for the user: messages and a progress bar. All of it goes to stderr, because stdout is for
 * results only. */
#ifndef CATDOG_OUTPUT_H
#define CATDOG_OUTPUT_H

#include <stddef.h>

/* Returns the time of a monotonic clock, in seconds. */
double output_now(void);

#if defined(__GNUC__)
#define OUTPUT_FORMAT __attribute__((format(printf, 1, 2)))
#else
#define OUTPUT_FORMAT
#endif

/* Prints the line "catdog: MESSAGE" on stderr. It replaces the progress bar if one is shown. */
void output_message(const char *format, ...) OUTPUT_FORMAT;

/* Calls output_message() and returns EXIT_FAILURE. */
int output_failure(const char *format, ...) OUTPUT_FORMAT;

/* Prints that the process is out of memory. Returns EXIT_FAILURE. */
int output_no_memory(void);

/* Returns 1 if stderr is a terminal, else 0. The progress bar is shown on a terminal only. */
int output_is_terminal(void);

/* Draws the progress bar if stderr is a terminal, at most ten times a second. per_second: the
 * throughput; unit: "images" or "photos"; note: text after the bar, may be "". */
void output_bar(const char *label, size_t done, size_t total, double per_second, const char *unit,
                const char *note);
void output_bar_wipe(void);

/* The progress bar of one pass over photos. output_progress_step() is the cnn_progress_fn that
 * draws it; pass the struct as its user pointer. */
struct output_progress {
    const char *label;
    double start; /* output_now() when the pass began */
};
int output_progress_step(size_t done, size_t total, void *progress);

/* Formats a duration as "12.3 s", "4:05 min" or "1:02:03 h". */
void output_duration(double seconds, char *text, size_t size);

/* Flushes stdout. Returns EXIT_SUCCESS, or EXIT_FAILURE after a message. */
int output_finish(void);

#endif
