/* SPDX-License-Identifier: MIT
 *
 * A tensor of a safetensors file: what the file says of it, and its values, which are floats to the
 * library whatever they are in the file. */
#ifndef CD_IO_TENSOR_H
#define CD_IO_TENSOR_H

#include <stddef.h>

enum { CD_TENSOR_NAME_SIZE = 192, CD_TENSOR_RANK = 4 };

/* Little-endian. */
enum cd_tensor_type {
    CD_TENSOR_F32 = 0, /* IEEE 754's binary32, the machine's float */
    CD_TENSOR_F16 = 1  /* its binary16: io/half.h */
};

struct cd_tensor {
    char name[CD_TENSOR_NAME_SIZE];
    size_t rank;
    size_t dims[CD_TENSOR_RANK];
    size_t count;
    enum cd_tensor_type type; /* in the file */
    const void *data; /* to be written: count floats; of a file that was read: its bytes there, of
                         any alignment */
};

const char *cd_tensor_type_name(enum cd_tensor_type type);

/* 0 if there is no such type, else 1. */
int cd_tensor_type_find(const char *name, enum cd_tensor_type *type);
size_t cd_tensor_value_size(enum cd_tensor_type type);

/* Of a tensor that was read: all values; and the first one that is not a finite number, count if
 * there is none. */
void cd_tensor_read(const struct cd_tensor *tensor, float *values);
size_t cd_tensor_not_finite(const struct cd_tensor *tensor);

#endif
