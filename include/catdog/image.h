/* SPDX-License-Identifier: MIT
 *
 * Images: JPEG to RGB, the resize, JPEG writing. */
#ifndef CNN_IMAGE_H
#define CNN_IMAGE_H

#include <catdog/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cnn_image_options {
    size_t struct_size;
    uint64_t max_bytes;  /* refuse larger files; 0 = 256 MiB */
    uint64_t max_pixels; /* refuse pictures of more pixels; 0 = 200,000,000 */
} cnn_image_options_t;

/* How a JPEG stores its colours. Decoded pictures are RGB whatever it is. */
typedef enum cnn_color_space {
    CNN_COLOR_SPACE_UNKNOWN = 0, /* such a photo cannot be decoded */
    CNN_COLOR_SPACE_GREY = 1,
    CNN_COLOR_SPACE_YCBCR = 2,
    CNN_COLOR_SPACE_RGB = 3,
    CNN_COLOR_SPACE_CMYK = 4,
    CNN_COLOR_SPACE_YCCK = 5
} cnn_color_space_t;

/* Decodes a JPEG (baseline or progressive; grey, YCbCr, RGB, CMYK, YCCK with Adobe's inversion) to
 * RGB, 8 bits a channel, turned upright by its EXIF orientation. Integer IDCT: the same pixels on
 * every machine. Decoder warnings are logged and keep the photo; a file that is empty, cut short,
 * no JPEG or over a limit is CNN_ERROR_IMAGE and the message says which.
 * bytes: not kept. Errors: ARGUMENT, MEMORY, IMAGE. Any thread. */
CNN_API cnn_status_t cnn_image_load_memory(cnn_context_t *context, const void *bytes, size_t size,
                                      const cnn_image_options_t *options, cnn_image_t **image);

/* The same from a file. Errors also: IO. */
CNN_API cnn_status_t cnn_image_load(cnn_context_t *context, const char *path,
                                    const cnn_image_options_t *options, cnn_image_t **image);

/* Copies height rows of width RGB pixels; rows begin stride bytes apart (0 = 3 * width).
 * rgb may be NULL: a black picture. 1 <= height, width <= 65,535. Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_image_create(cnn_context_t *context, size_t height, size_t width,
                                      size_t stride, const uint8_t *rgb, cnn_image_t **image);

CNN_API void cnn_image_free(cnn_image_t *image);
CNN_API size_t cnn_image_height(const cnn_image_t *image);
CNN_API size_t cnn_image_width(const cnn_image_t *image);

/* height x width x 3 bytes, rows without gaps. Lives as long as the image. */
CNN_API const uint8_t *cnn_image_pixels(const cnn_image_t *image);

/* Writes a JPEG, atomically (temporary file, then rename). quality 1..100. Errors: ARGUMENT,
 * MEMORY, IO. */
CNN_API cnn_status_t cnn_image_save(const cnn_image_t *image, const char *path, int quality);

typedef enum cnn_fit {
    CNN_FIT_SQUASH = 0,   /* stretch to the target, as the article does */
    CNN_FIT_CROP = 1,     /* the largest centred part of the target's aspect ratio */
    CNN_FIT_LETTERBOX = 2 /* the whole picture, centred, bars of pad around it */
} cnn_fit_t;

typedef enum cnn_decode {
    CNN_DECODE_FULL = 0,  /* every pixel, then the resize */
    /* a JPEG's decoder gives 1/2, 1/4 or 1/8 of the size, the smallest that is at least as large as
     * the target, then the resize: faster, not quite the same pixels (docs/design.md). RGB pixels
     * of the caller's are resized as they are */
    CNN_DECODE_SCALED = 1
} cnn_decode_t;

/* How any picture becomes the network's input. Stored in the model: training, evaluation,
 * prediction and the tools all use this one path. */
typedef struct cnn_preprocess {
    size_t struct_size;
    uint32_t height; /* 0 = 94;  1..65,535 */
    uint32_t width;  /* 0 = 125; 1..65,535 */
    cnn_fit_t fit;
    uint8_t pad[4]; /* RGB of CNN_FIT_LETTERBOX's bars; pad[3] is 0 */
    float mean[3];  /* the network sees (pixel / 255 - mean) / std, per channel */
    float std[3];   /* 0 = 1; otherwise > 0 */
    cnn_decode_t decode;
} cnn_preprocess_t;

/* Resizes a picture as preprocess says: antialiased, separable triangle filter in fixed point (the
 * "bilinear" of Pillow's resize), the same pixels on every machine.
 * rgb: height x width RGB pixels (sides 1..65,535), rows stride bytes apart (0 = 3 * width).
 * out: preprocess height * width * 3 bytes. Errors: ARGUMENT, MEMORY. Any thread. */
CNN_API cnn_status_t cnn_preprocess_apply_rgb(cnn_context_t *context,
                                          const cnn_preprocess_t *preprocess, const uint8_t *rgb,
                                          size_t height, size_t width, size_t stride, uint8_t *out);

/* A JPEG in memory straight to what the network sees: the way of data sets and predictions. Decoded
 * row by row and resized on the way, so a picture in full size is never held (but a progressive
 * JPEG's coefficients are, twice its samples in bytes). Decoding in full gives the same pixels as
 * cnn_image_load_memory and then cnn_preprocess_apply_rgb.
 * bytes: not kept. out: preprocess height * width * 3 bytes; its contents are undefined on failure.
 * Errors: ARGUMENT, MEMORY, IMAGE. Any thread. */
CNN_API cnn_status_t cnn_preprocess_apply_memory(cnn_context_t *context,
                                           const cnn_preprocess_t *preprocess, const void *bytes,
                                           size_t size, const cnn_image_options_t *options,
                                           uint8_t *out);

/* The same from a file. Errors also: IO. */
CNN_API cnn_status_t cnn_preprocess_apply_file(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                                         const char *path, const cnn_image_options_t *options,
                                         uint8_t *out);

#ifdef __cplusplus
}
#endif
#endif
