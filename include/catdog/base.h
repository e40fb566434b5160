/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Version, status codes, error messages and the initialisation of options.
 */
#ifndef CNN_BASE_H
#define CNN_BASE_H

#include <stddef.h>
#include <stdint.h>

/** @defgroup base Base
 *  Version, status codes, error messages and the initialisation of options.
 *  @{
 */

/** Marks an exported function. */
#if defined(CNN_BUILDING_LIBRARY) && defined(__GNUC__)
#define CNN_API __attribute__((visibility("default")))
#else
#define CNN_API
#endif

/** Initialises an options or result struct: sets `struct_size`, makes every other field 0.
 *
 *  For the initialisation of a variable, in C99 and later and in C++:
 *  @code
 *  cnn_session_options_t options = CNN_INIT(cnn_session_options_t);
 *  @endcode
 *  @param type  The struct's type, such as cnn_session_options_t.
 */
#ifdef __cplusplus
#include <string.h>
#define CNN_INIT(type) cnn_init<type>()
extern "C++" {
template <typename T> inline T cnn_init()
{
    T value;
    memset(&value, 0, sizeof value);
    value.struct_size = sizeof value;
    return value;
}
}
#else
#define CNN_INIT(type) {.struct_size = sizeof(type)}
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define CNN_VERSION_MAJOR 0 /**< Versions with the same major number have the same ABI. */
#define CNN_VERSION_MINOR 2 /**< Increases with new functions, fields and values. */
#define CNN_VERSION_PATCH 0 /**< Increases with bug fixes. */

/** The version of the header as one number, for comparisons: 0.2.0 is 200. */
#define CNN_VERSION_NUMBER \
    (CNN_VERSION_MAJOR * 10000 + CNN_VERSION_MINOR * 100 + CNN_VERSION_PATCH)

/** Returns the version of the running library as text.
 *
 *  The running library may be newer than the header.
 *  @return "major.minor.patch", in static storage. Any thread may call this.
 */
CNN_API const char *cnn_version(void);

/** Returns the version of the running library as a number, comparable with #CNN_VERSION_NUMBER.
 *
 *  @return major * 10000 + minor * 100 + patch. Any thread may call this.
 */
CNN_API uint32_t cnn_version_number(void);

/** Status codes. Failures that need different remedies have different codes. A number is never
 *  reused for another failure. */
typedef enum cnn_status_t {
    CNN_OK = 0,                   /**< Success. */
    CNN_ERROR_ARGUMENT = -1,      /**< An argument is not valid. */
    CNN_ERROR_MEMORY = -2,        /**< Out of memory. */
    CNN_ERROR_IO = -3,            /**< A file or folder cannot be read or written. */
    CNN_ERROR_IMAGE = -4,         /**< A photo cannot be decoded. */
    CNN_ERROR_MODEL_FILE = -5,    /**< A model file or checkpoint is not valid. */
    CNN_ERROR_SHAPE = -6,         /**< Shapes do not fit together. */
    CNN_ERROR_DATA = -7,          /**< The dataset is not suitable for this call. */
    CNN_ERROR_NAN = -8,           /**< A loss, weight or other result is infinite or NaN. */
    CNN_ERROR_CANCELLED = -9,     /**< Stopped by a callback or a cancel flag. */
    CNN_ERROR_THREAD = -10,       /**< A thread could not be started. */
    CNN_ERROR_UNSUPPORTED = -11   /**< Not supported by this build, version or machine. */
} cnn_status_t;

/** Returns a short English sentence for a status code.
 *
 *  @param status  Any number.
 *  @return The sentence, in static storage; "unknown status" if `status` is not a status code. Any
 *          thread may call this.
 */
CNN_API const char *cnn_status_string(cnn_status_t status);

/** Returns the error message of this thread's last call, if that call failed.
 *
 *  @return A sentence that names the file, the layer or the argument. Never NULL. After a
 *          successful call the text is unspecified. The text is stored per thread and valid until
 *          the thread's next call into the library.
 */
CNN_API const char *cnn_error_message(void);

/** Switches off an option that is on by default. Only fields that document it accept this value. */
#define CNN_NONE (-1)

/** Reports progress and may stop the call.
 *
 *  One thread at a time calls it, but not always the same thread.
 *  @param done  Number of photos that are finished.
 *  @param total  Number of all photos.
 *  @param user  The `user` field of the struct that holds the callback.
 *  @return 0 to go on; any other value stops the call with CNN_ERROR_CANCELLED.
 */
typedef int (*cnn_progress_fn)(size_t done, size_t total, void *user);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
