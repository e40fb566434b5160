/* SPDX-License-Identifier: MIT */
#include "base/page.h"

#include <catdog/catdog.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_WIDTH = 80, MARKDOWN_WIDTH = 100, COLUMN = 24 };

/* ---- words ---- */

/* Returns 1 if the word is an option. Markdown pages show options as code. */
static int is_code(const char *word, size_t length)
{
    return length > 2 && word[0] == '-' && word[1] == '-';
}

/* Prints a word, an option in backticks. Punctuation after an option stays outside the
 * backticks. */
static void put_markdown(const char *word, size_t length)
{
    size_t end = length;

    if (!is_code(word, length)) {
        fwrite(word, 1, length, stdout);
        return;
    }
    while (end > 2 && strchr(".,;:)", word[end - 1]))
        end--;
    printf("`%.*s`%.*s", (int)end, word, (int)(length - end), word + end);
}

/* Prints a word with roff's special characters escaped. A roff line that starts with '.' or '\''
 * would be a request. */
static void put_roff(const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (word[i] == '-')
            fputs("\\-", stdout);
        else if (word[i] == '\\')
            fputs("\\e", stdout);
        else if (i == 0 && strchr(".'", word[i]))
            printf("\\&%c", word[i]);
        else
            putchar(word[i]);
    }
}

static void put_word(enum page_format format, const char *word, size_t length)
{
    if (format == PAGE_MARKDOWN)
        put_markdown(word, length);
    else if (format == PAGE_MAN)
        put_roff(word, length);
    else
        fwrite(word, 1, length, stdout);
}

/* Prints one paragraph and moves *text past it. The first line starts at column `at`, all others at
 * column `indent`. */
static void put_paragraph(enum page_format format, const char **text, size_t at, size_t indent)
{
    const size_t width = format == PAGE_TEXT ? TEXT_WIDTH : MARKDOWN_WIDTH;
    const char *p = *text;
    int first = 1;

    while (*p && strncmp(p, "\n\n", 2) != 0) {
        const size_t length = strcspn(p, " \n");
        const size_t shown = length + (format == PAGE_MARKDOWN && is_code(p, length) ? 2 : 0);
        if (!first && at + 1 + shown > width) {
            printf("\n%*s", (int)indent, "");
            at = indent;
        } else if (!first) {
            putchar(' ');
            at++;
        }
        put_word(format, p, length);
        at += shown;
        first = 0;
        p += length;
        if (*p == ' ' || (*p == '\n' && p[1] != '\n'))
            p++;
    }
    putchar('\n');
    *text = *p ? p + 2 : p;
}

static void put_upper(const char *text)
{
    for (; *text; text++)
        putchar(toupper((unsigned char)*text));
}

/* ---- parts of a page ---- */

static void begin_man(const char *name, const char *summary)
{
    fputs(".TH ", stdout);
    put_upper(name);
    printf(" 1 \"\" \"catdog %d.%d.%d\" \"catdog\"\n.SH NAME\n", CNN_VERSION_MAJOR,
           CNN_VERSION_MINOR, CNN_VERSION_PATCH);
    put_roff(name, strlen(name));
    fputs(" \\- ", stdout);
    put_roff(summary, strlen(summary));
    putchar('\n');
}

void page_begin(enum page_format format, const char *name, const char *summary)
{
    if (format == PAGE_MAN) {
        begin_man(name, summary);
    } else if (format == PAGE_MARKDOWN) {
        fputs("# ", stdout);
        for (const char *p = name; *p; p++)
            putchar(*p == '-' ? ' ' : *p);
        printf("\n\n%c%s.\n", toupper((unsigned char)*summary), summary + 1);
    }
}

void page_synopsis(enum page_format format, const char *usage)
{
    if (format == PAGE_TEXT) {
        printf("Usage: %s\n\n", usage);
        return;
    }
    page_section(format, "Synopsis");
    if (format == PAGE_MARKDOWN) {
        printf("    %s\n", usage);
        return;
    }
    put_roff(usage, strlen(usage));
    putchar('\n');
}

void page_section(enum page_format format, const char *title)
{
    if (format == PAGE_MAN) {
        fputs(".SH ", stdout);
        put_upper(title);
        putchar('\n');
    } else if (format == PAGE_MARKDOWN) {
        printf("\n## %s\n\n", title);
    } else {
        printf("\n%s:\n", title);
    }
}

void page_paragraphs(enum page_format format, const char *text)
{
    for (int first = 1; *text; first = 0) {
        if (!first)
            fputs(format == PAGE_MAN ? ".PP\n" : "\n", stdout);
        put_paragraph(format, &text, 0, 0);
    }
}

void page_item(enum page_format format, const char *term, const char *argument, const char *text)
{
    const char *gap = argument ? " " : "", *value = argument ? argument : "";

    if (format == PAGE_MAN) {
        fputs(".TP\n.B ", stdout);
        put_roff(term, strlen(term));
        if (argument) {
            fputs(" \\fI", stdout);
            put_roff(argument, strlen(argument));
            fputs("\\fR", stdout);
        }
        putchar('\n');
        put_paragraph(format, &text, 0, 0);
    } else if (format == PAGE_MARKDOWN) {
        const int used = printf("- `%s%s%s`: ", term, gap, value);
        put_paragraph(format, &text, (size_t)used, 2);
    } else {
        const int used = printf("  %s%s%s", term, gap, value);
        if (used >= COLUMN)
            putchar('\n');
        printf("%*s", used < COLUMN ? COLUMN - used : COLUMN, "");
        put_paragraph(format, &text, COLUMN, COLUMN);
    }
}

void page_link(enum page_format format, const char *page, const char *text)
{
    if (format != PAGE_MARKDOWN) {
        page_item(format, page, NULL, text);
        return;
    }
    const int used = printf("- [%s](%s.md): ", page, page);
    put_paragraph(format, &text, (size_t)used, 2);
}

void page_example(enum page_format format, const char *line, const char *about)
{
    if (format == PAGE_MAN) {
        fputs(".PP\n", stdout);
        put_paragraph(format, &about, 0, 0);
        fputs(".PP\n.RS\n.nf\n", stdout);
        put_roff(line, strlen(line));
        fputs("\n.fi\n.RE\n", stdout);
    } else if (format == PAGE_MARKDOWN) {
        put_paragraph(format, &about, 0, 0);
        printf("\n    %s\n\n", line);
    } else {
        printf("  %s\n      ", line);
        put_paragraph(format, &about, 6, 6);
    }
}
