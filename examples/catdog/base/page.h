/* SPDX-License-Identifier: MIT
 *
 * A page of the reference in one of three formats: the help text, Markdown, or roff for man. */
#ifndef CATDOG_PAGE_H
#define CATDOG_PAGE_H

enum page_format { PAGE_TEXT, PAGE_MARKDOWN, PAGE_MAN };

/* Begins a page on stdout. name: "catdog" or "catdog-train"; summary: one line. */
void page_begin(enum page_format format, const char *name, const char *summary);

/* Prints the usage line, such as "catdog train DIR [options]". */
void page_synopsis(enum page_format format, const char *usage);

void page_section(enum page_format format, const char *title);

/* Prints paragraphs, which an empty line separates, and breaks their lines. */
void page_paragraphs(enum page_format format, const char *text);

/* Prints a row of a definition list. argument: NULL, or a placeholder behind the term. */
void page_item(enum page_format format, const char *term, const char *argument, const char *text);

/* Prints a row of a definition list whose term is another page of the same folder. */
void page_link(enum page_format format, const char *page, const char *text);

/* Prints a command line and what it does. */
void page_example(enum page_format format, const char *line, const char *about);

#endif
