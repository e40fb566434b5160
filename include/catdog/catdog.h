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
