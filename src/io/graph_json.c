/* SPDX-License-Identifier: MIT */
#include "io/graph_json.h"

#include <string.h>

#include "graph/graph_build.h"
#include "graph/layer_enums.h"
#include "io/json.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- writing: each setter gives 0, or -1 without memory ---- */

static int set_uint(json_t *object, const char *key, size_t value)
{
    return json_object_set_new(object, key, json_integer((json_int_t)value));
}

static int set_float(json_t *object, const char *key, float value)
{
    return json_object_set_new(object, key, json_real((double)value));
}

static int set_string(json_t *object, const char *key, const char *value)
{
    return json_object_set_new(object, key, json_string(value));
}

static int set_window(json_t *object, const char *size_key, const struct cd_window *window)
{
    const size_t size[2] = {window->kh, window->kw};
    const size_t stride[2] = {window->sh, window->sw};
    const size_t padding[4] = {window->top, window->bottom, window->left, window->right};

    return cd_json_set_uints(object, size_key, size, 2) |
           cd_json_set_uints(object, "stride", stride, 2) |
           cd_json_set_uints(object, "padding", padding, 4);
}

static int set_activation(json_t *object, const struct cd_node *node)
{
    int failed = set_string(object, "activation", cd_enum_name(&cd_activation_names, node->activation));

    if (node->activation == CNN_ACTIVATION_LEAKY_RELU)
        failed |= set_float(object, "alpha", node->alpha);
    return failed;
}

/* What convolution and dense layers have in common. */
static int set_weighted(json_t *object, const struct cd_node *node)
{
    return set_activation(object, node) |
           json_object_set_new(object, "bias", json_boolean(node->bias)) |
           set_string(object, "initializer",
                      cd_enum_name(&cd_initializer_names, node->initializer));
}

static int set_details(json_t *object, const struct cd_node *node)
{
    switch (node->type) {
    case CD_NODE_INPUT:
        return set_uint(object, "height", node->shape.h) |
               set_uint(object, "width", node->shape.w) |
               set_uint(object, "channels", node->shape.c);
    case CD_NODE_CONV2D:
        return set_uint(object, "filters", node->shape.c) |
               set_window(object, "kernel", &node->window) | set_weighted(object, node);
    case CD_NODE_MAX_POOL2D:
        return set_window(object, "pool", &node->window);
    case CD_NODE_AVERAGE_POOL2D:
        return node->global ? 0 : set_window(object, "pool", &node->window);
    case CD_NODE_DENSE:
        return set_uint(object, "units", node->shape.c) | set_weighted(object, node);
    case CD_NODE_ACTIVATION:
        return set_activation(object, node);
    case CD_NODE_DROPOUT:
        return set_float(object, "rate", node->rate);
    case CD_NODE_BATCH_NORM:
        return set_float(object, "momentum", node->momentum) |
               set_float(object, "epsilon", node->epsilon);
    case CD_NODE_FLATTEN:
    case CD_NODE_ADD:
        return 0;
    }
    return -1;
}

static int append_node(json_t *layers, const cnn_graph_t *graph, const struct cd_node *node)
{
    json_t *object = json_object();
    int failed = set_string(object, "type", cd_node_type_name(node)) |
                 set_string(object, "name", node->name);

    if (node->n_inputs > 0) {
        json_t *inputs = json_array();
        for (size_t i = 0; i < node->n_inputs; i++)
            failed |=
                json_array_append_new(inputs, json_string(graph->nodes[node->inputs[i]].name));
        failed |= json_object_set_new(object, "inputs", inputs);
    }
    failed |= set_details(object, node);
    return failed | json_array_append_new(layers, object);
}

cnn_status_t cd_graph_to_json(const cnn_graph_t *graph, char **text)
{
    json_t *json = json_object(), *layers = json_array();
    int failed = 0;
    cnn_status_t rc;

    *text = NULL;
    for (size_t i = 0; i < graph->n_nodes; i++)
        failed |= append_node(layers, graph, &graph->nodes[i]);
    failed |= json_object_set_new(json, "layers", layers);
    rc = failed ? cd_error_memory(graph->context)
                : cd_json_dump(graph->context, json, CD_JSON_FLOAT_DIGITS, text);
    json_decref(json);
    return rc;
}

/* ---- reading ---- */

/* A layer being read: its common members, and the rest still in the reader. */
struct layer {
    struct cd_json_reader reader;
    const char *name;
    cnn_node_t inputs[2];
    cnn_node_t node; /* what the builder hands out */
};

static cnn_status_t read_inputs(const cnn_graph_t *graph, struct layer *layer, size_t n)
{
    json_t *array;

    CD_TRY(cd_json_array(&layer->reader, "inputs", &array));
    if (json_array_size(array) != n)
        return cd_error_quiet(CNN_ERROR_MODEL_FILE, "\"inputs\" does not have %zu names", n);
    for (size_t i = 0; i < n; i++) {
        const char *name = json_string_value(json_array_get(array, i));
        const struct cd_node *node = name ? cd_graph_node(graph, name) : NULL;
        if (!node)
            return cd_error_quiet(CNN_ERROR_MODEL_FILE,
                                  "its input \"%.80s\" is not an earlier layer", name ? name : "");
        layer->inputs[i] = (cnn_node_t)(node - graph->nodes);
    }
    return CNN_OK;
}

