/* SPDX-License-Identifier: MIT */
#include "io/graph_json.h"

#include <string.h>

#include "graph/graph_build.h"
#include "graph/kinds.h"
#include "graph/layer_enums.h"
#include "io/json.h"

/* Returns the address of a layer's option inside its node, for reading. */
static const void *value_of(const struct cd_node *node, const struct cd_field *field)
{
    return (const char *)node + field->offset;
}

static void *place_of(struct cd_node *node, const struct cd_field *field)
{
    return (char *)node + field->offset;
}

/* ---- writing: each setter returns 0, or -1 if out of memory ---- */

static int set_string(json_t *object, const char *key, const char *value)
{
    return json_object_set_new(object, key, json_string(value));
}

static int set_float(json_t *object, const char *key, float value)
{
    return json_object_set_new(object, key, json_real((double)value));
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

static int set_activation(json_t *object, const char *key, const struct cd_node *node)
{
    int failed = set_string(object, key, cd_enum_name(&cd_activation_names, node->activation));

    if (node->activation == CNN_ACTIVATION_LEAKY_RELU)
        failed |= set_float(object, "alpha", node->alpha);
    return failed;
}

static int set_field(json_t *object, const struct cd_node *node, const struct cd_field *field)
{
    const void *value = value_of(node, field);

    switch (field->type) {
    case CD_FIELD_SIZE:
        return json_object_set_new(object, field->key,
                                   json_integer((json_int_t) * (const size_t *)value));
    case CD_FIELD_FLOAT:
        return set_float(object, field->key, *(const float *)value);
    case CD_FIELD_FLAG:
        return json_object_set_new(object, field->key, json_boolean(*(const int *)value));
    case CD_FIELD_WINDOW:
        return set_window(object, field->key, value);
    case CD_FIELD_ACTIVATION:
        return set_activation(object, field->key, node);
    case CD_FIELD_INITIALIZER:
        return set_string(object, field->key,
                          cd_enum_name(&cd_initializer_names, *(const cnn_initializer_t *)value));
    }
    return -1;
}

static int append_node(json_t *layers, const cnn_graph_t *graph, const struct cd_node *node)
{
    const struct cd_kind *kind = cd_kind_of(node);
    json_t *object = json_object();
    int failed = set_string(object, "type", kind->name) | set_string(object, "name", node->name);

    if (node->n_inputs > 0) {
        json_t *inputs = json_array();
        for (size_t i = 0; i < node->n_inputs; i++)
            failed |=
                json_array_append_new(inputs, json_string(graph->nodes[node->inputs[i]].name));
        failed |= json_object_set_new(object, "inputs", inputs);
    }
    for (const struct cd_field *field = kind->fields; field && field->key; field++)
        failed |= set_field(object, node, field);
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
    rc =
        failed ? cd_error_memory() : cd_json_dump(graph->context, json, CD_JSON_FLOAT_DIGITS, text);
    json_decref(json);
    return rc;
}

/* ---- reading ---- */

static cnn_status_t read_inputs(struct cd_json_reader *reader, const cnn_graph_t *graph, size_t n,
                                struct cd_node *node)
{
    json_t *array;

    CD_TRY(cd_json_array(reader, "inputs", &array));
    if (json_array_size(array) != n)
        return cd_error(CNN_ERROR_MODEL_FILE, "\"inputs\" does not have %zu names", n);
    for (size_t i = 0; i < n; i++) {
        const char *name = json_string_value(json_array_get(array, i));
        const struct cd_node *input = name ? cd_graph_node(graph, name) : NULL;
        if (!input)
            return cd_error(CNN_ERROR_MODEL_FILE, "its input \"%.80s\" is not an earlier layer",
                            name ? name : "");
        node->inputs[i] = (size_t)(input - graph->nodes);
    }
    return CNN_OK;
}

static cnn_status_t read_size(struct cd_json_reader *reader, const char *key, size_t *value)
{
    uint32_t number;

    CD_TRY(cd_json_uint(reader, key, &number));
    *value = number;
    return CNN_OK;
}

static cnn_status_t read_window(struct cd_json_reader *reader, const char *size_key,
                                struct cd_window *window)
{
    uint32_t size[2], stride[2], padding[4];

    CD_TRY(cd_json_uints(reader, size_key, size, 2));
    CD_TRY(cd_json_uints(reader, "stride", stride, 2));
    CD_TRY(cd_json_uints(reader, "padding", padding, 4));
    *window = (struct cd_window){.kh = size[0],
                                 .kw = size[1],
                                 .sh = stride[0],
                                 .sw = stride[1],
                                 .top = padding[0],
                                 .bottom = padding[1],
                                 .left = padding[2],
                                 .right = padding[3]};
    return CNN_OK;
}

static cnn_status_t read_activation(struct cd_json_reader *reader, const char *key,
                                    struct cd_node *node)
{
    int value;

    CD_TRY(cd_json_enum(reader, key, &cd_activation_names, &value));
    node->activation = (cnn_activation_t)value;
    return value == CNN_ACTIVATION_LEAKY_RELU ? cd_json_float(reader, "alpha", &node->alpha)
                                              : CNN_OK;
}

static cnn_status_t read_initializer(struct cd_json_reader *reader, const char *key,
                                     cnn_initializer_t *initializer)
{
    int value;

    CD_TRY(cd_json_enum(reader, key, &cd_initializer_names, &value));
    *initializer = (cnn_initializer_t)value;
    return CNN_OK;
}

static cnn_status_t read_field(struct cd_json_reader *reader, const struct cd_field *field,
                               struct cd_node *node)
{
    void *place = place_of(node, field);

    switch (field->type) {
    case CD_FIELD_SIZE:
        return read_size(reader, field->key, place);
    case CD_FIELD_FLOAT:
        return cd_json_float(reader, field->key, place);
    case CD_FIELD_FLAG:
        return cd_json_bool(reader, field->key, place);
    case CD_FIELD_WINDOW:
        return read_window(reader, field->key, place);
    case CD_FIELD_ACTIVATION:
        return read_activation(reader, field->key, node);
    case CD_FIELD_INITIALIZER:
        return read_initializer(reader, field->key, place);
    }
    return CNN_OK;
}

static cnn_status_t add_layer(cnn_graph_t *graph, json_t *json)
{
    struct cd_json_reader reader = {.object = json};
    struct cd_draft draft = {.padding = CNN_PADDING_EXPLICIT};
    const char *type;
    cnn_node_t node;

    if (!json_is_object(json))
        return cd_error(CNN_ERROR_MODEL_FILE, "not an object");
    CD_TRY(cd_json_string(&reader, "name", &draft.name));
    CD_TRY(cd_json_string(&reader, "type", &type));
    const struct cd_kind *kind = cd_kind_find(type, &draft.node.type);
    if (!kind)
        return cd_error(CNN_ERROR_MODEL_FILE, "the type \"%.80s\" is not known", type);
    if (kind->n_inputs > 0)
        CD_TRY(read_inputs(&reader, graph, kind->n_inputs, &draft.node));
    for (const struct cd_field *field = kind->fields; field && field->key; field++)
        CD_TRY(read_field(&reader, field, &draft.node));
    CD_TRY(cd_graph_add(graph, &draft, &node));
    return cd_json_done(&reader);
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
            return cd_error(rc, "layer %zu (\"%.80s\"): %s", i, name ? name : "",
                            cd_error_message());
        if (rc != CNN_OK && rc != CNN_ERROR_MEMORY) /* the message already names the layer */
            return CNN_ERROR_MODEL_FILE;
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
