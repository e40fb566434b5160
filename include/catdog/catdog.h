/* SPDX-License-Identifier: MIT
 *
 * libcatdog: teaches a computer to tell cats from dogs, and runs what it learned.
 *
 * Conventions that hold for every function below, so that they need not be repeated:
 *
 *  - Status. A function that can fail returns a cnn_status_t: CNN_OK (0) or a negative code.
 *    cnn_error_message() then gives a sentence that names the file, layer or argument at fault.
 *    The library never prints, never ends the process, and leaves no half-written file.
 *  - Results come through out-pointers, which must not be NULL. On failure an out-handle is set
 *    to NULL, and nothing has to be freed.
 *  - Handles are opaque. Whoever receives one through an out-pointer owns it and gives it back
 *    to the matching ..._free, which accepts NULL. Handles may be freed in any order: what a
 *    handle needs of another (its context, its graph) stays alive until the last user is gone.
 *  - Options are structs whose first field, struct_size, is set to sizeof the struct; every other
 *    field left zero means its default: `cnn_train_options_t o = {sizeof o};`. A NULL pointer
 *    means defaults throughout. A larger struct of a newer header is refused (CNN_ERROR_ARGUMENT)
 *    unless the fields that this library does not know are zero.
 *  - Strings are UTF-8 or plain file names, ended by NUL. Strings that the library returns
 *    belong to the handle they came from and live as long as it does.
 *  - Threads. Different handles may be used from different threads at the same time, also when
 *    they share a context; the context itself is for any number of threads at once. Another
 *    handle is used by one thread at a time, except where a comment says otherwise; functions
 *    that take a handle as pointer-to-const may be called by several threads at once.
 *  - fork(). A child may go on using the handles that it inherits, and frees them as its own: its
 *    copies are apart from the parent's, and its first call starts threads for it. What must hold
 *    is that no other thread was inside a call with the same context when the process forked.
 *  - Callbacks may call the library, but not change or free the handles of the call they are in.
 *  - Arrays of pictures are n x height x width x channels (NHWC), channels fastest, RGB order.
 */
#ifndef CATDOG_CATDOG_H
#define CATDOG_CATDOG_H

#include <stddef.h>
#include <stdint.h>

#if defined(CNN_BUILDING_LIBRARY) && defined(__GNUC__)
#define CNN_API __attribute__((visibility("default")))
#else
#define CNN_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------------------------------------
 * Version and status
 * ------------------------------------------------------------------------------------------ */

#define CNN_VERSION_MAJOR 0 /* same major: same ABI */
#define CNN_VERSION_MINOR 1
#define CNN_VERSION_PATCH 0

/* "major.minor.patch" of the library that is running (the macros are those of the header).
 * Static storage. Any thread. */
CNN_API const char *cnn_version(void);

/* X(name, value, sentence): one code per remedy; values are never reused. */
#define CNN_STATUS_MAP(X)                                                                     \
    X(CNN_OK, 0, "success")                                                                   \
    X(CNN_ERROR_ARGUMENT, -1, "an argument is not valid")                                     \
    X(CNN_ERROR_MEMORY, -2, "out of memory")                                                  \
    X(CNN_ERROR_IO, -3, "a file or folder cannot be read or written")                         \
    X(CNN_ERROR_IMAGE, -4, "the photo cannot be decoded")                                     \
    X(CNN_ERROR_MODEL_FILE, -5, "the model file is not valid")                                \
    X(CNN_ERROR_SHAPE, -6, "shapes do not fit together")                                      \
    X(CNN_ERROR_DATA, -7, "the data set cannot be used for this")                             \
    X(CNN_ERROR_NAN, -8, "the loss or a weight is no longer a finite number")                 \
    X(CNN_ERROR_CANCELLED, -9, "cancelled on request")                                        \
    X(CNN_ERROR_THREAD, -10, "a thread could not be started")                                 \
    X(CNN_ERROR_UNSUPPORTED, -11, "not supported by this build or this version")

typedef enum cnn_status {
#define CNN_STATUS_ENUM(name, value, text) name = value,
    CNN_STATUS_MAP(CNN_STATUS_ENUM)
#undef CNN_STATUS_ENUM
    CNN_STATUS_FORCE_INT = 0x7fffffff
} cnn_status_t;

/* A short English sentence for a code; "unknown status" for any other value. Static storage. */
CNN_API const char *cnn_status_string(cnn_status_t status);

/* What exactly went wrong in this thread's last call, if that one failed: it names the file, the
 * layer or the argument. After a call that went well it says nothing of use. Never NULL.
 * Thread-local storage, valid until this thread's next call into the library. */
CNN_API const char *cnn_error_message(void);

/* ---------------------------------------------------------------------------------------------
 * Context: threads, allocator, log, seed. The only state that other handles share.
 * ------------------------------------------------------------------------------------------ */

typedef struct cnn_context cnn_context_t;
typedef struct cnn_cancel cnn_cancel_t;
typedef struct cnn_image cnn_image_t;
typedef struct cnn_dataset cnn_dataset_t;
typedef struct cnn_survey cnn_survey_t;
typedef struct cnn_graph cnn_graph_t;
typedef struct cnn_model cnn_model_t;
typedef struct cnn_session cnn_session_t;
typedef struct cnn_recipe cnn_recipe_t;
typedef struct cnn_history cnn_history_t;
typedef struct cnn_evaluation cnn_evaluation_t;
typedef struct cnn_profile cnn_profile_t;
typedef struct cnn_memory cnn_memory_t;

typedef enum cnn_log_level {
    CNN_LOG_ERROR = 1,   /* a call failed; the text of cnn_error_message */
    CNN_LOG_WARNING = 2, /* something was skipped or put right; the work goes on */
    CNN_LOG_INFO = 3     /* what is being done */
} cnn_log_level_t;

/* How the algorithm of each convolution is chosen. */
typedef enum cnn_tune {
    CNN_TUNE_MODEL = 0,   /* by a cost model: the same choice, and so the same bits, in every run */
    /* all that can do it are timed whenever a network is made ready to be run (a session created; a
     * fit or an evaluation begun), and the fastest is taken: faster perhaps, but another run, or a
     * session beside another, may choose otherwise and differ in the last bits: what is said below
     * of the same bits is then not so. Nothing is stored; cnn_graph_memory tells of the cost
     * model's choice. */
    CNN_TUNE_MEASURED = 1
} cnn_tune_t;

typedef struct cnn_context_options {
    size_t struct_size;
    uint32_t threads; /* 0 = as many as CPUs this process may use; at most 1024. Results have the
                         same bits for every value. */
    uint64_t seed;    /* where an options struct has no seed of its own (seed 0) this one counts */
    /* Called from the library's threads too, possibly several at once; alignment as malloc's.
     * Give both or neither. allocate returns NULL when it cannot. Memory of libjpeg, jansson and
     * OpenBLAS does not pass through here. */
    void *(*allocate)(size_t size, void *user);
    void (*release)(void *block, void *user);
    void *allocator_user;
    /* Receives one line without newline; called by any thread, never two at once. It must not
     * call back into the library. */
    void (*log)(cnn_log_level_t level, const char *text, void *user);
    void *log_user;
    /* The arithmetic: NULL = the best kernels that this CPU runs; or the name of others of
     * cnn_kernels_get: "avx2", "sse2", ..., "blas" = OpenBLAS' matrix product and plain C loops,
     * "reference" = plain C loops only, slow, for comparison and bug reports. Single kernels can be
     * taken from others: "avx512,gemm=blas,adam=reference", or "winograd=off" to leave out one
     * algorithm of convolution (docs/kernel-choice.md has the names). The environment variable
     * CATDOG_KERNELS, if set, counts instead. Other kernels, other last bits of the results. */
    const char *kernels;
    cnn_tune_t tune;
} cnn_context_options_t;

/* Makes a context. Errors: ARGUMENT, MEMORY, THREAD. Any thread. */
CNN_API cnn_status_t cnn_context_create(const cnn_context_options_t *options,
                                        cnn_context_t **context);

/* Gives up the caller's hold. The context goes when the last handle made with it goes. */
CNN_API void cnn_context_free(cnn_context_t *context);

/* Threads that work for this context, the caller's included. */
CNN_API uint32_t cnn_context_threads(const cnn_context_t *context);

typedef enum cnn_kernels_choice {
    CNN_KERNELS_BY_CPU = 0,        /* the best that run here */
    CNN_KERNELS_BY_OPTION = 1,     /* cnn_context_options_t.kernels */
    CNN_KERNELS_BY_ENVIRONMENT = 2 /* CATDOG_KERNELS */
} cnn_kernels_choice_t;

/* The kernels chosen, as cnn_context_options_t.kernels writes them, and who chose. */
CNN_API const char *cnn_context_kernels(const cnn_context_t *context);
CNN_API cnn_kernels_choice_t cnn_context_kernels_choice(const cnn_context_t *context);

