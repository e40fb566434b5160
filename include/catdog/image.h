/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Images: decoding, resizing and writing JPEG.
 */
#ifndef CNN_IMAGE_H
#define CNN_IMAGE_H

#include <catdog/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup image Image
 *  JPEG decoding, preprocessing for a network, and JPEG writing. All functions give the same pixels
 *  on every machine.
 *  @{
 */

/** A decoded image: 8 bits a channel, RGB. */
typedef struct cnn_image cnn_image_t;

/** Limits for the decoding of a photo. */
typedef struct cnn_image_options_t {
    size_t struct_size;  /**< Set by #CNN_INIT. */
    uint64_t max_bytes;  /**< Largest accepted file, in bytes. 0 = 256 MiB. */
    uint64_t max_pixels; /**< Largest accepted number of pixels. 0 = 200,000,000. */
} cnn_image_options_t;

/** How a JPEG stores its colours. Decoded images are always RGB. */
typedef enum cnn_color_space_t {
    CNN_COLOR_SPACE_UNKNOWN = 0, /**< Not supported: the photo cannot be decoded. */
    CNN_COLOR_SPACE_GREY = 1,    /**< Greyscale. */
    CNN_COLOR_SPACE_YCBCR = 2,   /**< Luma and two chroma channels. */
    CNN_COLOR_SPACE_RGB = 3,     /**< Red, green, blue. */
    CNN_COLOR_SPACE_CMYK = 4,    /**< Cyan, magenta, yellow, black. */
    CNN_COLOR_SPACE_YCCK = 5     /**< CMYK, stored as luma, two chroma channels and black. */
} cnn_color_space_t;

/** Decodes a JPEG file to RGB and turns it upright by its EXIF orientation.
 *
 *  Baseline and progressive files are supported, in every colour space of cnn_color_space_t.
 *  If the decoder only warns, the warnings are logged and the photo is decoded. A file that is
 *  empty, cut short, not a JPEG or over a limit is refused with IMAGE; the message names the
 *  reason.
 *  @param context  The context.
 *  @param path  The file.
 *  @param options  Limits; NULL = defaults.
 *  @param[out] image  The image, to be freed with cnn_image_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, IO, IMAGE. Any thread may call this.
 */
CNN_API cnn_status_t cnn_image_load(cnn_context_t *context, const char *path,
                                    const cnn_image_options_t *options, cnn_image_t **image);

/** Decodes a JPEG from memory, as cnn_image_load() does.
 *
 *  @param context  The context.
 *  @param bytes  The encoded bytes; not kept.
 *  @param size  Number of bytes.
 *  @param options  Limits; NULL = defaults.
 *  @param[out] image  The image, to be freed with cnn_image_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, IMAGE. Any thread may call this.
 */
CNN_API cnn_status_t cnn_image_load_memory(cnn_context_t *context, const void *bytes, size_t size,
                                           const cnn_image_options_t *options,
                                           cnn_image_t **image);

/** Creates an image from RGB pixels, which are copied.
 *
 *  @param context  The context.
 *  @param rgb  `height` rows of `width` pixels of 3 bytes. NULL = a black image.
 *  @param height  1 to 65,535 pixels.
 *  @param width  1 to 65,535 pixels.
 *  @param stride  Bytes from the start of a row to the start of the next. 0 = 3 * width.
 *  @param[out] image  The image, to be freed with cnn_image_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY. Any thread may call this.
 */
CNN_API cnn_status_t cnn_image_create(cnn_context_t *context, const uint8_t *rgb, size_t height,
                                      size_t width, size_t stride, cnn_image_t **image);

/** Frees an image.
 *
 *  @param image  The image, or NULL.
 */
CNN_API void cnn_image_free(cnn_image_t *image);

/** Returns the height of an image.
 *
 *  @param image  The image.
 *  @return The height in pixels.
 */
CNN_API size_t cnn_image_height(const cnn_image_t *image);

/** Returns the width of an image.
 *
 *  @param image  The image.
 *  @return The width in pixels.
 */
CNN_API size_t cnn_image_width(const cnn_image_t *image);

/** Returns the pixels of an image.
 *
 *  @param image  The image.
 *  @return height x width x 3 bytes, rows without gaps.
 */
CNN_API const uint8_t *cnn_image_pixels(const cnn_image_t *image);

/** Options of cnn_image_save(). */
typedef struct cnn_image_save_options_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    int quality;        /**< JPEG quality, 1 to 100. 0 = 90. */
} cnn_image_save_options_t;

/** Writes an image as a JPEG file. An existing file is replaced atomically.
 *
 *  @param image  The image.
 *  @param path  The file.
 *  @param options  NULL = defaults.
 *  @return CNN_OK, or ARGUMENT, MEMORY, IO.
 */
