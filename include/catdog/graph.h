/* SPDX-License-Identifier: MIT
 *
 * Graphs: what a network is. */
#ifndef CNN_GRAPH_H
#define CNN_GRAPH_H

#include <catdog/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A layer's place in its graph: what the layer functions hand out and take as inputs. The last
 * layer added is the network's output. */
typedef uint32_t cnn_node_t;

typedef enum cnn_activation {
    CNN_ACTIVATION_NONE = 0,
    CNN_ACTIVATION_RELU = 1,
    CNN_ACTIVATION_LEAKY_RELU = 2, /* x < 0: alpha * x */
    CNN_ACTIVATION_SIGMOID = 3,
    CNN_ACTIVATION_SOFTMAX = 4 /* over the channels, at each position */
} cnn_activation_t;

typedef enum cnn_padding {
    CNN_PADDING_VALID = 0,   /* none */
    CNN_PADDING_SAME = 1,    /* output = ceil(input / stride); TensorFlow's placement */
    CNN_PADDING_EXPLICIT = 2 /* the four numbers */
} cnn_padding_t;

typedef enum cnn_initializer {
    CNN_INITIALIZER_DEFAULT = 0,        /* Glorot uniform */
    CNN_INITIALIZER_GLOROT_UNIFORM = 1, /* Glorot and Bengio 2010, as Keras draws it */
    CNN_INITIALIZER_HE_NORMAL = 2       /* He et al. 2015, truncated at two deviations as Keras */
} cnn_initializer_t;

typedef struct cnn_conv2d_options {
    size_t struct_size;
    const char *name; /* NULL = "conv2d", "conv2d_1", ...; letters, digits, _ - . only, < 64 */
    uint32_t filters;
    uint32_t kernel_height, kernel_width; /* 0 = 3 */
    uint32_t stride_height, stride_width; /* 0 = 1 */
    cnn_padding_t padding;
    uint32_t pad_top, pad_bottom, pad_left, pad_right; /* CNN_PADDING_EXPLICIT only */
    cnn_activation_t activation;
    float alpha; /* leaky ReLU's slope, 0 = 0.01, otherwise > 0 */
    int no_bias;
    cnn_initializer_t initializer;
} cnn_conv2d_options_t;

typedef struct cnn_pool2d_options {
    size_t struct_size;
    const char *name;
    uint32_t pool_height, pool_width;     /* 0 = 2 */
    uint32_t stride_height, stride_width; /* 0 = the pool's size */
    cnn_padding_t padding;                /* padding never wins a maximum nor counts in a mean */
    uint32_t pad_top, pad_bottom, pad_left, pad_right; /* each below the pool's size */
} cnn_pool2d_options_t;

typedef struct cnn_dense_options {
    size_t struct_size;
    const char *name;
    uint32_t units;
    cnn_activation_t activation;
    float alpha;
    int no_bias;
    cnn_initializer_t initializer;
} cnn_dense_options_t;

typedef struct cnn_batch_norm_options {
    size_t struct_size;
    const char *name;
    float momentum; /* of the running mean and variance; 0 = 0.99, otherwise between 0 and 1 */
    float epsilon;  /* 0 = 0.001, otherwise > 0 */
} cnn_batch_norm_options_t;

/* An empty graph. Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_graph_create(cnn_context_t *context, cnn_graph_t **graph);
CNN_API void cnn_graph_free(cnn_graph_t *graph);

/* The layer functions append one layer and hand out its node. Shapes are checked at once; errors
 * (ARGUMENT, SHAPE, MEMORY) name the layer and the shapes, and leave the graph as it was. A graph
 * has one input, added first, and at most 4,096 layers; a map and a parameter have fewer than 2^31
 * values, windows, strides and paddings are at most 65,535. name may be NULL everywhere. */
CNN_API cnn_status_t cnn_graph_add_input(cnn_graph_t *graph, uint32_t height, uint32_t width,
                                     uint32_t channels, const char *name, cnn_node_t *node);
CNN_API cnn_status_t cnn_graph_add_conv2d(cnn_graph_t *graph, cnn_node_t input,
                                      const cnn_conv2d_options_t *options, cnn_node_t *node);
CNN_API cnn_status_t cnn_graph_add_max_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                          const cnn_pool2d_options_t *options, cnn_node_t *node);
CNN_API cnn_status_t cnn_graph_add_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                              const cnn_pool2d_options_t *options,
                                              cnn_node_t *node);
/* Each channel's mean over the whole map (Lin et al. 2013, arXiv 1312.4400). */
CNN_API cnn_status_t cnn_graph_add_global_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                                     const char *name, cnn_node_t *node);
CNN_API cnn_status_t cnn_graph_add_flatten(cnn_graph_t *graph, cnn_node_t input, const char *name,
                                       cnn_node_t *node);