typedef struct cnn_kernels_info {
    size_t struct_size; /* set by the caller */
    const char *name;
    int runs_here; /* 0: this CPU or operating system lacks something; "blas": there is no OpenBLAS
                      ("libopenblas.so.0"), which is loaded to see */
} cnn_kernels_info_t;

/* The kernels of this build, the best first. Errors: ARGUMENT (index out of range). */
CNN_API size_t cnn_kernels_count(void);
CNN_API cnn_status_t cnn_kernels_get(size_t index, cnn_kernels_info_t *info);

typedef struct cnn_cpu_info {
    size_t struct_size; /* set by the caller */
    char name[64];      /* as the CPU says it, "" if it does not */
    char features[192]; /* of those that kernels could use, the ones it has: "sse2 avx avx2 ..." */
    uint32_t threads;   /* CPUs that this process may use */
} cnn_cpu_info_t;

/* The CPU on which the call runs. Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_cpu_get(cnn_cpu_info_t *info);

/* A flag by which any thread, or a signal handler, stops a long call that was given it. Errors:
 * ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_cancel_create(cnn_context_t *context, cnn_cancel_t **cancel);
CNN_API void cnn_cancel_free(cnn_cancel_t *cancel);

/* Sets the flag. Any thread, any number of times; safe in a signal handler. */
CNN_API void cnn_cancel_request(cnn_cancel_t *cancel);

/* 1 once requested, else 0. Any thread. */
CNN_API int cnn_cancel_requested(const cnn_cancel_t *cancel);

/* ---------------------------------------------------------------------------------------------
 * Images: JPEG to RGB, the resize, JPEG writing
 * ------------------------------------------------------------------------------------------ */

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
CNN_API cnn_status_t cnn_image_decode(cnn_context_t *context, const void *bytes, size_t size,
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
CNN_API cnn_status_t cnn_preprocess_apply(cnn_context_t *context,
                                          const cnn_preprocess_t *preprocess, const uint8_t *rgb,
                                          size_t height, size_t width, size_t stride, uint8_t *out);

/* A JPEG in memory straight to what the network sees: the way of data sets and predictions. Decoded
 * row by row and resized on the way, so a picture in full size is never held (but a progressive
 * JPEG's coefficients are, twice its samples in bytes). Decoding in full gives the same pixels as
 * cnn_image_decode and then cnn_preprocess_apply.
 * bytes: not kept. out: preprocess height * width * 3 bytes; its contents are undefined on failure.
 * Errors: ARGUMENT, MEMORY, IMAGE. Any thread. */
CNN_API cnn_status_t cnn_preprocess_decode(cnn_context_t *context,
                                           const cnn_preprocess_t *preprocess, const void *bytes,
                                           size_t size, const cnn_image_options_t *options,
                                           uint8_t *out);

/* The same from a file. Errors also: IO. */
CNN_API cnn_status_t cnn_preprocess_load(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                                         const char *path, const cnn_image_options_t *options,
                                         uint8_t *out);

/* ---------------------------------------------------------------------------------------------
 * Data sets: labelled photos
 * ------------------------------------------------------------------------------------------ */

typedef enum cnn_layout {
    CNN_LAYOUT_AUTO = 0,   /* folders if the folder has two or more with photos, else prefix */
    CNN_LAYOUT_PREFIX = 1, /* Kaggle's: the class is the file name up to the first dot: cat.0.jpg */
    CNN_LAYOUT_FOLDERS = 2 /* one folder a class: cats/any.jpg, dogs/any.jpg */
} cnn_layout_t;

typedef struct cnn_dataset_options {
    size_t struct_size;
    cnn_layout_t layout;
    int strict; /* 1: the first photo that cannot be used is an error instead of a skipped one */
    /* The classes in the order of their labels. NULL: those found. Two found classes are put in
     * descending byte order, so that the article's convention holds (dog = 0, cat = 1, and a
     * single sigmoid output is the probability of class 1, the cat); three or more in ascending
     * order. Given classes match found ones exactly, else regardless of ASCII case, else
     * regardless of a final "s": the class "cat" also takes "Cat" and "cats". */
    const char *const *classes;
    size_t n_classes;
    const cnn_image_options_t *image; /* limits for each photo; NULL = defaults */
} cnn_dataset_options_t;

/* Lists a folder's photos (.jpg, .jpeg in any case, in byte order of their paths) and finds the
 * classes; nothing is decoded yet. A photo whose class cannot be told is skipped and listed.
 * Errors: ARGUMENT, MEMORY, IO, DATA (no photos; fewer than two classes and none given; strict). */
CNN_API cnn_status_t cnn_dataset_open(cnn_context_t *context, const char *folder,
                                      const cnn_dataset_options_t *options,
                                      cnn_dataset_t **dataset);

/* Pictures that the program already has, all of one size. */
typedef struct cnn_pixels {
    size_t struct_size;
    const uint8_t *rgb;     /* n x height x width x 3 bytes */
    const uint32_t *labels; /* n values below n_classes */
    size_t n;
    size_t height; /* 1..65,535 */
    size_t width;
    const char *const *classes; /* n_classes names in label order, at least two */
    size_t n_classes;
} cnn_pixels_t;

/* A data set of such pictures. All of pixels is copied. Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_dataset_from_pixels(cnn_context_t *context, const cnn_pixels_t *pixels,
                                             cnn_dataset_t **dataset);

CNN_API void cnn_dataset_free(cnn_dataset_t *dataset);
CNN_API size_t cnn_dataset_count(const cnn_dataset_t *dataset);
CNN_API size_t cnn_dataset_class_count(const cnn_dataset_t *dataset);

/* NULL if index is out of range. */
CNN_API const char *cnn_dataset_class_name(const cnn_dataset_t *dataset, size_t index);

typedef struct cnn_sample {
    size_t struct_size; /* set by the caller */
    const char *path;   /* "" for a sample from memory */
    uint32_t label;
    const uint8_t *pixels; /* height x width x 3, or NULL while not loaded, or not held in memory */
    uint32_t height, width; /* of pixels; 0 without */
} cnn_sample_t;

/* Errors: ARGUMENT (index out of range). */
CNN_API cnn_status_t cnn_dataset_sample(const cnn_dataset_t *dataset, size_t index,
                                        cnn_sample_t *sample);

typedef struct cnn_skipped {
    size_t struct_size; /* set by the caller */
    const char *path;
    cnn_status_t status;
    const char *reason;
} cnn_skipped_t;

/* The photos left out so far, by cnn_dataset_open or cnn_dataset_load, in order of path. path and
 * reason are the data set's, until it is loaded again or freed. Errors: ARGUMENT (also if there is
 * none of that index). */
CNN_API size_t cnn_dataset_skipped_count(const cnn_dataset_t *dataset);
CNN_API cnn_status_t cnn_dataset_skipped(const cnn_dataset_t *dataset, size_t index,
                                         cnn_skipped_t *skipped);

typedef struct cnn_split_options {
    size_t struct_size;
    size_t train;               /* photos in the first part; 0 = all that the second leaves */
    size_t validation;          /* photos in the second part; 0 = by fraction */
    double validation_fraction; /* 0 = 0.2; below 1 */
    uint64_t seed;              /* 0 = the context's */
} cnn_split_options_t;

/* Draws two disjoint parts by the seed, each with the classes in the proportion of the whole
 * (stratified; largest remainders). Membership depends on the list of photos and the seed alone.
 * Pixels already loaded are shared, not copied. Each part keeps the order of the whole. Both
 * parts are handles of their own; the whole may be freed. Errors: ARGUMENT, MEMORY, DATA (fewer
 * photos than asked for; a part without photos). */
CNN_API cnn_status_t cnn_dataset_split(const cnn_dataset_t *dataset,
                                       const cnn_split_options_t *options, cnn_dataset_t **train,
                                       cnn_dataset_t **validation);

/* A data set of the samples with these n indices, each once, in whatever order they are given: it
 * keeps the order of the whole. Pixels already loaded are shared, not copied. A handle of its own;
 * the whole may be freed. Errors: ARGUMENT (no index; one that is out of range, or twice),
 * MEMORY. */
CNN_API cnn_status_t cnn_dataset_subset(const cnn_dataset_t *dataset, const size_t *indices,
                                        size_t n, cnn_dataset_t **subset);

/* done of total photos; return nonzero to stop (CNN_ERROR_CANCELLED). Called by one thread at a
 * time, not always the same. */
typedef int (*cnn_progress_fn)(size_t done, size_t total, void *user);

typedef struct cnn_load_options {
    size_t struct_size;
    cnn_progress_fn progress;
    void *user;
    const cnn_cancel_t *cancel;
    /* NULL, or a file to keep the pixels of all photos of the folder in, whichever part of them the
     * data set has: one file serves every split. The first load makes it (progress is then over all
     * these photos); later ones, of any process, map it and decode nothing. One that does not fit
     * photos and settings, is damaged, or lacks a photo that could not be read then and can be read
     * now, is made anew. It has count * height * width * 3 bytes and a little more. If it cannot be
     * made, or something else than a cache has the name, a warning is logged and the load goes on
     * without. It must not be shortened while it is used. Not for samples from memory. */
    const char *cache;
    /* The most bytes of pixels to hold in memory; 0 = no limit. If cnn_dataset_load_bytes is more,
     * and there is no cache, the photos that do not fit are decoded again whenever they are needed;
     * their samples have no pixels to show (cnn_dataset_sample). Not for samples from memory. */
    uint64_t memory;
} cnn_load_options_t;

/* Bytes of pixels that cnn_dataset_load will hold: count * height * width * 3; 0 if an argument is
 * not valid. */
CNN_API uint64_t cnn_dataset_load_bytes(const cnn_dataset_t *dataset,
                                        const cnn_preprocess_t *preprocess);

/* Decodes and resizes every photo, on all threads of the context, into memory or where options say.
 * The pixels are the same wherever they are. Photos that cannot be used move from the samples to
 * the skipped list (or, if strict, are the error). Loading again with the same preprocess does
 * nothing; samples from memory are resized if their size differs. On failure the data set is as
 * before. Errors: ARGUMENT, MEMORY, CANCELLED, DATA (no photo left), and if strict IO, IMAGE. */
CNN_API cnn_status_t cnn_dataset_load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                                      const cnn_load_options_t *options);

