/* SPDX-License-Identifier: MIT
 *
 * What the command writes for people: messages, a progress bar, plain lines. All of it goes to
 * stderr, so that standard output holds results only. */
#ifndef CATDOG_OUTPUT_H
#define CATDOG_OUTPUT_H

#include <stddef.h>

/* Returns the seconds of a monotonic clock. */
double output_now(void);

#if defined(__GNUC__)
#define OUTPUT_FORMAT __attribute__((format(printf, 1, 2)))
#else
#define OUTPUT_FORMAT
#endif

/* Prints a line "catdog: ..." on stderr, in place of the progress bar if there is one. */
void output_message(const char *format, ...) OUTPUT_FORMAT;

/* Prints such a line. Returns EXIT_FAILURE. */
int output_failure(const char *format, ...) OUTPUT_FORMAT;

/* Says that memory is exhausted. Returns EXIT_FAILURE. */
int output_no_memory(void);

/* Returns 1 if stderr is a terminal. A terminal gets a progress bar, everything else plain lines.
 */
int output_is_terminal(void);

/* Draws the progress bar if stderr is a terminal, at most ten times a second. unit: "images" or
 * "photos"; note: text behind the bar, may be "". */
void output_bar(const char *label, size_t done, size_t total, double per_second, const char *unit,
                const char *note);
void output_bar_wipe(void);

/* The progress bar of one pass over photos. The function is a cnn_progress_fn; its user is the
 * struct. */
struct output_progress {
    const char *label;
    double start; /* output_now() when the pass began */
};
int output_progress_step(size_t done, size_t total, void *progress);

/* Writes "12.3 s", "4:05 min" or "1:02:03 h". */
void output_duration(double seconds, char *text, size_t size);

/* Flushes stdout. Returns EXIT_SUCCESS, or EXIT_FAILURE after a message. */
int output_finish(void);

#endif
