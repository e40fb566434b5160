/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Graphs: networks, layer by layer.
 */
#ifndef CNN_GRAPH_H
#define CNN_GRAPH_H

#include <catdog/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup graph Graph
 *  The structure of a network: its layers, their shapes and how they are connected.
 *
 *  The `cnn_graph_add_...` functions append one layer and return its node. The last layer that is
 *  added is the network's output. A graph has one input, which is added first, and at most 4,096
 *  layers. Feature maps and parameters have fewer than 2^31 values. Windows, strides and paddings
 *  are at most 65,535. The functions check the shapes at once. If one fails, the message names
 *  the layer and the shapes, and the graph is unchanged.
 *
 *  A layer's name has letters, digits, "_", "-" and "." only, and is shorter than 64 characters.
 *  NULL = its type, followed by a number if the name is in use: "conv2d", "conv2d_1", ...
 *  @{
 */

/** A network's layers and connections, without weights. */
typedef struct cnn_graph cnn_graph_t;

/** A layer's place in its graph. */
typedef uint32_t cnn_node_t;

/** Activations. */
typedef enum cnn_activation_t {
    CNN_ACTIVATION_NONE = 0,       /**< y = x. */
    CNN_ACTIVATION_RELU = 1,       /**< y = max(x, 0). */
    CNN_ACTIVATION_LEAKY_RELU = 2, /**< y = x, or alpha * x where x < 0. */
    CNN_ACTIVATION_SIGMOID = 3,    /**< y = 1 / (1 + exp(-x)). */
    CNN_ACTIVATION_SOFTMAX = 4     /**< Softmax over the channels, at each position. */
} cnn_activation_t;

/** Paddings. */
typedef enum cnn_padding_t {
    CNN_PADDING_VALID = 0,   /**< No padding. */
    CNN_PADDING_SAME = 1,    /**< Output = ceil(input / stride), placed as TensorFlow places it. */
    CNN_PADDING_EXPLICIT = 2 /**< The four numbers of the options. */
} cnn_padding_t;

/** Distributions of initial weights. */
typedef enum cnn_initializer_t {
    CNN_INITIALIZER_DEFAULT = 0,        /**< The model's or recipe's, else Glorot uniform. */
    CNN_INITIALIZER_GLOROT_UNIFORM = 1, /**< Glorot and Bengio 2010, as in Keras. */
    CNN_INITIALIZER_HE_NORMAL = 2       /**< He et al. 2015, truncated as in Keras. */
} cnn_initializer_t;

/** Options of cnn_graph_add_conv2d(). */
typedef struct cnn_conv2d_options_t {
    size_t struct_size;          /**< Set by #CNN_INIT. */
    const char *name;            /**< The layer's name. */
    uint32_t filters;            /**< Number of output channels, at least 1. */
    uint32_t kernel_height;      /**< Height of the kernel. 0 = 3. */
    uint32_t kernel_width;       /**< Width of the kernel. 0 = 3. */
    uint32_t stride_height;      /**< Vertical stride. 0 = 1. */
    uint32_t stride_width;       /**< Horizontal stride. 0 = 1. */
    cnn_padding_t padding;       /**< Kind of padding. */
    uint32_t pad_top;            /**< Rows above, for #CNN_PADDING_EXPLICIT. */
    uint32_t pad_bottom;         /**< Rows below, for #CNN_PADDING_EXPLICIT. */
    uint32_t pad_left;           /**< Columns left, for #CNN_PADDING_EXPLICIT. */
    uint32_t pad_right;          /**< Columns right, for #CNN_PADDING_EXPLICIT. */
    cnn_activation_t activation; /**< Applied to the output. */
    float alpha;                 /**< Slope of leaky ReLU, above 0. 0 = 0.01. */
    int no_bias;                 /**< 1: the layer has no bias. */
    cnn_initializer_t initializer; /**< Initializer of the kernel. */
} cnn_conv2d_options_t;

/** Options of cnn_graph_add_max_pool2d() and cnn_graph_add_average_pool2d(). Padding is never a
 *  maximum and does not count in an average. */
typedef struct cnn_pool2d_options_t {
    size_t struct_size;     /**< Set by #CNN_INIT. */
    const char *name;       /**< The layer's name. */
    uint32_t pool_height;   /**< Height of the window. 0 = 2. */
    uint32_t pool_width;    /**< Width of the window. 0 = 2. */
    uint32_t stride_height; /**< Vertical stride. 0 = pool_height. */
    uint32_t stride_width;  /**< Horizontal stride. 0 = pool_width. */
    cnn_padding_t padding;  /**< Kind of padding. */
    uint32_t pad_top;       /**< Rows above, fewer than pool_height; #CNN_PADDING_EXPLICIT. */
    uint32_t pad_bottom;    /**< Rows below, fewer than pool_height; #CNN_PADDING_EXPLICIT. */
    uint32_t pad_left;      /**< Columns left, fewer than pool_width; #CNN_PADDING_EXPLICIT. */
    uint32_t pad_right;     /**< Columns right, fewer than pool_width; #CNN_PADDING_EXPLICIT. */
} cnn_pool2d_options_t;

/** Options of cnn_graph_add_dense(). */
typedef struct cnn_dense_options_t {
    size_t struct_size;            /**< Set by #CNN_INIT. */
    const char *name;              /**< The layer's name. */
    uint32_t units;                /**< Number of outputs, at least 1. */
    cnn_activation_t activation;   /**< Applied to the output. */
    float alpha;                   /**< Slope of leaky ReLU, above 0. 0 = 0.01. */
    int no_bias;                   /**< 1: the layer has no bias. */
    cnn_initializer_t initializer; /**< Initializer of the kernel. */
} cnn_dense_options_t;

/** Options of cnn_graph_add_batch_norm(). */
typedef struct cnn_batch_norm_options_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    const char *name;   /**< The layer's name. */
    float momentum;     /**< Momentum of the running statistics, between 0 and 1. 0 = 0.99. */
    float epsilon;      /**< Added to the variance, above 0. 0 = 0.001. */
} cnn_batch_norm_options_t;