/* What cnn_dataset_batch is to give. */
typedef struct cnn_batch_options {
    size_t struct_size;
    size_t first;   /* the first picture's place in the order */
    int shuffle;    /* 1: the order in which an epoch trains on them; 0: that of the samples */
    /* 1: mirrored as training with cnn_train_options_t's mirror does it in the epoch */
    int mirror;
    uint32_t epoch; /* 0 = 1, the first */
    uint64_t seed;  /* the training's; 0 = the context's */
    /* NULL, or a training's: pictures are augmented, and mixed in batches of its batch_size, as it
     * does it; its mirror and seed count instead of those above. As no network is known, 0 means no
     * preset's value but the one without. Of the other fields only the ranges are looked at. */
    const struct cnn_train_options *training;
} cnn_batch_options_t;

/* n pictures of a loaded data set as a network sees them, through the function that fills
 * training's own batches: to look at, or for a training loop of one's own.
 * x: n x height x width x 3 floats (of the preprocess that it was loaded with; divided by
 * training's crop_detail), (pixel / 255 - mean) / std.
 * labels, samples: n each, or NULL: the class and the index of the sample; of a mixed picture, of
 * the one that has the larger share. Errors: ARGUMENT (first + n is beyond the last; a field of
 * training), MEMORY, DATA (not loaded), IO (a photo that is decoded again can no longer be
 * read). */
CNN_API cnn_status_t cnn_dataset_batch(const cnn_dataset_t *dataset,
                                       const cnn_batch_options_t *options, size_t n, float *x,
                                       uint32_t *labels, size_t *samples);

/* Counts the sizes (width x height as stored, before any rotation) of the first max_photos photos
 * (0 = all), reading their headers only; the article's first question to its data. Errors:
 * ARGUMENT, MEMORY, DATA (samples from memory have no header). */
CNN_API cnn_status_t cnn_dataset_survey(const cnn_dataset_t *dataset, size_t max_photos,
                                        cnn_survey_t **survey);

typedef struct cnn_survey_options {
    size_t struct_size;
    size_t max_photos; /* the first so many; 0 = all */
    int headers_only;  /* 1: nothing is decoded, and duplicates are not looked for */
    int32_t radius; /* near duplicates: at most so many of the 256 bits of two photos' perceptual
                       hashes differ; 0 = 31, at most 63; below 0: none are looked for */
    cnn_progress_fn progress;
    void *user;
    const cnn_cancel_t *cancel;
} cnn_survey_options_t;

/* Looks at all that can be known of photos before training: sizes, colour spaces, orientations,
 * warnings, which cannot be decoded and why, which are there twice. Decodes on the context's
 * threads; pixels are not kept. The result is the same for any number of threads. Perceptual hash:
 * the signs of 16 x 16 low frequencies of the cosine transform of the 64 x 64 grey picture against
 * their median, as in PDQ ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
 * Algorithm", Facebook 2019, whose radius for "the same picture" is 31), but with this library's
 * resize and integer arithmetic; after pHash (Zauner, "Implementation and Benchmarking of
 * Perceptual Image Hash Functions", 2010). It forgives scaling, compression and small changes of
 * colour, not mirroring, turning or cropping.
 * Errors: ARGUMENT, MEMORY, CANCELLED, DATA (samples from memory). */
CNN_API cnn_status_t cnn_survey_create(const cnn_dataset_t *dataset,
                                       const cnn_survey_options_t *options, cnn_survey_t **survey);
CNN_API void cnn_survey_free(cnn_survey_t *survey);

typedef struct cnn_survey_entry {
    size_t struct_size; /* set by the caller */
    uint32_t width;
    uint32_t height;
    size_t count;
} cnn_survey_entry_t;

/* Number of different sizes; entries come most common first (ties: wider, then higher first).
 * Errors: ARGUMENT (also if there is none of that index). */
CNN_API size_t cnn_survey_count(const cnn_survey_t *survey);
CNN_API cnn_status_t cnn_survey_entry(const cnn_survey_t *survey, size_t index,
                                      cnn_survey_entry_t *entry);

/* Photos looked at, and those of them that could not be used: whose header could not be read or, if
 * they were decoded, that could not be decoded. */
CNN_API size_t cnn_survey_photos(const cnn_survey_t *survey);
CNN_API size_t cnn_survey_unreadable(const cnn_survey_t *survey);

/* What is known of a photo. width to orientation are 0 (UNKNOWN) if its header could not be
 * read. */
typedef struct cnn_survey_photo {
    size_t struct_size; /* set by the caller */
    const char *path;
    uint32_t label;
    cnn_status_t status; /* CNN_OK, or why it cannot be used (IO, IMAGE) */
    const char *reason;  /* the same in words; "" */
    uint32_t width, height; /* as stored */
    cnn_color_space_t color_space;
    uint32_t orientation; /* EXIF's, 1 (upright) to 8 */
    uint32_t warnings;    /* of the decoder; 0 with headers_only */
    const char *warning;  /* the first of them; "" */
} cnn_survey_photo_t;

/* index: the sample's in the data set, below cnn_survey_photos. Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_survey_photo(const cnn_survey_t *survey, size_t index,
                                      cnn_survey_photo_t *photo);

typedef enum cnn_duplicate {
    CNN_DUPLICATE_EXACT = 0, /* files of the same bytes (by a 64-bit hash and the length) */
    CNN_DUPLICATE_NEAR = 1   /* each is within radius of another of them; not all the same bytes */
} cnn_duplicate_t;

/* Photos that show the same. */
typedef struct cnn_duplicates {
    size_t struct_size; /* set by the caller */
    cnn_duplicate_t kind;
    size_t n;             /* of photos: two or more */
    const size_t *photos; /* as cnn_survey_photo takes them, ascending; the survey's */
    /* bits: the most between two neighbours that the group needs; 0 if exact */
    uint32_t distance;
    int classes_differ;   /* 1: not all have the same label; one label may be wrong */
} cnn_duplicates_t;

/* Groups, the exact ones first, each kind in order of its first photo. A photo is in at most one
 * group of each kind. Pictures without detail (a black one) are in no near group. Errors: ARGUMENT
 * (index out of range). */
CNN_API size_t cnn_survey_duplicates_count(const cnn_survey_t *survey);
CNN_API cnn_status_t cnn_survey_duplicates(const cnn_survey_t *survey, size_t index,
                                           cnn_duplicates_t *duplicates);

/* ---------------------------------------------------------------------------------------------
 * Graph: what a network is
 * ------------------------------------------------------------------------------------------ */

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
CNN_API cnn_status_t cnn_graph_input(cnn_graph_t *graph, uint32_t height, uint32_t width,
                                     uint32_t channels, const char *name, cnn_node_t *node);
CNN_API cnn_status_t cnn_graph_conv2d(cnn_graph_t *graph, cnn_node_t input,
                                      const cnn_conv2d_options_t *options, cnn_node_t *node);
CNN_API cnn_status_t cnn_graph_max_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                          const cnn_pool2d_options_t *options, cnn_node_t *node);
CNN_API cnn_status_t cnn_graph_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                              const cnn_pool2d_options_t *options,
                                              cnn_node_t *node);
/* Each channel's mean over the whole map (Lin et al. 2013, arXiv 1312.4400). */
CNN_API cnn_status_t cnn_graph_global_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                                     const char *name, cnn_node_t *node);
CNN_API cnn_status_t cnn_graph_flatten(cnn_graph_t *graph, cnn_node_t input, const char *name,
                                       cnn_node_t *node);
/* input must be flat (1 x 1 x c): add cnn_graph_flatten before. */
CNN_API cnn_status_t cnn_graph_dense(cnn_graph_t *graph, cnn_node_t input,
                                     const cnn_dense_options_t *options, cnn_node_t *node);
