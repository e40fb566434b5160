/* SPDX-License-Identifier: MIT
 *
 * What the tool writes for people: messages, the progress bar, plain lines. All of it goes to
 * stderr, so that standard output holds results only. */
#ifndef CATDOG_OUTPUT_H
#define CATDOG_OUTPUT_H

#include <stddef.h>

/* Seconds on a clock that is never set. */
double output_now(void);

/* One line "catdog: ..." on stderr; a progress bar in the way is wiped first. */
void output_message(const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 1, 2)))
#endif
    ;

/* Whether stderr is a terminal: a bar there, plain lines elsewhere. */
int output_is_terminal(void);

/* Draws the bar, at most ten times a second, if stderr is a terminal. note (may be "") comes last:
 * the running loss. unit: "images", "photos". */
void output_bar(const char *label, size_t done, size_t total, double per_second, const char *unit,
                const char *note);
void output_bar_wipe(void);

/* The bar of one load or one evaluation over photos; a cnn_progress_fn whose user is the struct. */
struct output_progress {
    const char *label;
    double start; /* output_now() */
};
int output_progress_step(size_t done, size_t total, void *progress);

/* "12.3 s", "4:05 min", "1:02:03 h". */
void output_duration(double seconds, char *text, size_t size);

/* 0 if stdout took everything that was printed; else tells it and returns EXIT_FAILURE. */
int output_finish(void);

#endif