static cnn_status_t read_activation(struct cd_json_reader *reader, cnn_activation_t *activation,
                                    float *alpha)
{
    int value = 0;

    CD_TRY(cd_json_enum(reader, "activation", &cd_activation_names, &value));
    *activation = (cnn_activation_t)value;
    *alpha = 0;
    return value == CNN_ACTIVATION_LEAKY_RELU ? cd_json_float(reader, "alpha", alpha) : CNN_OK;
}

static cnn_status_t read_weighted(struct cd_json_reader *reader, cnn_activation_t *activation,
                                  float *alpha, int *no_bias, cnn_initializer_t *initializer)
{
    int bias = 0, value = 0;

    CD_TRY(read_activation(reader, activation, alpha));
    CD_TRY(cd_json_bool(reader, "bias", &bias));
    CD_TRY(cd_json_enum(reader, "initializer", &cd_initializer_names, &value));
    *no_bias = !bias;
    *initializer = (cnn_initializer_t)value;
    return CNN_OK;
}

static cnn_status_t read_window(struct cd_json_reader *reader, const char *size_key,
                                uint32_t size[2], uint32_t stride[2], uint32_t padding[4])
{
    CD_TRY(cd_json_uints(reader, size_key, size, 2));
    CD_TRY(cd_json_uints(reader, "stride", stride, 2));
    return cd_json_uints(reader, "padding", padding, 4);
}

static cnn_status_t add_input(cnn_graph_t *graph, struct layer *layer)
{
    uint32_t h, w, c;

    CD_TRY(cd_json_uint(&layer->reader, "height", &h));
    CD_TRY(cd_json_uint(&layer->reader, "width", &w));
    CD_TRY(cd_json_uint(&layer->reader, "channels", &c));
    return cd_graph_add_input(graph, layer->name, (struct cd_shape){h, w, c}, &layer->node);
}

static cnn_status_t add_conv2d(cnn_graph_t *graph, struct layer *layer)
{
    cnn_conv2d_options_t o = {.name = layer->name, .padding = CNN_PADDING_EXPLICIT};
    uint32_t size[2], stride[2], padding[4];

    CD_TRY(read_inputs(graph, layer, 1));
    CD_TRY(cd_json_uint(&layer->reader, "filters", &o.filters));
    CD_TRY(read_window(&layer->reader, "kernel", size, stride, padding));
    CD_TRY(read_weighted(&layer->reader, &o.activation, &o.alpha, &o.no_bias, &o.initializer));
    o.kernel_height = size[0];
    o.kernel_width = size[1];
    o.stride_height = stride[0];
    o.stride_width = stride[1];
    o.pad_top = padding[0];
    o.pad_bottom = padding[1];
    o.pad_left = padding[2];
    o.pad_right = padding[3];
    return cd_graph_add_conv2d(graph, layer->inputs[0], &o, &layer->node);
}

static cnn_status_t add_pool2d(cnn_graph_t *graph, enum cd_node_type type, struct layer *layer)
{
    cnn_pool2d_options_t o = {.name = layer->name, .padding = CNN_PADDING_EXPLICIT};
    uint32_t size[2], stride[2], padding[4];

    CD_TRY(read_inputs(graph, layer, 1));
    CD_TRY(read_window(&layer->reader, "pool", size, stride, padding));
    o.pool_height = size[0];
    o.pool_width = size[1];
    o.stride_height = stride[0];
    o.stride_width = stride[1];
    o.pad_top = padding[0];
    o.pad_bottom = padding[1];
    o.pad_left = padding[2];
    o.pad_right = padding[3];
    return cd_graph_add_pool2d(graph, type, layer->inputs[0], &o, &layer->node);
}

static cnn_status_t add_max_pool2d(cnn_graph_t *graph, struct layer *layer)
{
    return add_pool2d(graph, CD_NODE_MAX_POOL2D, layer);
}

static cnn_status_t add_average_pool2d(cnn_graph_t *graph, struct layer *layer)
{
    return add_pool2d(graph, CD_NODE_AVERAGE_POOL2D, layer);
}

static cnn_status_t add_global_average_pool2d(cnn_graph_t *graph, struct layer *layer)
{
    CD_TRY(read_inputs(graph, layer, 1));
    return cd_graph_add_global_average_pool2d(graph, layer->inputs[0], layer->name, &layer->node);
}

static cnn_status_t add_flatten(cnn_graph_t *graph, struct layer *layer)
{
    CD_TRY(read_inputs(graph, layer, 1));
    return cd_graph_add_flatten(graph, layer->inputs[0], layer->name, &layer->node);
}