/* alpha: leaky ReLU's slope, 0 = 0.01, otherwise > 0. */
CNN_API cnn_status_t cnn_graph_activation(cnn_graph_t *graph, cnn_node_t input,
                                          cnn_activation_t activation, float alpha,
                                          const char *name, cnn_node_t *node);
/* In training each value becomes 0 with probability rate (0 <= rate < 1), the others are scaled
 * by 1 / (1 - rate); in prediction nothing changes (Srivastava et al. 2014). */
CNN_API cnn_status_t cnn_graph_dropout(cnn_graph_t *graph, cnn_node_t input, float rate,
                                       const char *name, cnn_node_t *node);
/* Ioffe and Szegedy 2015, over n x height x width for each channel. */
CNN_API cnn_status_t cnn_graph_batch_norm(cnn_graph_t *graph, cnn_node_t input,
                                          const cnn_batch_norm_options_t *options,
                                          cnn_node_t *node);
/* The sum of two nodes of the same shape, as residual networks have it (He et al. 2016, arXiv
 * 1512.03385). */
CNN_API cnn_status_t cnn_graph_add(cnn_graph_t *graph, cnn_node_t a, cnn_node_t b,
                                   const char *name, cnn_node_t *node);

/* One of the article's five networks: "mlp", "conv24", "conv48x2", "conv128x2", "conv64-128".
 * outputs: 1 = one sigmoid (two classes), more = that many softmax classes; 0 = 1.
 * Errors: ARGUMENT (unknown name: the message lists the known ones), SHAPE, MEMORY. */
CNN_API cnn_status_t cnn_graph_preset(cnn_context_t *context, const char *name, uint32_t height,
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
    uint32_t epochs;       /* this project's tuned training, which cnn_model_fit uses by default */
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
CNN_API cnn_status_t cnn_preset_get(size_t index, cnn_preset_info_t *info);

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

/* ---------------------------------------------------------------------------------------------
 * Model: a graph, its weights, its classes, its preprocessing
 * ------------------------------------------------------------------------------------------ */

typedef struct cnn_model_options {
    size_t struct_size;
    const char *const *classes; /* in label order; NULL = "0", "1", ... */
    size_t n_classes;           /* must fit the output: 1 output = 2 classes, else as many */
    const cnn_preprocess_t *preprocess; /* NULL = squash to the input's size, scale to [0,1]. Its
                                           height and width, unless 0, must be the input's. */
    cnn_initializer_t initializer;      /* for layers whose own is DEFAULT */
    uint64_t seed;                      /* of the initial weights; 0 = the context's */
} cnn_model_options_t;

/* Makes a model with fresh weights. graph is copied and may be freed. Only graphs whose output is
 * flat and whose input has 3 channels can have classes and see photos; others run through
 * cnn_session_run. Class names are UTF-8 and differ. Probabilities are the outputs as they are (one
 * output p: 1 - p and p), so the last layer of a classifier is sigmoid (one output) or softmax.
 * Errors: ARGUMENT, MEMORY, SHAPE. */
CNN_API cnn_status_t cnn_model_create(const cnn_graph_t *graph, const cnn_model_options_t *options,
                                      cnn_model_t **model);
CNN_API void cnn_model_free(cnn_model_t *model);

typedef struct cnn_adapt_options {
    size_t struct_size;
    const char *const *classes; /* in label order, at least two; NULL = the model's own */
    size_t n_classes;
    cnn_initializer_t initializer; /* of the new head; DEFAULT: all 0, so that it begins without an
                                      opinion (Kolesnikov et al. 2020) */
    uint64_t seed;                 /* of its weights; 0 = the context's */
    /* 1: a new head even if the classes are the model's own, in its order (ASCII case does not
     * matter); 0: then the head stays */
    int fresh_head;
    /* Of the input, in pixels; both 0 = the model's own. Only for networks whose kernels do not
     * depend on it: those with global pooling before their dense layers. A network trained on
     * random parts of photos may do better on whole ones that are held a little larger (Touvron et
     * al. 2019, "Fixing the train-test resolution discrepancy"). */
    uint32_t height, width;
} cnn_adapt_options_t;

/* Makes a model for other classes, or for photos of another size, out of one that has learned
 * something. All of it is copied but, for other classes, the head, the last dense layer with its
 * activation: that is a fresh dense layer of the same name, with one sigmoid output for two
 * classes, else softmax. Fine-tuning trains such a model, as a whole or in part
 * (cnn_train_options_t.freeze). For another size all layers keep their padding in numbers, and
 * global pooling takes the whole map. The new graph is no preset's, so that cnn_model_fit's
 * defaults are the general ones. Metadata is copied; what tells how from was made (its records of
 * training and calibration, recipe, preset, classes, and what it began with itself) becomes the
 * JSON object "adapted_from". from is only read.
 * Errors: ARGUMENT, MEMORY, SHAPE (no photos are seen; there is no dense layer, or a layer other
 * than an activation lies behind the last one, or does not fit the other size: the message names
 * it). */
CNN_API cnn_status_t cnn_model_adapt(const cnn_model_t *from, const cnn_adapt_options_t *options,
                                     cnn_model_t **model);

/* Reads a safetensors file that cnn_model_save wrote. Every length is checked before it is
 * believed; holes, overlaps, wrong shapes or types, missing or surplus tensors, values that are
 * not finite and trailing bytes are refused, the message naming the file and the tensor.
 * Errors: ARGUMENT, MEMORY, IO, MODEL_FILE, UNSUPPORTED (a big-endian machine). */
CNN_API cnn_status_t cnn_model_load(cnn_context_t *context, const char *path, cnn_model_t **model);

/* The same from memory; bytes are not kept. */
CNN_API cnn_status_t cnn_model_load_memory(cnn_context_t *context, const void *bytes, size_t size,
                                           cnn_model_t **model);

/* Writes the model as safetensors (docs/file-format.md), atomically: temporary file in the same
 * folder, fsync, rename, fsync of the folder. A kill at any moment leaves the old file or the new
 * one. Errors: ARGUMENT, MEMORY, IO, UNSUPPORTED (a big-endian machine). */
CNN_API cnn_status_t cnn_model_save(const cnn_model_t *model, const char *path);

/* The graph, owned by the model. */
CNN_API const cnn_graph_t *cnn_model_graph(const cnn_model_t *model);

/* Classes in the order of their labels; 0 of a model that sees no photos. The name is the model's;
 * NULL if there is none of that index. */
CNN_API size_t cnn_model_class_count(const cnn_model_t *model);
CNN_API const char *cnn_model_class_name(const cnn_model_t *model, size_t index);
/* Fills in every field that the caller's struct_size covers. Errors: ARGUMENT, SHAPE (this model
 * sees no photos). */
CNN_API cnn_status_t cnn_model_preprocess(const cnn_model_t *model, cnn_preprocess_t *preprocess);

typedef struct cnn_parameter_info {
    size_t struct_size; /* set by the caller */
    const char *name;   /* "conv2d/kernel", "conv2d/bias", "batch_norm/moving_mean", ... */
    uint32_t rank;
    size_t dims[4]; /* kernel: conv2d height x width x inputs x outputs, dense inputs x outputs */
    size_t count;   /* product of dims */
    int trainable;
} cnn_parameter_info_t;

/* Parameters in the order of their layers. Errors: ARGUMENT (also if there is none of that
 * index). */
CNN_API size_t cnn_model_parameter_count(const cnn_model_t *model);
CNN_API cnn_status_t cnn_model_parameter(const cnn_model_t *model, size_t index,
                                         cnn_parameter_info_t *info);

/* Copies a whole parameter out or in; count must be its count. Setting while another thread uses
 * the model is not allowed; sessions see the new values. Errors: ARGUMENT (unknown name, count),
 * NAN (a value that is not finite; nothing is changed). */
CNN_API cnn_status_t cnn_model_get_parameter(const cnn_model_t *model, const char *name,
                                             float *values, size_t count);
CNN_API cnn_status_t cnn_model_set_parameter(cnn_model_t *model, const char *name,
                                             const float *values, size_t count);

/* Free text kept in the model file under a key (letters, digits, _ - . only, at most 63; at most
 * 1,024 keys). value NULL removes it. cnn_model_fit writes "training", a JSON object of what it was
 * told and reached. The getter returns NULL for an unknown key, else the text, valid until the key
 * is set again. Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_model_set_metadata(cnn_model_t *model, const char *key, const char *value);
CNN_API const char *cnn_model_metadata(const cnn_model_t *model, const char *key);

/* ---------------------------------------------------------------------------------------------
 * Model files of half the size
 * ------------------------------------------------------------------------------------------ */

typedef enum cnn_precision {
    CNN_PRECISION_FLOAT = 0, /* 32 bits: the weights as they are */
    /* kernels in 16 bits (IEEE 754's binary16), rounded to the nearest, ties to even; biases and
     * batch normalisation's vectors, which are few, in 32 */
    CNN_PRECISION_HALF = 1
} cnn_precision_t;

typedef struct cnn_save_options {
    size_t struct_size;
    cnn_precision_t precision;
} cnn_save_options_t;

/* cnn_model_save with a choice; options NULL: the same as that. Only the file is in half precision:
 * loaded again, weights are floats, those that the file has. The model itself is not changed.
 * Errors: also NAN (a kernel has a value that is not finite or beyond half precision's range,
 * 65,504; the message names it; no file is touched). */
CNN_API cnn_status_t cnn_model_save_as(const cnn_model_t *model, const char *path,
                                       const cnn_save_options_t *options);

/* ---------------------------------------------------------------------------------------------
 * The built-in model
 * ------------------------------------------------------------------------------------------ */

/* The trained model that comes with the library, which tells cats ("cat", class 1) from dogs
 * ("dog"): a model like any other, the caller's to free, to train further and to save. Its file is
 * part of the library's read-only data, which processes share; each call reads it anew, so a
 * program that needs several sessions makes them of one model. A library that was built without it
 * (make BUILTIN=no) reads the file where the build's DATADIR said that it would be installed.
 * Errors: ARGUMENT, MEMORY, MODEL_FILE (damaged), IO, UNSUPPORTED (built without, and no such file;
 * a big-endian machine). Any thread. */
CNN_API cnn_status_t cnn_model_builtin(cnn_context_t *context, cnn_model_t **model);

/* ---------------------------------------------------------------------------------------------
 * Sessions: prediction. One session per thread that predicts; any number of sessions share a
 * model at once, without locks between them. A session sees its model's current weights, so a
 * model must not be trained while its sessions run. A session's own are its maps. The weights, and
 * the kernels of convolutions as the algorithms want them, which are larger, are the model's: the
 * first session to run makes these (the others wait), and sessions whose layers are computed by the
 * same algorithms share them. They go with the last session.
 * ------------------------------------------------------------------------------------------ */

typedef struct cnn_session_options {
    size_t struct_size;
    uint32_t batch_size; /* pictures run at a time, at most 65,536; 0 = 32. Memory grows with it. */
    const cnn_image_options_t *image; /* limits for each photo; NULL = defaults */
    int mirror; /* 1: photos are run as cnn_evaluate_options_t's mirror says; cnn_session_run is not
                   changed by it */
} cnn_session_options_t;

/* Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_session_create(const cnn_model_t *model,
                                        const cnn_session_options_t *options,
                                        cnn_session_t **session);
CNN_API void cnn_session_free(cnn_session_t *session);

typedef struct cnn_prediction {
    size_t struct_size;   /* set by the caller */
    float *probabilities; /* set by the caller: NULL, or room for one value a class */
    cnn_status_t status;  /* of this photo; the fields below count if it is CNN_OK */
    uint32_t label;       /* the class with the largest probability */
    const char *class_name; /* its name, owned by the model */
    float probability;      /* its probability: 0..1, if the network ends in sigmoid or softmax */
} cnn_prediction_t;

