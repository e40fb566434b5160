/* SPDX-License-Identifier: MIT
 *
 * A tensor of a safetensors file. The file may store its values as halves; the library computes
 * with floats. */
#ifndef CD_IO_TENSOR_H
#define CD_IO_TENSOR_H

#include "core/enum_names.h"

enum { CD_TENSOR_NAME_SIZE = 192, CD_TENSOR_RANK = 4 };

/* The types of values in a file, little-endian. */
enum cd_tensor_type {
    CD_TENSOR_F32 = 0, /* binary32 of IEEE 754, the machine's float */
    CD_TENSOR_F16 = 1  /* binary16 of IEEE 754 (io/half.h) */
};

struct cd_tensor {
    char name[CD_TENSOR_NAME_SIZE];
    size_t rank;
    size_t dims[CD_TENSOR_RANK];
    size_t count;
    enum cd_tensor_type type; /* type of the values in the file */
    const void *data; /* to be written: count floats; after reading: the file's bytes, unaligned */
};

/* The names of the types, as in a file: "F32", "F16". */
extern const struct cd_enum_names cd_tensor_type_names;

/* Returns the size of one value in the file, in bytes. */
size_t cd_tensor_value_size(enum cd_tensor_type type);

/* Converts all values of a tensor that was read from a file to floats. */
void cd_tensor_read(const struct cd_tensor *tensor, float *values);

/* Returns the index of the first value that is not finite in a tensor that was read from a file;
 * tensor->count if there is none. */
size_t cd_tensor_not_finite(const struct cd_tensor *tensor);

#endif
