/* SPDX-License-Identifier: MIT
 *
 * What reading and writing safetensors have in common. */
#ifndef CD_IO_SAFETENSORS_FORMAT_H
#define CD_IO_SAFETENSORS_FORMAT_H

#include <stdint.h>
#include <string.h>

enum {
    CD_TENSORS_LENGTH_SIZE = 8,
    CD_TENSORS_HEADER_LARGEST = 100000000, /* as the reference implementation */
    CD_TENSORS_HEADER_ALIGN = 8
};

#define CD_TENSORS_METADATA "__metadata__"

/* Values are stored little-endian and used as they are. */
static inline int cd_little_endian(void)
{
    const uint16_t one = 1;
    unsigned char first;

    memcpy(&first, &one, 1);
    return first == 1;
}

#endif