/* One photo, from a file, from JPEG bytes, or from RGB pixels whose rows begin stride bytes apart
 * (0 = 3 * width). The model needs classes. Errors: ARGUMENT, MEMORY, IO, IMAGE, SHAPE. */
CNN_API cnn_status_t cnn_session_predict_file(cnn_session_t *session, const char *path,
                                              cnn_prediction_t *prediction);
CNN_API cnn_status_t cnn_session_predict_jpeg(cnn_session_t *session, const void *bytes,
                                              size_t size, cnn_prediction_t *prediction);
CNN_API cnn_status_t cnn_session_predict_rgb(cnn_session_t *session, const uint8_t *rgb,
                                             size_t height, size_t width, size_t stride,
                                             cnn_prediction_t *prediction);

/* n photos in batches. predictions: n structs, all with the struct_size of the first. A photo that
 * fails has its own status and the others go on; the call returns CNN_OK, or the status of the
 * first photo that failed: cnn_error_message tells of that one, warnings in the log of the others.
 * A NULL entry of paths or images is CNN_ERROR_ARGUMENT for that photo. */
CNN_API cnn_status_t cnn_session_predict_files(cnn_session_t *session, const char *const *paths,
                                               size_t n, cnn_prediction_t *predictions);
CNN_API cnn_status_t cnn_session_predict_images(cnn_session_t *session,
                                                const cnn_image_t *const *images, size_t n,
                                                cnn_prediction_t *predictions);

/* The bare network: x is n x height x width x channels floats as the input layer is shaped, already
 * normalised; y receives n x outputs floats (the output layer's height x width x channels).
 * Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_session_run(cnn_session_t *session, const float *x, size_t n, float *y);

/* ---------------------------------------------------------------------------------------------
 * Training
 * ------------------------------------------------------------------------------------------ */

typedef enum cnn_loss {
    CNN_LOSS_MSE = 0, /* mean squared error: the article's */
    CNN_LOSS_BINARY_CROSS_ENTROPY = 1, /* needs one sigmoid output */
    CNN_LOSS_CROSS_ENTROPY = 2         /* needs softmax outputs */
} cnn_loss_t;

typedef enum cnn_optimizer {
    CNN_OPTIMIZER_ADAM = 0, /* Kingma and Ba 2015, algorithm 1; with weight_decay decoupled:
                               AdamW, Loshchilov and Hutter 2019 */
    CNN_OPTIMIZER_SGD = 1   /* with momentum: v = momentum * v - rate * g; w = w + v */
} cnn_optimizer_t;

typedef enum cnn_class_weight {
    CNN_CLASS_WEIGHT_NONE = 0,  /* every photo counts 1 */
    CNN_CLASS_WEIGHT_AUTO = 1,  /* photos / (classes * photos of the class), as scikit-learn's
                                   "balanced": each class counts as much as any other */
    CNN_CLASS_WEIGHT_VALUES = 2 /* cnn_train_options_t.class_weights */
} cnn_class_weight_t;

/* For cnn_train_options_t.freeze: everything before the head, which is the last dense layer. */
#define CNN_FREEZE_ALL_BUT_HEAD "*"

/* What a callback is told. All figures are of the current epoch so far. */
typedef struct cnn_train_progress {
    size_t struct_size; /* set by the library */
    uint32_t epoch;     /* 1 .. epochs */
    uint32_t epochs;
    size_t images; /* trained on in this epoch so far */
    size_t images_total;
    double loss; /* mean over those images */
    double seconds;
    double images_per_second;
} cnn_train_progress_t;

/* One epoch's figures. Training figures are means over the epoch while the weights moved, as Keras
 * shows them; validation figures are of the weights at its end. Without validation data the val_
 * fields are NaN; pearson is NaN where one side does not vary. */
typedef struct cnn_epoch {
    size_t struct_size; /* set by the caller; in a callback by the library */
    uint32_t epoch;     /* from 1 */
    double loss, mse, accuracy, pearson;
    double val_loss, val_mse, val_accuracy, val_pearson;
    double learning_rate; /* of the last step */
    double seconds;       /* training and validation */
    double images_per_second; /* training alone */
    double data_wait_s;       /* of seconds, those in which nothing but pictures was waited for */
} cnn_epoch_t;

