/* SPDX-License-Identifier: MIT
 *
 * The base of all sections: version, status codes, error message, handles. */
#ifndef CNN_BASE_H
#define CNN_BASE_H

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

/* The handles of all sections. */
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
typedef struct cnn_explanation cnn_explanation_t;

/* done of total photos; return nonzero to stop (CNN_ERROR_CANCELLED). Called by one thread at a
 * time, not always the same. */
typedef int (*cnn_progress_fn)(size_t done, size_t total, void *user);

#ifdef __cplusplus
}
#endif
#endif
