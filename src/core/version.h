/* SPDX-License-Identifier: MIT
 *
 * The library's version as text, made from the version numbers in the public header. */
#ifndef CD_CORE_VERSION_H
#define CD_CORE_VERSION_H

#include <catdog/catdog.h>

#define CD_VERSION_QUOTE(number) #number
#define CD_VERSION_TEXT(major, minor, patch)                                                       \
    CD_VERSION_QUOTE(major) "." CD_VERSION_QUOTE(minor) "." CD_VERSION_QUOTE(patch)

/* The text that cnn_version() returns, such as "0.1.0". */
#define CD_VERSION CD_VERSION_TEXT(CNN_VERSION_MAJOR, CNN_VERSION_MINOR, CNN_VERSION_PATCH)

#endif
