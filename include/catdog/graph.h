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
 *  layers. A feature map or parameter has fewer than 2^31 elements. Windows, strides and paddings
 *  are at most 65,535. Each function checks the shapes immediately. If it fails, the message names
 *  the layer and the shapes, and the graph is unchanged.
 *
 *  A layer's name consists of letters, digits, "_", "-" and ".", and is shorter than 64 characters.
 *  If it is NULL, the layer is named after its type, with a number if that name is in use:
 *  "conv2d", "conv2d_1", ...
 *  @{
 */

/** A network's layers and connections, without weights. */
typedef struct cnn_graph cnn_graph_t;

/** The number that identifies a layer in its graph. */
typedef uint32_t cnn_node_t;

/** Activation functions. */
typedef enum cnn_activation_t {
    CNN_ACTIVATION_NONE = 0,       /**< y = x. */
    CNN_ACTIVATION_RELU = 1,       /**< y = max(x, 0). */
    CNN_ACTIVATION_LEAKY_RELU = 2, /**< y = x, or alpha * x where x < 0. */
    CNN_ACTIVATION_SIGMOID = 3,    /**< y = 1 / (1 + exp(-x)). */
    CNN_ACTIVATION_SOFTMAX = 4     /**< Softmax over the channels, at each position. */
} cnn_activation_t;

/** Kinds of padding. */
typedef enum cnn_padding_t {
    CNN_PADDING_VALID = 0,   /**< No padding. */
    CNN_PADDING_SAME = 1,    /**< As in TensorFlow: output size = ceil(input size / stride). */
    CNN_PADDING_EXPLICIT = 2 /**< The options' pad_top, pad_bottom, pad_left and pad_right. */
} cnn_padding_t;

/** Distributions of initial weights. */
typedef enum cnn_initializer_t {
    CNN_INITIALIZER_DEFAULT = 0,        /**< The default of the model, else Glorot uniform. */
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
    uint32_t pad_top;            /**< Padding rows above, for #CNN_PADDING_EXPLICIT. */
    uint32_t pad_bottom;         /**< Padding rows below, for #CNN_PADDING_EXPLICIT. */
    uint32_t pad_left;           /**< Padding columns on the left, for #CNN_PADDING_EXPLICIT. */
    uint32_t pad_right;          /**< Padding columns on the right, for #CNN_PADDING_EXPLICIT. */
    cnn_activation_t activation; /**< Activation function of the output. */
    float alpha;                 /**< Slope of leaky ReLU, above 0. 0 = 0.01. */
    int no_bias;                 /**< 1: the layer has no bias. */
    cnn_initializer_t initializer; /**< Initializer of the kernel. */
} cnn_conv2d_options_t;

/** Options of cnn_graph_add_max_pool2d() and cnn_graph_add_average_pool2d(). Padded positions are
 *  ignored: they are neither a maximum nor counted in an average. */
typedef struct cnn_pool2d_options_t {
    size_t struct_size;     /**< Set by #CNN_INIT. */
    const char *name;       /**< The layer's name. */
    uint32_t pool_height;   /**< Height of the window. 0 = 2. */
    uint32_t pool_width;    /**< Width of the window. 0 = 2. */
    uint32_t stride_height; /**< Vertical stride. 0 = pool_height. */
    uint32_t stride_width;  /**< Horizontal stride. 0 = pool_width. */
    cnn_padding_t padding;  /**< Kind of padding. */
    /** Padding rows above, fewer than pool_height; for #CNN_PADDING_EXPLICIT. */
    uint32_t pad_top;
    /** Padding rows below, fewer than pool_height; for #CNN_PADDING_EXPLICIT. */
    uint32_t pad_bottom;
    /** Padding columns on the left, fewer than pool_width; for #CNN_PADDING_EXPLICIT. */
    uint32_t pad_left;
    /** Padding columns on the right, fewer than pool_width; for #CNN_PADDING_EXPLICIT. */
    uint32_t pad_right;
} cnn_pool2d_options_t;

/** Options of cnn_graph_add_dense(). */
typedef struct cnn_dense_options_t {
    size_t struct_size;            /**< Set by #CNN_INIT. */
    const char *name;              /**< The layer's name. */
    uint32_t units;                /**< Number of outputs, at least 1. */
    cnn_activation_t activation;   /**< Activation function of the output. */
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

/** Creates the graph of a preset: one of the five networks of the article that libcatdog follows.
 *
 *  @param context  The context.
 *  @param name  "mlp", "conv24", "conv48x2", "conv128x2" or "conv64-128".
 *  @param height  Height of the input in pixels.
 *  @param width  Width of the input in pixels.
 *  @param outputs  Number of outputs. 0 or 1 = a single sigmoid output, for two classes; 2 or
 *                  more = softmax outputs, one for each class.
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
 *  @param height  Height of the input, at least 1.
 *  @param width  Width of the input, at least 1.
 *  @param channels  Number of channels, at least 1; 3 for photos.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The new layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_input(cnn_graph_t *graph, uint32_t height, uint32_t width,
                                         uint32_t channels, const char *name, cnn_node_t *node);

/** Adds a two-dimensional convolution layer.
 *
 *  @param graph  The graph.
 *  @param input  The layer whose output the new layer reads.
 *  @param options  Its options; `filters` is required.
 *  @param[out] node  The new layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_conv2d(cnn_graph_t *graph, cnn_node_t input,
                                          const cnn_conv2d_options_t *options, cnn_node_t *node);

/** Adds a max pooling layer: the maximum of each window.
 *
 *  @param graph  The graph.
 *  @param input  The layer whose output the new layer reads.
 *  @param options  NULL = defaults.
 *  @param[out] node  The new layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_max_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                              const cnn_pool2d_options_t *options,
                                              cnn_node_t *node);

/** Adds an average pooling layer: the mean of each window.
 *
 *  @param graph  The graph.
 *  @param input  The layer whose output the new layer reads.
 *  @param options  NULL = defaults.
 *  @param[out] node  The new layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                                  const cnn_pool2d_options_t *options,
                                                  cnn_node_t *node);

/** Adds a global average pooling layer: the mean of each channel (Lin et al. 2013, arXiv
 *  1312.4400).
 *
 *  @param graph  The graph.
 *  @param input  The layer whose output the new layer reads.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The new layer; its shape is 1 x 1 x channels.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_global_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                                         const char *name, cnn_node_t *node);

/** Adds a layer that flattens its input to 1 x 1 x (height * width * channels). Channels vary
 *  fastest.
 *
 *  @param graph  The graph.
 *  @param input  The layer whose output the new layer reads.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The new layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_flatten(cnn_graph_t *graph, cnn_node_t input, const char *name,
                                           cnn_node_t *node);

/** Adds a dense (fully connected) layer.
 *
 *  @param graph  The graph.
 *  @param input  The layer whose output the new layer reads. It must be flat: 1 x 1 x channels.
 *  @param options  Its options; `units` is required.
 *  @param[out] node  The new layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_dense(cnn_graph_t *graph, cnn_node_t input,
                                         const cnn_dense_options_t *options, cnn_node_t *node);

/** Adds an activation function as a separate layer.
 *
 *  @param graph  The graph.
 *  @param input  The layer whose output the new layer reads.
 *  @param activation  The activation function.
 *  @param alpha  Slope of leaky ReLU, above 0. 0 = 0.01.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The new layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_activation(cnn_graph_t *graph, cnn_node_t input,
                                              cnn_activation_t activation, float alpha,
                                              const char *name, cnn_node_t *node);

/** Adds a dropout layer (Srivastava et al. 2014).
 *
 *  In training each activation becomes 0 with probability `rate`, and the others are multiplied by
 *  1 / (1 - rate). In prediction the layer passes its input on unchanged.
 *  @param graph  The graph.
 *  @param input  The layer whose output the new layer reads.
 *  @param rate  The dropout rate, 0 to below 1.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The new layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_dropout(cnn_graph_t *graph, cnn_node_t input, float rate,
                                           const char *name, cnn_node_t *node);

/** Adds a layer that normalises each channel over the batch (Ioffe and Szegedy 2015).
 *
 *  @param graph  The graph.
 *  @param input  The layer whose output the new layer reads.
 *  @param options  NULL = defaults.
 *  @param[out] node  The new layer.
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_batch_norm(cnn_graph_t *graph, cnn_node_t input,
                                              const cnn_batch_norm_options_t *options,
                                              cnn_node_t *node);

/** Adds a layer that sums two feature maps, as in residual networks (He et al. 2016, arXiv
 *  1512.03385).
 *
 *  @param graph  The graph.
 *  @param a  A layer.
 *  @param b  A layer of the same shape.
 *  @param name  The layer's name, or NULL.
 *  @param[out] node  The new layer; its type is "add".
 *  @return CNN_OK, or ARGUMENT, SHAPE, MEMORY.
 */
CNN_API cnn_status_t cnn_graph_add_sum(cnn_graph_t *graph, cnn_node_t a, cnn_node_t b,
                                       const char *name, cnn_node_t *node);

/** Properties of a layer. */
typedef struct cnn_layer_info_t {
    size_t struct_size;     /**< Set by #CNN_INIT. */
    const char *name;       /**< The layer's name. */
    const char *type;       /**< "input", "conv2d", "max_pool2d", ... */
    uint32_t height;        /**< Height of the output. */
    uint32_t width;         /**< Width of the output. */
    uint32_t channels;      /**< Channels of the output. */
    uint64_t parameters;    /**< Number of weights, plus statistics of batch normalisation. */
    uint64_t multiply_adds; /**< Number of multiply-adds of the forward pass for one image. */
    uint64_t output_bytes;  /**< Size of the output for one image, as float, in bytes. */
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
 *  @return The length of the whole table without the NUL, also if `size` is smaller.
 */
CNN_API size_t cnn_graph_summary(const cnn_graph_t *graph, char *text, size_t size);

/** Learning-rate schedules. */
typedef enum cnn_schedule_t {
    CNN_SCHEDULE_DEFAULT = 0,  /**< The schedule of the preset, else constant. */
    CNN_SCHEDULE_CONSTANT = 1, /**< The same rate in every step. */
    CNN_SCHEDULE_STEP = 2,     /**< Rate times `step_factor` after every `step_epochs` epochs. */
    CNN_SCHEDULE_COSINE = 3    /**< Half a cosine, down to 0 (Loshchilov and Hutter 2017). */
} cnn_schedule_t;

/** A preset: one of the networks of the article that libcatdog follows, and its default training
 *  options. A later version may have other defaults. A program that must always train in the same
 *  way sets all options. */
typedef struct cnn_preset_info_t {
    size_t struct_size;      /**< Set by #CNN_INIT. */
    const char *name;        /**< Name for cnn_graph_create_preset(), in static storage. */
    float mean;              /**< Default of all channels of cnn_preprocess_t::mean. */
    float std;               /**< Default of all channels of cnn_preprocess_t::std. */
    uint32_t epochs;         /**< Default of cnn_train_options_t::epochs. */
    uint32_t batch_size;     /**< Default of cnn_train_options_t::batch_size. */
    float learning_rate;     /**< Default of cnn_train_options_t::learning_rate. */
    float weight_decay;      /**< Default of cnn_train_options_t::weight_decay; 0 = none. */
    cnn_schedule_t schedule; /**< Default of cnn_train_options_t::schedule. */
    int32_t warmup_epochs;   /**< Default of cnn_train_options_t::warmup_epochs; 0 = none. */
    int mirror;              /**< Default of cnn_train_options_t::mirror; 0 = no mirroring. */
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