typedef struct cnn_train_options {
    size_t struct_size;
    uint32_t epochs;     /* 0 = the preset's, else 10 */
    uint32_t batch_size; /* 0 = the preset's, else 32; the last batch of an epoch may be smaller */
    cnn_loss_t loss;
    cnn_optimizer_t optimizer;
    float learning_rate; /* 0 = the preset's, else 0.001 */
    float beta1;         /* Adam: 0 = 0.9 */
    float beta2;         /* Adam: 0 = 0.999 */
    float epsilon;       /* Adam: 0 = 1e-8 */
    float momentum;      /* SGD: 0 = none */
    float weight_decay;  /* decoupled: w -= rate * weight_decay * w, kernels only. 0 = the preset's,
                            else none; below 0 = none */
    cnn_schedule_t schedule;
    /* linear from 0, before the schedule, which then begins (Goyal et al. 2017, arXiv 1706.02677);
     * 0 = the preset's, else none; below 0 = none */
    int32_t warmup_epochs;
    uint32_t step_epochs;  /* CNN_SCHEDULE_STEP: 0 = 10 */
    float step_factor;     /* CNN_SCHEDULE_STEP: 0 = 0.1 */
    uint32_t patience; /* stop after so many epochs without a better validation loss; 0 = never.
                          Needs validation data */
    int mirror; /* 1: each time a photo is trained on, it is mirrored left to right with probability
                   1/2 (Krizhevsky et al. 2012); 0 = the preset's, else off; below 0 = off */
    uint64_t seed; /* of shuffling, augmentation (mirroring, too), mixing and dropout; 0 = the
                      context's */
    /* After a batch, after an epoch; return nonzero to stop: the fit ends well with what it has. */
    int (*on_batch)(const cnn_train_progress_t *progress, void *user);
    int (*on_epoch)(const cnn_epoch_t *epoch, void *user);
    void *user;
    const cnn_cancel_t *cancel; /* when requested: the batch is finished, then CANCELLED */
    const char *checkpoint;     /* NULL, or a file written atomically after each epoch */
    int resume; /* 1: go on from checkpoint if the file exists. The result has the same bits as
                   training without a stop. Model, data and options must be those it was made with
                   (MODEL_FILE if not); only epochs may grow, with a constant or step schedule. */
    /* Augmentation: what happens to a photo, beside mirror, each time it is trained on. It is drawn
     * by seed, epoch and the photo's place in the data. 0 = not done. Where a picture is turned or
     * sheared beyond its edge, the edge's pixels go on. */
    float crop_area;   /* train on a random part of the photo (Krizhevsky et al. 2012), enlarged:
                          its share of the area is uniform from this to 1 (Szegedy et al. 2015); at
                          most 1 */
    float crop_aspect; /* of that part: width over height is the photo's times a factor from the
                          inverse of this to this; 0 = 4/3; 1 to 10 */
    /* Turned and sheared: Simard et al. 2003. Colours: Howard 2013, arXiv 1312.5402. */
    float rotation;    /* degrees at most, either way; 0 to 180 */
    float shear;       /* degrees at most, either way; 0 to 45 */
    float brightness;  /* times 1 - this to 1 + this; 0 to 1, as the next two */
    float contrast;    /* the distance to the middle grey, times 1 - this to 1 + this */
    float saturation;  /* the distance to the grey of the same luma, times 1 - this to 1 + this */
    float hue;         /* degrees at most, either way; 0 to 180 */
    /* with this probability a random rectangle of 2 to 40 % of the picture becomes noise (Zhong et
     * al. 2017); 0 to 1 */
    float erase;
    /* Pictures of a batch are mixed in pairs, and trained towards both labels. The share is drawn
     * from a Beta distribution whose two parameters are this; 0 = not done; at most 100. With both,
     * a coin is tossed for each pair. Figures of the training epoch are by the label of the larger
     * share. */
    float mixup;  /* pictures are added (Zhang et al. 2018) */
    float cutmix; /* a rectangle of the one is put into the other (Yun et al. 2019) */
    /* so much of each target is shared out evenly among the classes (Szegedy et al. 2016); 0 to
     * 0.9. Not in the validation loss */
    float label_smoothing;
    /* 0 = none. Else validation, the best epoch and the model that is left are of an exponential
     * moving average of the weights (Polyak and Juditsky 1992) and of batch normalisation's
     * statistics: a = d a + (1 - d) w after each step, where d is the smaller of this and (1 +
     * steps) / (10 + steps). 0.999 to 0.9999 are common; at most 0.999999 */
    float average_decay;
    /* 0 = none. Else gradients whose norm, over all parameters, is larger are scaled down to this
     * (Pascanu et al. 2013) */
    float clip_norm;
    /* How much a photo counts in the training loss, by its class: its term is multiplied by this
     * (and the sum divided by the number of photos, as Keras does). Validation counts each photo
     * 1. */
    cnn_class_weight_t class_weight;
    const double *class_weights; /* CNN_CLASS_WEIGHT_VALUES: one a class, finite, not negative, not
                                    all 0; otherwise NULL */
    size_t n_class_weights;
    /* NULL, or the name of a layer (or CNN_FREEZE_ALL_BUT_HEAD): it and all layers before it in the
     * graph's order stay as they are, every weight with all its bits. Batch normalisation among
     * them works as in prediction and leaves its statistics as they are; dropout drops nothing.
     * ARGUMENT if there is no such layer, or nothing is left to be trained. */
    const char *freeze;
    float crop_detail; /* training photos are held at so many times the height and width of what the
                          network sees, so that a part that crop_area cuts out is sharp and not an
                          enlargement; 0 = 1, at most 4. Their pixels take the square of it */
} cnn_train_options_t;

/* How cnn_model_fit loads its training photos for a model with this preprocess: the same, but
 * higher and wider by options' crop_detail. options and preprocess may be NULL. training: its
 * struct_size is set by the caller. For a program that loads a data set itself. Errors: ARGUMENT
 * (also for sides beyond 65,535). Any thread. */
CNN_API cnn_status_t cnn_train_preprocess(cnn_context_t *context,
                                          const cnn_preprocess_t *preprocess,
                                          const cnn_train_options_t *options,
                                          cnn_preprocess_t *training);

/* Trains the model on data, with a look at validation (may be NULL) after each epoch. Data sets
 * that are not loaded with the model's preprocess yet (data: with that of cnn_train_preprocess) are
 * loaded with it; their classes must be the model's, in its order (ASCII case does not matter).
 * However it ends (also CANCELLED and NAN), the model then has the weights of the epoch with the
 * lowest validation loss (without validation data, or before any epoch ended: the last finite
 * ones). history may be NULL; otherwise, once an epoch was begun, *history tells the epochs that
 * were ended, whatever the status. Errors: ARGUMENT, MEMORY, SHAPE, DATA, IO, IMAGE, MODEL_FILE,
 * CANCELLED, NAN. */
CNN_API cnn_status_t cnn_model_fit(cnn_model_t *model, cnn_dataset_t *data,
                                   cnn_dataset_t *validation, const cnn_train_options_t *options,
                                   cnn_history_t **history);

/* The epochs that were finished, the first with index 0. Errors: ARGUMENT (also if there is none of
 * that index). */
CNN_API void cnn_history_free(cnn_history_t *history);
CNN_API size_t cnn_history_count(const cnn_history_t *history);
CNN_API cnn_status_t cnn_history_epoch(const cnn_history_t *history, size_t index,
                                       cnn_epoch_t *epoch);

/* The epoch (from 1) whose weights the model has; 0 = none ended. (If it stopped inside an epoch
 * and there is no validation data, the last that ended.) */
CNN_API uint32_t cnn_history_best_epoch(const cnn_history_t *history);

/* Writes epoch,loss,mse,accuracy,pearson,val_loss,val_mse,val_accuracy,val_pearson,learning_rate,
 * seconds,images_per_second,data_wait_s as CSV with a header line, atomically; NaN as an empty
 * field. Errors: ARGUMENT, MEMORY, IO. */
CNN_API cnn_status_t cnn_history_save(const cnn_history_t *history, const char *path);

/* ---------------------------------------------------------------------------------------------
 * Recipes: what a network is and how it is trained, as a JSON file
 * ------------------------------------------------------------------------------------------ */

/* Reads a recipe (docs/file-format.md): a preset's name or a graph, and, if it says so,
 * preprocessing, initializer, and training options by the names of cnn_train_options_t's fields. A
 * key that is not known or a value that is not possible is refused; the message names the file and
 * the key.
 * Errors: ARGUMENT, MEMORY, IO. */
CNN_API cnn_status_t cnn_recipe_load(cnn_context_t *context, const char *path,
                                     cnn_recipe_t **recipe);

/* The same from size bytes of memory, which are not kept. */
CNN_API cnn_status_t cnn_recipe_load_memory(cnn_context_t *context, const char *text, size_t size,
                                            cnn_recipe_t **recipe);
CNN_API void cnn_recipe_free(cnn_recipe_t *recipe);

/* The name of the preset that the recipe says; NULL if it has a graph. Static storage. */
CNN_API const char *cnn_recipe_preset(const cnn_recipe_t *recipe);

/* The recipe's preprocessing; where it says none: the input's size (of a preset 94 x 125) and the
 * preset's mean and std. Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_recipe_preprocess(const cnn_recipe_t *recipe,
                                           cnn_preprocess_t *preprocess);

/* Overwrites *options, whose struct_size is set, with what the recipe says; all else, callbacks
 * too, is 0. Its class_weights and freeze are the recipe's. Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_recipe_train_options(const cnn_recipe_t *recipe,
                                              cnn_train_options_t *options);

/* Makes a model with fresh weights, as cnn_model_create does: options, preprocess and initializer
 * where options (may be NULL) have none are the recipe's. A preset gets the outputs that the
 * classes need; a graph must fit them. The model keeps the recipe as the metadata "recipe". Errors:
 * ARGUMENT, MEMORY, SHAPE. */
CNN_API cnn_status_t cnn_recipe_model(const cnn_recipe_t *recipe,
                                      const cnn_model_options_t *options, cnn_model_t **model);

/* ---------------------------------------------------------------------------------------------
 * Evaluation
 * ------------------------------------------------------------------------------------------ */

#define CNN_THRESHOLDS 10

/* Two classes: figures of the probability p of class 1 against the label 0 or 1. More classes:
 * mse, pearson over all outputs against the one-hot labels; cross entropy of the labelled class;
 * auc, precision, recall averaged over the classes (one against the rest); the threshold figures
 * are NaN. A figure that is not defined (a class is missing, nothing varies) is NaN. */
