/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief The umbrella: includes every section of the public header.
 */
/** @mainpage libcatdog
 *
 *  libcatdog trains convolutional networks that classify photos, and runs them. Include
 *  `<catdog/catdog.h>`, which includes all sections. Each section also has a separate header.
 *
 *  | section | header | contents |
 *  | --- | --- | --- |
 *  | @ref base | `<catdog/base.h>` | version, status codes, error messages, options |
 *  | @ref context | `<catdog/context.h>` | threads, allocator, log, kernels, cancel flags |
 *  | @ref image | `<catdog/image.h>` | decoding, resizing and writing JPEG images |
 *  | @ref dataset | `<catdog/dataset.h>` | labelled photos |
 *  | @ref survey | `<catdog/survey.h>` | sizes, damage and duplicates of photos |
 *  | @ref graph | `<catdog/graph.h>` | networks, layer by layer |
 *  | @ref model | `<catdog/model.h>` | a network with weights, classes and preprocessing |
 *  | @ref session | `<catdog/session.h>` | prediction |
 *  | @ref train | `<catdog/train.h>` | training |
 *  | @ref history | `<catdog/history.h>` | the figures of each epoch |
 *  | @ref recipe | `<catdog/recipe.h>` | network and training as a JSON file |
 *  | @ref evaluate | `<catdog/evaluate.h>` | metrics and calibration |
 *  | @ref memory | `<catdog/memory.h>` | the memory that a network needs |
 *  | @ref profile | `<catdog/profile.h>` | the speed of a network on this machine |
 *  | @ref explanation | `<catdog/explanation.h>` | class activation maps |
 *
 *  The following conventions hold for every function.
 *
 *  @section names Names
 *  A function is named `cnn_<thing>_<verb>`. A function that only reads a property is named
 *  `cnn_<thing>_<property>`, without "get". A function whose name ends in `_count` returns the
 *  number of items that the function without `_count` reads by their index. The name of a field or
 *  parameter that holds the length of an array begins with `n_`. A function whose name ends in
 *  `_file` reads a file from its path, `_memory` reads the bytes of such a file, and `_rgb` reads
 *  decoded pixels.
 *
 *  @section status Status
 *  A function that can fail returns a ::cnn_status_t: #CNN_OK or a negative code. Each function
 *  documents its codes without their prefix `CNN_ERROR_`. ARGUMENT includes a NULL pointer where
 *  NULL is not allowed, and an index that is out of range. After a failure cnn_error_message()
 *  returns a sentence that names the file, the layer or the argument. The library never prints,
 *  never ends the process, and leaves no half-written file.
 *
 *  @section results Results
 *  Results are returned through pointers, which are the last parameters and must not be NULL. When
 *  a function fails it sets a handle that it would have returned to NULL, and nothing has to be
 *  freed. A function writes only the first `struct_size` bytes of a result struct.
 *
 *  @section handles Handles
 *  Handles are opaque. Whoever receives a handle through a pointer owns it and frees it with the
 *  matching `_free` function, which accepts NULL. Handles may be freed in any order: a handle keeps
 *  the objects that it needs alive, such as its context or its graph. Returned strings and arrays
 *  belong to the handle and live as long as it does. If its handle is NULL, a function that does
 *  not return a status returns 0, NULL or "".
 *
 *  @section options Options
 *  Options are structs. Initialise them with #CNN_INIT, which sets `struct_size` and makes every
 *  other field 0:
 *
 *  @code
 *  cnn_train_options_t options = CNN_INIT(cnn_train_options_t);
 *  options.epochs = 10;
 *  @endcode
 *
 *  A field that is 0 has its default value. If this default is on, #CNN_NONE switches the option
 *  off. The value 0 of an enum is its default. If the default depends on something else, such as a
 *  preset, the value is called `..._DEFAULT`. A NULL pointer to options means the default of every
 *  field. A struct of a newer header is accepted if the fields that the library does not know
 *  are 0. The options of a single function are named after it. Options that several functions
 *  share are named after their purpose (cnn_train_options_t).
 *
 *  @section callbacks Callbacks
 *  A callback receives the `user` pointer of the same struct. If it returns an `int`, 0 means to
 *  go on. Any other value stops the call, which then returns CNN_ERROR_CANCELLED. A cancel flag
 *  (cnn_cancel_t) has the same effect. Callbacks may call the library, but they must not change or
 *  free the handles of the call that they are in.
 *
 *  @section strings Strings
 *  Strings end with NUL. Text is UTF-8. Paths are passed to the operating system unchanged.
 *
 *  @section pixels Images
 *  Images are arrays of n x height x width x channels (NHWC): channels vary fastest, colours are in
 *  the order red, green, blue.
 *
 *  @section threads Threads
 *  Different handles may be used by different threads at the same time, also when they share a
 *  context. A context may be used by any number of threads at once. Any other handle is used by one
 *  thread at a time, but functions that take it as pointer to const may be called by several
 *  threads at once. Exceptions are documented at the function.
 *
 *  @section fork fork()
 *  A child process may use and free the handles that it inherits: its copies are independent of the
 *  parent's. Its first call into the library starts new threads. While the process forks, no other
 *  thread may be inside a call with the same context.
 *
 *  @section abi Binary compatibility
 *  Enums have the size of `int`. Structs only grow at their end, and values of enums and constants
 *  never change within a major version.
 */
#ifndef CNN_CATDOG_H
#define CNN_CATDOG_H

#include <catdog/base.h>
#include <catdog/context.h>
#include <catdog/image.h>
#include <catdog/dataset.h>
#include <catdog/survey.h>
#include <catdog/graph.h>
#include <catdog/model.h>
#include <catdog/session.h>
#include <catdog/train.h>
#include <catdog/history.h>
#include <catdog/recipe.h>
#include <catdog/evaluate.h>
#include <catdog/memory.h>
#include <catdog/profile.h>
#include <catdog/explanation.h>

#endif
