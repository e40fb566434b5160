/* SPDX-License-Identifier: MIT
 *
 * Prints a page of the reference in one of three formats: help text, Markdown, or roff for man. */
#ifndef CATDOG_PAGE_H
#define CATDOG_PAGE_H

enum page_format { PAGE_TEXT, PAGE_MARKDOWN, PAGE_MAN };

/* Begins a page on stdout. name: "catdog" or "catdog-train"; summary: one line. */
void page_begin(enum page_format format, const char *name, const char *summary);

/* Prints the usage line, such as "catdog train DIR [options]". */
void page_synopsis(enum page_format format, const char *usage);

void page_section(enum page_format format, const char *title);

/* Prints paragraphs with line breaks. In text, an empty line separates two paragraphs. */
void page_paragraphs(enum page_format format, const char *text);

/* Prints an entry of a definition list. argument: the name of an option's value, which is printed
 * after the term, or NULL. */
void page_item(enum page_format format, const char *term, const char *argument, const char *text);

/* Prints an entry of a definition list. Its term is the name of another page in the same folder; in
 * Markdown it links to that page. */
void page_link(enum page_format format, const char *page, const char *text);

/* Prints an example: a command line and its description. */
void page_example(enum page_format format, const char *line, const char *about);

#endif