/* input must be flat (1 x 1 x c): add cnn_graph_add_flatten before. */
CNN_API cnn_status_t cnn_graph_add_dense(cnn_graph_t *graph, cnn_node_t input,
                                     const cnn_dense_options_t *options, cnn_node_t *node);
/* alpha: leaky ReLU's slope, 0 = 0.01, otherwise > 0. */
CNN_API cnn_status_t cnn_graph_add_activation(cnn_graph_t *graph, cnn_node_t input,
                                          cnn_activation_t activation, float alpha,
                                          const char *name, cnn_node_t *node);
/* In training each value becomes 0 with probability rate (0 <= rate < 1), the others are scaled
 * by 1 / (1 - rate); in prediction nothing changes (Srivastava et al. 2014). */
CNN_API cnn_status_t cnn_graph_add_dropout(cnn_graph_t *graph, cnn_node_t input, float rate,
                                       const char *name, cnn_node_t *node);
/* Ioffe and Szegedy 2015, over n x height x width for each channel. */
CNN_API cnn_status_t cnn_graph_add_batch_norm(cnn_graph_t *graph, cnn_node_t input,
                                          const cnn_batch_norm_options_t *options,
                                          cnn_node_t *node);
/* The sum of two nodes of the same shape, as residual networks have it (He et al. 2016, arXiv
 * 1512.03385). */
CNN_API cnn_status_t cnn_graph_add_sum(cnn_graph_t *graph, cnn_node_t a, cnn_node_t b,
                                   const char *name, cnn_node_t *node);

/* One of the article's five networks: "mlp", "conv24", "conv48x2", "conv128x2", "conv64-128".
 * outputs: 1 = one sigmoid (two classes), more = that many softmax classes; 0 = 1.
 * Errors: ARGUMENT (unknown name: the message lists the known ones), SHAPE, MEMORY. */
CNN_API cnn_status_t cnn_graph_create_preset(cnn_context_t *context, const char *name, uint32_t height,
                                      uint32_t width, uint32_t outputs, cnn_graph_t **graph);

typedef enum cnn_schedule {
    CNN_SCHEDULE_DEFAULT = 0, /* the preset's, else constant */
    CNN_SCHEDULE_CONSTANT = 1,
    CNN_SCHEDULE_STEP = 2,  /* times step_factor every step_epochs */
    CNN_SCHEDULE_COSINE = 3 /* half a cosine that is 0 after the last step (Loshchilov and Hutter
                               2017) */
} cnn_schedule_t;

/* The tuned numbers may become better ones in a later version; a program that must train alike for
 * ever sets its options. */
typedef struct cnn_preset_info {
    size_t struct_size; /* set by the caller */
    const char *name;
    uint32_t batch_size;
    uint32_t epochs;       /* this project's tuned training, which cnn_model_train uses by default */
    float learning_rate;   /* for a graph of this preset */
    float weight_decay;
    cnn_schedule_t schedule;
    int32_t warmup_epochs;
    int mirror;
    float mean; /* of all three channels, for cnn_preprocess_t: a model should be made with them */
    float std;
    float article_pearson;  /* the article's best figures; 0 where it gives none */
    float article_accuracy; /* 0..1 */
} cnn_preset_info_t;

/* The presets, in the article's order. Errors: ARGUMENT (index out of range). */
CNN_API size_t cnn_preset_count(void);
CNN_API cnn_status_t cnn_preset_info(size_t index, cnn_preset_info_t *info);

typedef struct cnn_layer_info {
    size_t struct_size; /* set by the caller */
    const char *name;
    const char *type; /* "input", "conv2d", "max_pool2d", ... */
    uint32_t height, width, channels; /* of the output */
    uint64_t parameters;              /* trained and not (batch normalisation's statistics) */
    uint64_t multiply_adds;           /* for one picture, forward */
    uint64_t output_bytes;            /* float32, one picture */
} cnn_layer_info_t;

/* Layers in the order in which they were added, the input first. name and type are the graph's.
 * Errors: ARGUMENT (also if there is none of that index). Any thread, while nobody adds to the
 * graph. */
CNN_API size_t cnn_graph_layer_count(const cnn_graph_t *graph);
CNN_API cnn_status_t cnn_graph_layer(const cnn_graph_t *graph, size_t index,
                                     cnn_layer_info_t *info);

/* A table of all layers with output shapes, parameters, multiply-adds and bytes, and totals. Works
 * as snprintf: writes at most size bytes with the final NUL (text may be NULL if size is 0) and
 * returns the length of the whole text without NUL. */
CNN_API size_t cnn_graph_summary(const cnn_graph_t *graph, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
