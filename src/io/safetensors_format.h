/* SPDX-License-Identifier: MIT
 *
 * Constants of the safetensors format that the reader and the writer share. */
#ifndef CD_IO_SAFETENSORS_FORMAT_H
#define CD_IO_SAFETENSORS_FORMAT_H

#include <stdint.h>
#include <string.h>

enum {
    CD_TENSORS_LENGTH_SIZE = 8,
    CD_TENSORS_HEADER_LARGEST =
        100000000, /* bytes; the reference implementation has the same limit */
    CD_TENSORS_HEADER_ALIGN = 8
};

#define CD_TENSORS_METADATA "__metadata__"

/* Returns 1 if the machine is little-endian. Values in the file are little-endian. */
static inline int cd_little_endian(void)
{
    const uint16_t one = 1;
    unsigned char first;

    memcpy(&first, &one, 1);
    return first == 1;
}

#endif
