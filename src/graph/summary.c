/* SPDX-License-Identifier: MIT */
#include "graph/summary.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "graph/kinds.h"

enum {
    COLUMNS = 7,
    FIRST_NUMBER = 4, /* index of the first column of numbers; numbers are aligned to the right */
    CELL_SIZE = 2 * CD_NAME_SIZE + 2
};

static const char *const titles[COLUMNS] = {"layer",      "type",          "input", "output",
                                            "parameters", "multiply-adds", "bytes"};

/* A text under construction. length counts all characters, including those beyond size bytes, which
 * are not stored. */
struct writer {
    char *text;
    size_t size;
    size_t length;
};

CD_PRINTF(2, 3) static void put(struct writer *writer, const char *format, ...)
{
    const size_t room = writer->length < writer->size ? writer->size - writer->length : 0;
    va_list arguments;

    va_start(arguments, format);
    int more = vsnprintf(room ? writer->text + writer->length : NULL, room, format, arguments);
    va_end(arguments);
    if (more > 0)
        writer->length += (size_t)more;
}

/* Formats a number with commas, such as "1,234,567", in every locale. */
static void format_count(uint64_t value, char cell[CELL_SIZE])
{
    char digits[24];
    const size_t n = (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);

    for (size_t i = 0; i < n; i++) {
        *cell++ = digits[i];
        if (i + 1 < n && (n - i - 1) % 3 == 0)
            *cell++ = ',';
    }
    *cell = '\0';
}

static uint64_t output_bytes(const struct cd_node *node)
{
    return (uint64_t)cd_shape_size(node->shape) * sizeof(float);
}

static void fill_inputs(const cnn_graph_t *graph, const struct cd_node *node, char cell[CELL_SIZE])
{
    cell[0] = '\0';
    if (node->n_inputs == 1)
        snprintf(cell, CELL_SIZE, "%s", graph->nodes[node->inputs[0]].name);
    else if (node->n_inputs == 2)
        snprintf(cell, CELL_SIZE, "%s, %s", graph->nodes[node->inputs[0]].name,
                 graph->nodes[node->inputs[1]].name);
}

static void fill_row(const cnn_graph_t *graph, size_t index, char row[COLUMNS][CELL_SIZE])
{
    const struct cd_node *node = &graph->nodes[index];

    snprintf(row[0], CELL_SIZE, "%s", node->name);
    snprintf(row[1], CELL_SIZE, "%s", cd_kind_of(node)->name);
    fill_inputs(graph, node, row[2]);
    snprintf(row[3], CELL_SIZE, "%zu x %zu x %zu", node->shape.h, node->shape.w, node->shape.c);
    format_count(cd_node_parameters(graph, index), row[4]);
    format_count(cd_node_multiply_adds(graph, index), row[5]);
    format_count(output_bytes(node), row[6]);
}

static void fill_totals(const cnn_graph_t *graph, char row[COLUMNS][CELL_SIZE])
{
    uint64_t parameters = 0, multiply_adds = 0, bytes = 0;

    for (size_t i = 0; i < graph->n_nodes; i++) {
        parameters += cd_node_parameters(graph, i);
        multiply_adds += cd_node_multiply_adds(graph, i);
        bytes += output_bytes(&graph->nodes[i]);
    }
    for (size_t c = 0; c < COLUMNS; c++)
        row[c][0] = '\0';
    snprintf(row[0], CELL_SIZE, "total");
    format_count(parameters, row[4]);
    format_count(multiply_adds, row[5]);
    format_count(bytes, row[6]);
}

static void widen(size_t widths[COLUMNS], char row[COLUMNS][CELL_SIZE])
{
    for (size_t c = 0; c < COLUMNS; c++)
        if (strlen(row[c]) > widths[c])
            widths[c] = strlen(row[c]);
}

static void measure(const cnn_graph_t *graph, size_t widths[COLUMNS])
{
    char row[COLUMNS][CELL_SIZE];

    for (size_t c = 0; c < COLUMNS; c++)
        widths[c] = strlen(titles[c]);
    for (size_t i = 0; i < graph->n_nodes; i++) {
        fill_row(graph, i, row);
        widen(widths, row);
    }
    fill_totals(graph, row);
    widen(widths, row);
}

static void put_row(struct writer *writer, const size_t widths[COLUMNS],
                    char row[COLUMNS][CELL_SIZE])
{
    for (size_t c = 0; c < COLUMNS; c++) {
        const int width = (int)widths[c];
        put(writer, c < FIRST_NUMBER ? "%s%-*s" : "%s%*s", c > 0 ? "  " : "", width, row[c]);
    }
    put(writer, "\n");
}

static void put_rule(struct writer *writer, const size_t widths[COLUMNS])
{
    size_t total = 2 * (COLUMNS - 1);

    for (size_t c = 0; c < COLUMNS; c++)
        total += widths[c];
    for (size_t i = 0; i < total; i++)
        put(writer, "-");
    put(writer, "\n");
}

static void put_notes(struct writer *writer, const cnn_graph_t *graph)
{
    uint64_t trained = 0, fixed = 0;
    char cells[3][CELL_SIZE];

    for (size_t i = 0; i < graph->n_params; i++)
        *(graph->params[i].trainable ? &trained : &fixed) += graph->params[i].count;
    format_count(trained, cells[0]);
    format_count(fixed, cells[1]);
    format_count((trained + fixed) * sizeof(float), cells[2]);
    put(writer, "parameters: %s trained, %s not; %s bytes as float32\n", cells[0], cells[1],
        cells[2]);
    put(writer, "multiply-adds and bytes are for one image: the forward pass, and the output as "
                "float32\n");
}

size_t cd_graph_summary(const cnn_graph_t *graph, char *text, size_t size)
{
    struct writer writer = {text, size, 0};
    char row[COLUMNS][CELL_SIZE];
    size_t widths[COLUMNS];

    measure(graph, widths);
    for (size_t c = 0; c < COLUMNS; c++)
        snprintf(row[c], CELL_SIZE, "%s", titles[c]);
    put_row(&writer, widths, row);
    put_rule(&writer, widths);
    for (size_t i = 0; i < graph->n_nodes; i++) {
        fill_row(graph, i, row);
        put_row(&writer, widths, row);
    }
    put_rule(&writer, widths);
    fill_totals(graph, row);
    put_row(&writer, widths, row);
    put_notes(&writer, graph);
    return writer.length;
}