static cnn_status_t add_dense(cnn_graph_t *graph, struct layer *layer)
{
    cnn_dense_options_t o = {.name = layer->name};

    CD_TRY(read_inputs(graph, layer, 1));
    CD_TRY(cd_json_uint(&layer->reader, "units", &o.units));
    CD_TRY(read_weighted(&layer->reader, &o.activation, &o.alpha, &o.no_bias, &o.initializer));
    return cd_graph_add_dense(graph, layer->inputs[0], &o, &layer->node);
}

static cnn_status_t add_activation(cnn_graph_t *graph, struct layer *layer)
{
    cnn_activation_t activation;
    float alpha;

    CD_TRY(read_inputs(graph, layer, 1));
    CD_TRY(read_activation(&layer->reader, &activation, &alpha));
    return cd_graph_add_activation(graph, layer->inputs[0], activation, alpha, layer->name,
                                   &layer->node);
}

static cnn_status_t add_dropout(cnn_graph_t *graph, struct layer *layer)
{
    float rate;

    CD_TRY(read_inputs(graph, layer, 1));
    CD_TRY(cd_json_float(&layer->reader, "rate", &rate));
    return cd_graph_add_dropout(graph, layer->inputs[0], rate, layer->name, &layer->node);
}

static cnn_status_t add_batch_norm(cnn_graph_t *graph, struct layer *layer)
{
    cnn_batch_norm_options_t o = {.name = layer->name};

    CD_TRY(read_inputs(graph, layer, 1));
    CD_TRY(cd_json_float(&layer->reader, "momentum", &o.momentum));
    CD_TRY(cd_json_float(&layer->reader, "epsilon", &o.epsilon));
    return cd_graph_add_batch_norm(graph, layer->inputs[0], &o, &layer->node);
}

static cnn_status_t add_add(cnn_graph_t *graph, struct layer *layer)
{
    CD_TRY(read_inputs(graph, layer, 2));
    return cd_graph_add_add(graph, layer->inputs[0], layer->inputs[1], layer->name, &layer->node);
}

static const struct {
    const char *type;
    cnn_status_t (*add)(cnn_graph_t *graph, struct layer *layer);
} adders[] = {
    {"input", add_input},
    {"conv2d", add_conv2d},
    {"max_pool2d", add_max_pool2d},
    {"average_pool2d", add_average_pool2d},
    {"global_average_pool2d", add_global_average_pool2d},
    {"flatten", add_flatten},
    {"dense", add_dense},
    {"activation", add_activation},
    {"dropout", add_dropout},
    {"batch_norm", add_batch_norm},
    {"add", add_add},
};

static cnn_status_t add_layer(cnn_graph_t *graph, json_t *json)
{
    struct layer layer = {.reader = {.object = json}};
    const char *type;

    if (!json_is_object(json))
        return cd_error_quiet(CNN_ERROR_MODEL_FILE, "not an object");
    CD_TRY(cd_json_string(&layer.reader, "name", &layer.name));
    CD_TRY(cd_json_string(&layer.reader, "type", &type));
    for (size_t i = 0; i < COUNT(adders); i++)
        if (strcmp(adders[i].type, type) == 0) {
            CD_TRY(adders[i].add(graph, &layer));
            return cd_json_done(&layer.reader);
        }
    return cd_error_quiet(CNN_ERROR_MODEL_FILE, "the type \"%.80s\" is not known", type);
}

static cnn_status_t add_layers(cnn_graph_t *graph, json_t *json)
{
    struct cd_json_reader reader = {.object = json};
    json_t *layers, *layer;
    size_t i;

    CD_TRY(cd_json_array(&reader, "layers", &layers));
    CD_TRY(cd_json_done(&reader));
    json_array_foreach(layers, i, layer)
    {
        cnn_status_t rc = add_layer(graph, layer);
        const char *name = json_string_value(json_object_get(layer, "name"));
        if (rc == CNN_ERROR_MODEL_FILE)
            return cd_error_quiet(rc, "layer %zu (\"%.80s\"): %s", i, name ? name : "",
                                  cd_error_message());
        if (rc != CNN_OK && rc != CNN_ERROR_MEMORY) /* from the builder, which names the layer */
            return cd_error_quiet(CNN_ERROR_MODEL_FILE, "%s", cd_error_message());
        CD_TRY(rc);
    }
    return CNN_OK;
}

cnn_status_t cd_graph_from_json(cnn_context_t *context, const char *text, cnn_graph_t **out)
{
    json_t *json;
    cnn_graph_t *graph = NULL;
    cnn_status_t rc;

    *out = NULL;
    CD_TRY(cd_json_parse(text, strlen(text), &json));
    CD_TRY_FAIL(cd_graph_create(context, &graph));
    CD_TRY_FAIL(add_layers(graph, json));
    json_decref(json);
    *out = graph;
    return CNN_OK;
fail:
    json_decref(json);
    cd_graph_free(graph);
    return rc;
}