/** Creates an empty graph.
 *
 *  @param context  The context.
 *  @param[out] graph  The graph, to be freed with cnn_graph_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_create(cnn_context_t *context, cnn_graph_t **graph);

/** Creates the graph of a preset, one of the article's five networks.
 *
 *  @param context  The context.
 *  @param name  "mlp", "conv24", "conv48x2", "conv128x2" or "conv64-128".
 *  @param height  Height of the input in pixels.
 *  @param width  Width of the input in pixels.
 *  @param outputs  1 = one sigmoid output, for two classes; more = that many softmax outputs. 0 =
 *                  1.
 *  @param[out] graph  The graph, to be freed with cnn_graph_free().
 *  @return CNN_OK, or ARGUMENT (also for an unknown name), SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_create_preset(cnn_context_t *context, const char *name,
                                             uint32_t height, uint32_t width, uint32_t outputs,
                                             cnn_graph_t **graph);

/** Frees a graph. Models that were created from it keep a copy.
 *
 *  @param graph  The graph, or NULL.
 */
CNN_API void cnn_graph_free(cnn_graph_t *graph);

/** Adds the input layer.
 *
 *  @param graph  An empty graph.
 *  @param height  At least 1.
 *  @param width  At least 1.
 *  @param channels  At least 1; 3 for photos.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_input(cnn_graph_t *graph, uint32_t height, uint32_t width,
                                         uint32_t channels, const char *name, cnn_node_t *node);

/** Adds a two-dimensional convolution.
 *
 *  @param graph  The graph.
 *  @param input  The layer that it reads.
 *  @param options  Its options; `filters` is required.
 *  @param[out] node  The layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_conv2d(cnn_graph_t *graph, cnn_node_t input,
                                          const cnn_conv2d_options_t *options, cnn_node_t *node);

/** Adds a max pooling: the maximum of each window.
 *
 *  @param graph  The graph.
 *  @param input  The layer that it reads.
 *  @param options  NULL = defaults.
 *  @param[out] node  The layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_max_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                              const cnn_pool2d_options_t *options,
                                              cnn_node_t *node);

/** Adds an average pooling: the mean of each window.
 *
 *  @param graph  The graph.
 *  @param input  The layer that it reads.
 *  @param options  NULL = defaults.
 *  @param[out] node  The layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                                  const cnn_pool2d_options_t *options,
                                                  cnn_node_t *node);

/** Adds a global average pooling: the mean of each channel (Lin et al. 2013, arXiv 1312.4400).
 *
 *  @param graph  The graph.
 *  @param input  The layer that it reads.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The layer; its shape is 1 x 1 x channels.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_global_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                                         const char *name, cnn_node_t *node);

/** Adds a flattening to 1 x 1 x values, in the order height, width, channel.
 *
 *  @param graph  The graph.
 *  @param input  The layer that it reads.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_flatten(cnn_graph_t *graph, cnn_node_t input, const char *name,
                                           cnn_node_t *node);

/** Adds a dense (fully connected) layer.
 *
 *  @param graph  The graph.
 *  @param input  The layer that it reads. It must be flat: 1 x 1 x channels.
 *  @param options  Its options; `units` is required.
 *  @param[out] node  The layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_dense(cnn_graph_t *graph, cnn_node_t input,
                                         const cnn_dense_options_t *options, cnn_node_t *node);

/** Adds an activation as a separate layer.
 *
 *  @param graph  The graph.
 *  @param input  The layer that it reads.
 *  @param activation  The activation.
 *  @param alpha  Slope of leaky ReLU, above 0. 0 = 0.01.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_activation(cnn_graph_t *graph, cnn_node_t input,
                                              cnn_activation_t activation, float alpha,
                                              const char *name, cnn_node_t *node);

/** Adds a dropout (Srivastava et al. 2014).
 *
 *  In training each value becomes 0 with probability `rate`, and the others are multiplied by
 *  1 / (1 - rate). In prediction nothing changes.
 *  @param graph  The graph.
 *  @param input  The layer that it reads.
 *  @param rate  0 to below 1.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_dropout(cnn_graph_t *graph, cnn_node_t input, float rate,
                                           const char *name, cnn_node_t *node);

/** Adds a batch normalisation of each channel (Ioffe and Szegedy 2015).
 *
 *  @param graph  The graph.
 *  @param input  The layer that it reads.
 *  @param options  NULL = defaults.
 *  @param[out] node  The layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_batch_norm(cnn_graph_t *graph, cnn_node_t input,
                                              const cnn_batch_norm_options_t *options,
                                              cnn_node_t *node);

/** Adds the sum of two layers, as residual networks use it (He et al. 2016, arXiv 1512.03385).
 *
 *  @param graph  The graph.
 *  @param a  A layer.
 *  @param b  A layer of the same shape.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The layer; its type is "add".
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_sum(cnn_graph_t *graph, cnn_node_t a, cnn_node_t b,
                                       const char *name, cnn_node_t *node);

/** A layer of a graph. */
typedef struct cnn_layer_info_t {
    size_t struct_size;     /**< Set by #CNN_INIT. */
    const char *name;       /**< The layer's name. */
    const char *type;       /**< "input", "conv2d", "max_pool2d", ... */
    uint32_t height;        /**< Height of the output. */
    uint32_t width;         /**< Width of the output. */
    uint32_t channels;      /**< Channels of the output. */
    uint64_t parameters;    /**< Weights and statistics of batch normalisation. */
    uint64_t multiply_adds; /**< Multiply-adds of the forward pass for one image. */
    uint64_t output_bytes;  /**< Size of the output of one image, as float. */
} cnn_layer_info_t;

