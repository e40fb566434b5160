/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE /* struct winsize, on some C libraries */
#include "base/output.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define WIPE "\r\033[K"

double output_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int output_is_terminal(void)
{
    return isatty(STDERR_FILENO);
}

static void print_message(const char *format, va_list list)
{
    char text[4096];

    vsnprintf(text, sizeof text, format, list);
    fprintf(stderr, "%scatdog: %s\n", output_is_terminal() ? WIPE : "", text);
}

void output_message(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    print_message(format, list);
    va_end(list);
}

int output_failure(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    print_message(format, list);
    va_end(list);
    return EXIT_FAILURE;
}

int output_no_memory(void)
{
    return output_failure("out of memory");
}

void output_duration(double seconds, char *text, size_t size)
{
    unsigned long s = seconds > 0 && seconds < 1e9 ? (unsigned long)(seconds + 0.5) : 0;

    if (seconds < 60)
        snprintf(text, size, "%.1f s", seconds > 0 ? seconds : 0.0);
    else if (s < 3600)
        snprintf(text, size, "%lu:%02lu min", s / 60, s % 60);
    else
        snprintf(text, size, "%lu:%02lu:%02lu h", s / 3600, s / 60 % 60, s % 60);
}

static size_t terminal_width(void)
{
    struct winsize size;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

void output_bar(const char *label, size_t done, size_t total, double per_second, const char *unit,
                const char *note)
{
    static double last; /* time of the last drawing; the process has one bar */
    char figures[160], left[24] = "-", bar[41], line[320];
    double now = output_now();

    if (!output_is_terminal() || (done < total && now - last < 0.1))
        return;
    last = now;
    if (per_second > 0)
        output_duration((double)(total - done) / per_second, left, sizeof left);
    snprintf(figures, sizeof figures, "%zu/%zu %s  %.0f/s  ETA %s  %s", done, total, unit,
             per_second, left, note);

    size_t columns = terminal_width() - 1; /* writing to the last column would wrap the line */
    size_t used = strlen(label) + strlen(figures) + 5;
    size_t room = columns > used ? columns - used : 0;
    if (room > sizeof bar - 1)
        room = sizeof bar - 1;
    size_t filled = total ? room * done / total : room;
    memset(bar, '.', room);
    memset(bar, '#', filled);
    bar[room] = '\0';
    snprintf(line, sizeof line, "%s [%s]  %s", label, bar, figures);
    fprintf(stderr, WIPE "%.*s", (int)(columns < sizeof line ? columns : sizeof line), line);
    fflush(stderr);
}

void output_bar_wipe(void)
{
    if (output_is_terminal())
        fputs(WIPE, stderr);
}

int output_progress_step(size_t done, size_t total, void *progress)
{
    const struct output_progress *p = progress;
    double seconds = output_now() - p->start;

    output_bar(p->label, done, total, seconds > 0 ? (double)done / seconds : 0, "photos", "");
    return 0;
}

int output_finish(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_SUCCESS;
    return output_failure("standard output cannot be written");
}