typedef struct cnn_metrics {
    size_t struct_size; /* set by the caller */
    size_t photos;
    double mse;
    double binary_cross_entropy; /* natural logarithm; probabilities clipped to 1e-7 .. 1 - 1e-7 */
    double pearson;
    double auc;      /* area under the ROC curve, ties counted half */
    double accuracy; /* two classes: at threshold 0.5 */
    double balanced_accuracy;
    double precision; /* at 0.5, of class 1 */
    double recall;
    double best_threshold; /* the lowest of the ten with the best accuracy */
    double best_accuracy;
    double thresholds[CNN_THRESHOLDS]; /* 0.0, 0.1 .. 0.9 */
    double threshold_accuracy[CNN_THRESHOLDS]; /* class 1 if p > threshold */
    /* Expected calibration error (Guo et al. 2017): how far confidence and accuracy are apart, on
     * average over the photos, in bins of the confidence (cnn_evaluation_reliability). NaN if an
     * output is no probability. */
    double calibration_error;
    double accuracy_low; /* where the accuracy on all photos of this kind may be: an interval that
                            holds it in 95 of 100 such data sets (Wilson 1927) */
    double accuracy_high;
} cnn_metrics_t;

typedef struct cnn_evaluate_options {
    size_t struct_size;
    uint32_t batch_size; /* pictures run at a time, 0 = 32. Memory grows with it; results do not
                            depend on it, but for the last bits with the kernels "blas" */
    cnn_progress_fn progress;
    void *user;
    const cnn_cancel_t *cancel;
    int mirror; /* 1: each photo is run as it is and mirrored left to right, and the mean of the two
                   outputs counts (as Krizhevsky et al. 2012); twice the time */
} cnn_evaluate_options_t;

/* Runs the model over a data set (loaded with the model's preprocess if it is not yet; classes as
 * in cnn_model_fit).
 * Errors: ARGUMENT, MEMORY, SHAPE, DATA, IO, IMAGE, CANCELLED. */
CNN_API cnn_status_t cnn_model_evaluate(const cnn_model_t *model, cnn_dataset_t *dataset,
                                        const cnn_evaluate_options_t *options,
                                        cnn_evaluation_t **evaluation);
CNN_API void cnn_evaluation_free(cnn_evaluation_t *evaluation);

/* The figures over all photos. Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_evaluation_metrics(const cnn_evaluation_t *evaluation,
                                            cnn_metrics_t *metrics);

/* Photos of class actual that were taken for class predicted. 0 if out of range. */
CNN_API size_t cnn_evaluation_confusion(const cnn_evaluation_t *evaluation, size_t actual,
                                        size_t predicted);

/* The probability of each class for sample index of the data set, in its order; NULL if out of
 * range. Two classes: [1 - p, p]. */
CNN_API const float *cnn_evaluation_probabilities(const cnn_evaluation_t *evaluation, size_t index);

/* ---------------------------------------------------------------------------------------------
 * Calibration: is a photo that is told to be a cat with 90 % one in 9 of 10 cases?
 * ------------------------------------------------------------------------------------------ */

#define CNN_RELIABILITY_BINS 15

/* The photos of an evaluation whose confidence, the probability of the class that is told, is
 * within bounds. */
typedef struct cnn_reliability {
    size_t struct_size; /* set by the caller */
    double low, high;   /* above low, at most high; the first bin also has 0 */
    size_t photos;
    double confidence; /* their mean; NaN of no photos */
    double accuracy;   /* their share that is told right; NaN of no photos */
} cnn_reliability_t;

/* bin: below CNN_RELIABILITY_BINS; they share 0 to 1 out evenly. A photo whose confidence is no
 * number from 0 to 1 is in none. Errors: ARGUMENT (bin out of range). */
CNN_API cnn_status_t cnn_evaluation_reliability(const cnn_evaluation_t *evaluation, size_t bin,
                                                cnn_reliability_t *reliability);

typedef struct cnn_calibration {
    size_t struct_size; /* set by the caller */
    size_t photos;
    double temperature;          /* above 1: the model was too sure of itself */
    double cross_entropy_before; /* of the labelled class, natural logarithm, not clipped */
    double cross_entropy_after;
    double calibration_error_before; /* as cnn_metrics_t's */
    double calibration_error_after;
} cnn_calibration_t;

/* Temperature scaling (Guo et al. 2017, "On Calibration of Modern Neural Networks"): finds the
 * temperature by which what enters the last sigmoid or softmax is to be divided for the lowest
 * cross entropy on a data set, which the model should not have been trained on (the validation
 * part), and divides kernel and bias of the last dense layer by it. Probabilities change; which
 * class is told stays as it is (but for rounding at a tie, and, of three classes or more, where two
 * looks of mirror differ). Nothing else needs to know. The model keeps the result as the metadata
 * "calibration", a JSON object, until it is trained on. The last layer is dense with one sigmoid or
 * several softmax outputs, or such an activation behind a dense layer without one; else SHAPE.
 * options (NULL: defaults): as of cnn_model_evaluate. With mirror the temperature is the one that
 * fits predictions with mirror; progress is called for each photo once. The model must not be in
 * use by another thread; sessions see the new values. On failure it is as before.
 * Errors: ARGUMENT, MEMORY, SHAPE, DATA (also if no temperature from 0.01 to 100 is best: every
 * photo is told right, or nothing is told better than by chance), IO, IMAGE, NAN (an output),
 * CANCELLED. */
CNN_API cnn_status_t cnn_model_calibrate(cnn_model_t *model, cnn_dataset_t *dataset,
                                         const cnn_evaluate_options_t *options,
                                         cnn_calibration_t *calibration);

/* ---------------------------------------------------------------------------------------------
 * Memory: what a network will take, before anything large is allocated
 * ------------------------------------------------------------------------------------------ */

typedef struct cnn_memory_options {
    size_t struct_size;
    uint32_t batch_size; /* 0 = the preset's for training, else 32; at most 65,536 */
    int training;        /* 1: cnn_model_fit; 0: a session */
    cnn_optimizer_t optimizer; /* for training */
    int clipped;  /* 1: training with cnn_train_options_t's clip_norm */
    int averaged; /* 1: with its average_decay */
    int reserved; /* 0 */
    const char *freeze; /* training: as in cnn_train_options_t */
} cnn_memory_options_t;

/* Works out how graph would be run with its context's threads and kernels. graph is only read.
 * Errors: ARGUMENT (also for an empty graph, or a layer to freeze that there is not), MEMORY (also
 * if no machine has so much). */
CNN_API cnn_status_t cnn_graph_memory(const cnn_graph_t *graph, const cnn_memory_options_t *options,
                                      cnn_memory_t **memory);
CNN_API void cnn_memory_free(cnn_memory_t *memory);

/* In bytes. A data set's pixels (cnn_dataset_load_bytes) and what a photo needs while it is decoded
 * come on top. */
typedef struct cnn_memory_info {
    size_t struct_size; /* set by the caller */
    uint32_t batch_size;
    int training;
    uint64_t weights;      /* parameters, trained and not */
    uint64_t best_weights; /* training: those of the best epoch so far */
    /* training: two values a parameter that is trained with Adam, one with SGD */
    uint64_t optimizer;
    /* training: of parameters; Adam moves dense kernels without storing them */
    uint64_t gradients;
    /* a batch as the network takes it, in training two; of a session also its pixels */
    uint64_t pictures;
    uint64_t arena;        /* what all layers need beside weights, sharing what they can */
    uint64_t unshared;     /* the same if nothing were shared; not in the total */
    uint64_t total;
    uint64_t average_weights; /* training, averaged: their moving average */
} cnn_memory_info_t;

/* Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_memory_info(const cnn_memory_t *memory, cnn_memory_info_t *info);

/* In bytes, for a batch. Layers whose lives do not touch share memory, so that the sum is more than
 * the arena. 0 where a layer needs nothing: flatten uses its input's values, and a layer that
 * takes those behind it along (max pooling, batch normalisation, addition, activation) never holds
 * its own map. */
typedef struct cnn_layer_memory {
    size_t struct_size;    /* set by the caller */
    const char *name;
    const char *algorithm; /* how a convolution is computed: "direct", "winograd",
                            * "blocked", "im2col"; else "" */
    uint64_t weights;      /* its parameters */
    uint64_t values;       /* its output */
    uint64_t gradients;    /* training: by its output */
    uint64_t kept;         /* training: from the forward to the backward pass, beside values */
    uint64_t scratch;      /* while it is computed, all threads together */
    uint64_t prepared;     /* a convolution's kernel as the algorithm wants it; of a session, what
                            * the model's others share */
} cnn_layer_memory_t;

/* index: as in cnn_graph_layer. Errors: ARGUMENT (index out of range). */
CNN_API cnn_status_t cnn_memory_layer(const cnn_memory_t *memory, size_t index,
                                      cnn_layer_memory_t *layer);

/* ---------------------------------------------------------------------------------------------
 * Profile: how fast a network is on this machine
 * ------------------------------------------------------------------------------------------ */