CNN_API cnn_status_t cnn_image_save(const cnn_image_t *image, const char *path,
                                    const cnn_image_save_options_t *options);

/** How a photo is fitted into the size of the network's input. */
typedef enum cnn_fit_t {
    CNN_FIT_SQUASH = 0,   /**< The whole photo, stretched: its aspect ratio changes. */
    CNN_FIT_CROP = 1,     /**< The largest centred crop with the input's aspect ratio. */
    CNN_FIT_LETTERBOX = 2 /**< The whole photo, centred between bars of colour `pad`. */
} cnn_fit_t;

/** The resolution at which a JPEG is decoded before it is resized. */
typedef enum cnn_decode_t {
    CNN_DECODE_FULL = 0, /**< The full resolution. */
    /** The smallest of 1/1, 1/2, 1/4 and 1/8 of the resolution that is not below the size after
     *  resizing. This is faster and gives slightly different pixels. RGB pixels from memory are
     *  not affected. */
    CNN_DECODE_SCALED = 1
} cnn_decode_t;

/** How a photo becomes the input of a network. It is stored in the model. Training, evaluation and
 *  prediction all use it. */
typedef struct cnn_preprocess_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    uint32_t height;    /**< Height of the input, 1 to 65,535 pixels. 0 = 94. */
    uint32_t width;     /**< Width of the input, 1 to 65,535 pixels. 0 = 125. */
    cnn_fit_t fit;      /**< How the photo is fitted into this size. */
    uint8_t pad[3];     /**< Colour (RGB) of the bars of #CNN_FIT_LETTERBOX. */
    float mean[3];      /**< Mean of each channel: the input is (pixel / 255 - mean) / std. */
    float std[3];       /**< Standard deviation of each channel, above 0. 0 = 1. */
    cnn_decode_t decode; /**< The resolution at which a JPEG is decoded. */
} cnn_preprocess_t;

/** Resizes RGB pixels to the size of a network's input.
 *
 *  The filter is Pillow's "bilinear": a separable triangle filter with antialiasing, computed in
 *  fixed point.
 *  @param context  The context.
 *  @param preprocess  Size and fit; NULL = defaults.
 *  @param rgb  `height` rows of `width` pixels of 3 bytes.
 *  @param height  1 to 65,535 pixels.
 *  @param width  1 to 65,535 pixels.
 *  @param stride  Bytes from the start of a row to the start of the next. 0 = 3 * width.
 *  @param[out] pixels  preprocess->height x preprocess->width x 3 bytes, not yet normalised by mean
 *                      and std.
 *  @return CNN_OK, or ARGUMENT, MEMORY. Any thread may call this.
 */
CNN_API cnn_status_t cnn_preprocess_apply_rgb(cnn_context_t *context,
                                              const cnn_preprocess_t *preprocess,
                                              const uint8_t *rgb, size_t height, size_t width,
                                              size_t stride, uint8_t *pixels);

/** Decodes and resizes a JPEG file to the size of a network's input, as datasets and predictions
 *  do.
 *
 *  Rows are resized while they are decoded, so the full image is never held in memory. A
 *  progressive JPEG also needs two bytes for each of its DCT coefficients. With #CNN_DECODE_FULL
 *  the pixels are the same as after cnn_image_load() and cnn_preprocess_apply_rgb().
 *  @param context  The context.
 *  @param preprocess  Size, fit and decoding; NULL = defaults.
 *  @param path  The file.
 *  @param options  Limits; NULL = defaults.
 *  @param[out] pixels  As for cnn_preprocess_apply_rgb(); undefined on failure.
 *  @return CNN_OK, or ARGUMENT, MEMORY, IO, IMAGE. Any thread may call this.
 */
CNN_API cnn_status_t cnn_preprocess_apply_file(cnn_context_t *context,
                                               const cnn_preprocess_t *preprocess,
                                               const char *path,
                                               const cnn_image_options_t *options,
                                               uint8_t *pixels);

/** Decodes and resizes a JPEG from memory, as cnn_preprocess_apply_file() does.
 *
 *  @param context  The context.
 *  @param preprocess  Size, fit and decoding; NULL = defaults.
 *  @param bytes  The encoded bytes; not kept.
 *  @param size  Number of bytes.
 *  @param options  Limits; NULL = defaults.
 *  @param[out] pixels  As for cnn_preprocess_apply_rgb(); undefined on failure.
 *  @return CNN_OK, or ARGUMENT, MEMORY, IMAGE. Any thread may call this.
 */
CNN_API cnn_status_t cnn_preprocess_apply_memory(cnn_context_t *context,
                                                 const cnn_preprocess_t *preprocess,
                                                 const void *bytes, size_t size,
                                                 const cnn_image_options_t *options,
                                                 uint8_t *pixels);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