/** Returns the number of layers.
 *
 *  @param graph  The graph.
 *  @return The number of layers, including the input.
 */
CNN_API size_t cnn_graph_layer_count(const cnn_graph_t *graph);

/** Describes a layer. Layers are in the order in which they were added.
 *
 *  @param graph  The graph.
 *  @param index  Below cnn_graph_layer_count().
 *  @param[out] info  The description.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_graph_layer(const cnn_graph_t *graph, size_t index,
                                     cnn_layer_info_t *info);

/** Writes a table of all layers with shapes, parameters, multiply-adds, bytes and totals.
 *
 *  @param graph  The graph.
 *  @param[out] text  Receives at most `size` bytes, including the final NUL. May be NULL if `size`
 *                    is 0.
 *  @param size  Size of `text` in bytes.
 *  @return The length of the whole table without NUL, as snprintf() returns it.
 */
CNN_API size_t cnn_graph_summary(const cnn_graph_t *graph, char *text, size_t size);

/** Learning-rate schedules. */
typedef enum cnn_schedule_t {
    CNN_SCHEDULE_DEFAULT = 0,  /**< The preset's schedule, else constant. */
    CNN_SCHEDULE_CONSTANT = 1, /**< The same rate in every step. */
    CNN_SCHEDULE_STEP = 2,     /**< Multiplied by `step_factor` every `step_epochs` epochs. */
    CNN_SCHEDULE_COSINE = 3    /**< Half a cosine, down to 0 (Loshchilov and Hutter 2017). */
} cnn_schedule_t;

/** A preset: one of the article's networks, and how this library trains it by default. The values
 *  may change in a later version. A program that needs the same training forever sets all
 *  options. */
typedef struct cnn_preset_info_t {
    size_t struct_size;      /**< Set by #CNN_INIT. */
    const char *name;        /**< Name for cnn_graph_create_preset(), in static storage. */
    float mean;              /**< Value for all channels of cnn_preprocess_t::mean. */
    float std;               /**< Value for all channels of cnn_preprocess_t::std. */
    uint32_t epochs;         /**< cnn_train_options_t::epochs. */
    uint32_t batch_size;     /**< cnn_train_options_t::batch_size. */
    float learning_rate;     /**< cnn_train_options_t::learning_rate. */
    float weight_decay;      /**< cnn_train_options_t::weight_decay; 0 = none. */
    cnn_schedule_t schedule; /**< cnn_train_options_t::schedule. */
    int32_t warmup_epochs;   /**< cnn_train_options_t::warmup_epochs; 0 = none. */
    int mirror;              /**< cnn_train_options_t::mirror; 0 = no. */
} cnn_preset_info_t;

/** Returns the number of presets.
 *
 *  @return The number of valid indices of cnn_preset_info().
 */
CNN_API size_t cnn_preset_count(void);

/** Describes a preset. Presets are in the order of the article.
 *
 *  @param index  Below cnn_preset_count().
 *  @param[out] info  The description.
 *  @return CNN_OK, or ARGUMENT. Any thread may call this.
 */
CNN_API cnn_status_t cnn_preset_info(size_t index, cnn_preset_info_t *info);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