typedef struct cnn_profile_options {
    size_t struct_size;
    uint32_t batch_size; /* 0 = 64; at most 65,536 */
    uint32_t runs;       /* timed runs of each kind, behind untimed ones; at most 1,000. 0 = as many
                            as a second takes, from 5 to 1,000 */
    int inference;       /* 1: prediction only, which needs less memory */
    int tune; /* 1: time each algorithm that could do a convolution (cnn_profile_candidate) */
    const cnn_cancel_t *cancel; /* looked at between runs */
} cnn_profile_options_t;

/* Measures a network with fresh weights on random pictures and labels, on the context's threads and
 * kernels: what the threads can do at most; training steps (forward, backward with mean squared
 * error, Adam); predictions of a batch and of one picture. Takes as much memory as training. graph
 * is only read. Errors: ARGUMENT (also for an empty graph), MEMORY, NAN (the loss), CANCELLED. */
CNN_API cnn_status_t cnn_profile_create(const cnn_graph_t *graph,
                                        const cnn_profile_options_t *options,
                                        cnn_profile_t **profile);
CNN_API void cnn_profile_free(cnn_profile_t *profile);

/* Times are medians of the runs. */
typedef struct cnn_profile_summary {
    size_t struct_size;  /* set by the caller */
    const char *kernels; /* as cnn_context_kernels */
    uint32_t threads;    /* as cnn_context_threads */
    uint32_t batch_size;
    double fma_gflops; /* all threads at once, on registers: 10^9 additions and multiplications a
                          second; the best of several tries. Of the context's kernels or, if these
                          are "blas" or "reference", of this CPU's best ones */
    /* 10^9 bytes a second that all threads at once read from 256 MiB; the best of several tries */
    double bandwidth_gbs;
    double train_step_seconds; /* of a batch; 0 with inference, as the next two */
    double train_best_seconds; /* the fastest step */
    double train_images_per_second; /* by the median */
    double predict_seconds; /* of a batch */
    double predict_best_seconds;
    double predict_images_per_second;
    double latency_seconds; /* of one picture */
    double latency_best_seconds;
} cnn_profile_summary_t;

/* Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_profile_summary(const cnn_profile_t *profile,
                                         cnn_profile_summary_t *summary);

typedef enum cnn_pass {
    CNN_PASS_FORWARD = 0,         /* in training */
    CNN_PASS_BACKWARD = 1,        /* all of a layer's backward pass, where it is none of the next */
    CNN_PASS_BACKWARD_KERNEL = 2, /* of a convolution: the gradient by kernel and bias */
    CNN_PASS_BACKWARD_DATA = 3,   /* of a convolution: the gradient by its input */
    CNN_PASS_BACKWARD_UPDATE = 4, /* of a dense layer: both gradients, and the step of its kernel */
    CNN_PASS_UPDATE = 5,          /* the step of all other weights */
    CNN_PASS_PREDICT = 6          /* forward, when predicting */
} cnn_pass_t;

/* A pass of a layer, timed in runs of their own, in which a convolution's two backward passes come
 * one after the other instead of at once. Figures are of a batch. A layer that the one before it
 * takes along (max pooling, batch normalisation, addition, activation) is timed with it and has no
 * entry, nor has one that costs nothing. */
typedef struct cnn_profile_entry {
    size_t struct_size;    /* set by the caller */
    const char *layer;     /* its name; "" of CNN_PASS_UPDATE, which is of all layers */
    const char *algorithm; /* of a convolution, else "" */
    cnn_pass_t pass;
    double seconds; /* median */
    /* of convolution and dense layers, as direct convolution has them: Winograd's has fewer and so
     * can be faster than the multiply-adds of cnn_profile_summary_t's fma_gflops; 0 of others */
    double multiply_adds;
    /* of values, gradients and parameters that are read or written, each counted once: the least
     * that goes to and fro, though the caches may have some of it */
    double bytes;
} cnn_profile_entry_t;

/* First the layers in their order, each forward and backward, then the update, then the layers when
 * predicting. The names are the profile's. Errors: ARGUMENT (index out of range). */
CNN_API size_t cnn_profile_count(const cnn_profile_t *profile);
CNN_API cnn_status_t cnn_profile_entry(const cnn_profile_t *profile, size_t index,
                                       cnn_profile_entry_t *entry);

/* A pass of a convolution by an algorithm that could do all its passes. Figures are of a batch. */
typedef struct cnn_profile_candidate {
    size_t struct_size; /* set by the caller */
    const char *layer;
    const char *algorithm;
    cnn_pass_t pass; /* CNN_PASS_FORWARD, BACKWARD_KERNEL and BACKWARD_DATA, or CNN_PASS_PREDICT */
    /* what the cost model says: multiply-adds of vector units that are always busy */
    double cost;
    double seconds;  /* the fastest of three runs, with the max pooling behind it if there is one */
    int chosen;      /* 1: the network measured above is run so; see cnn_context_options_t's tune */
} cnn_profile_candidate_t;

/* With tune; else none. For training, layer by layer and algorithm by algorithm; then for
 * predicting.
 * Errors: ARGUMENT (index out of range). */
CNN_API size_t cnn_profile_candidate_count(const cnn_profile_t *profile);
CNN_API cnn_status_t cnn_profile_candidate(const cnn_profile_t *profile, size_t index,
                                           cnn_profile_candidate_t *candidate);

/* ---------------------------------------------------------------------------------------------
 * Explanation: where in a photo a network sees what it says
 * ------------------------------------------------------------------------------------------ */

typedef struct cnn_explanation cnn_explanation_t;

typedef struct cnn_explanation_options {
    size_t struct_size;
    const char *class_name; /* NULL = the class with the largest probability */
    const char *layer; /* NULL = the last on the way to the output whose map is larger than 1 x 1 */
} cnn_explanation_options_t;

/* A class activation map: how much each place of a layer's map speaks for a class, by Grad-CAM
 * (Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based
 * localization", 2017). The layer's channels are added up, each times the mean over all places of
 * the gradient of the class's score by it; sums below 0 become 0, and all are divided by the
 * largest. The score is what enters the output's sigmoid or softmax, or the output if it has
 * neither; a single output's is that of class 1, and minus that the one of class 0. It is the
 * gradient of a prediction: nothing is dropped, batch normalisation uses its running statistics.
 * photo: preprocessed as the model says (resized from all its pixels, whatever the model's decode);
 * it is not kept. The map has the same bits for any number of threads. As with sessions, any number
 * of threads may explain with one model at once, but the model must not be trained meanwhile. The
 * explanation keeps the model alive.
 * Errors: ARGUMENT (a class or layer that the model does not have), MEMORY, SHAPE (the model sees
 * no photos; the layer is flat, the input, or nothing that the output depends on), NAN (the layer's
 * values or gradients are not finite). */
CNN_API cnn_status_t cnn_explanation_create(const cnn_model_t *model, const cnn_image_t *photo,
                                            const cnn_explanation_options_t *options,
                                            cnn_explanation_t **explanation);
CNN_API void cnn_explanation_free(cnn_explanation_t *explanation);

typedef struct cnn_explanation_info {
    size_t struct_size;     /* set by the caller */
    uint32_t label;         /* the class that is explained */
    const char *class_name; /* its name */
    float probability;      /* what the network says of it */
    const char *layer;      /* whose map it is */
    uint32_t height, width; /* of the map, as of the layer's */
} cnn_explanation_info_t;

/* Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_explanation_info(const cnn_explanation_t *explanation,
                                          cnn_explanation_info_t *info);

/* height x width values from 0 to 1, all 0 where nothing speaks for the class. Lives as long as the
 * explanation. */
CNN_API const float *cnn_explanation_map(const cnn_explanation_t *explanation);

typedef struct cnn_draw_options {
    size_t struct_size;
    float opacity; /* of the colours; 0 = 0.5; above 0, at most 1 */
} cnn_draw_options_t;

/* A new picture of the photo's size: the photo in grey, with colours over it from black (0) over
 * violet, red and orange to a light yellow (1). The map is spread evenly over what the network
 * sees, between its places linearly. What the model's fit crops away stays as it is in the photo;
 * of bars that it adds nothing is shown. photo: the explained one, which may have another size but
 * for CNN_FIT_CROP and LETTERBOX not other proportions, else the colours do not lie where they
 * belong. Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_explanation_draw(const cnn_explanation_t *explanation,
                                          const cnn_image_t *photo,
                                          const cnn_draw_options_t *options, cnn_image_t **drawing);

/* The values of any layer, also of the output, when the model predicts a photo: height x width x
 * channels of cnn_graph_layer, and count is their product. photo and threads: as for
 * cnn_explanation_create. Errors: ARGUMENT (unknown layer, count), MEMORY, SHAPE (the model sees no
 * photos). */
CNN_API cnn_status_t cnn_model_layer_values(const cnn_model_t *model, const cnn_image_t *photo,
                                            const char *layer, float *values, size_t count);

#ifdef __cplusplus
}
#endif
#endif /* CATDOG_CATDOG_H */
