/* SPDX-License-Identifier: MIT */
#include "report/summary.h"

#include <stdlib.h>

#include "base/output.h"

int summary_print(FILE *stream, const cnn_graph_t *graph)
{
    size_t length = cnn_graph_summary(graph, NULL, 0);
    char *text = malloc(length + 1);

    if (!text)
        return output_no_memory();
    cnn_graph_summary(graph, text, length + 1);
    fprintf(stream, "%s%s", text, length && text[length - 1] == '\n' ? "" : "\n");
    free(text);
    return EXIT_SUCCESS;
}

json_t *summary_json(const cnn_graph_t *graph)
{
    json_t *layers = json_array();

    for (size_t i = 0; layers && i < cnn_graph_layer_count(graph); i++) {
        cnn_layer_info_t l = CNN_INIT(cnn_layer_info_t);
        if (cnn_graph_layer(graph, i, &l) != CNN_OK)
            continue;
        json_array_append_new(layers,
                              json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "name", l.name,
                                        "type", l.type, "height", (json_int_t)l.height, "width",
                                        (json_int_t)l.width, "channels", (json_int_t)l.channels,
                                        "parameters", (json_int_t)l.parameters, "multiply_adds",
                                        (json_int_t)l.multiply_adds, "output_bytes",
                                        (json_int_t)l.output_bytes));
    }
    return layers;
}

uint64_t summary_parameters(const cnn_graph_t *graph)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < cnn_graph_layer_count(graph); i++) {
        cnn_layer_info_t layer = CNN_INIT(cnn_layer_info_t);
        if (cnn_graph_layer(graph, i, &layer) == CNN_OK)
            sum += layer.parameters;
    }
    return sum;
}
