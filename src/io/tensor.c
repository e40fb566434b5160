/* SPDX-License-Identifier: MIT */
#include "io/tensor.h"

#include <string.h>

#include "io/half.h"

static const struct {
    const char *name;
    size_t value_size;
} types[] = {
    [CD_TENSOR_F32] = {"F32", sizeof(float)},
    [CD_TENSOR_F16] = {"F16", sizeof(uint16_t)},
};

const struct cd_enum_names cd_tensor_type_names = CD_ENUM_NAMES_OF_ROWS(types, name);

size_t cd_tensor_value_size(enum cd_tensor_type type)
{
    return types[type].value_size;
}

void cd_tensor_read(const struct cd_tensor *tensor, float *values)
{
    if (tensor->type == CD_TENSOR_F16)
        cd_half_to_float(tensor->data, tensor->count, values);
    else
        memcpy(values, tensor->data, tensor->count * sizeof *values);
}

/* The next two functions return 1 if all n values are finite. Infinities and NaN have all exponent
 * bits set. The loops have no early exit, so that compilers can vectorise them. */
static int floats_finite(const uint8_t *bytes, size_t n)
{
    const uint32_t exponent = 0x7f800000;
    uint32_t bad = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, bytes + i * sizeof bits, sizeof bits);
        bad |= (bits & exponent) == exponent;
    }
    return !bad;
}

static int halves_finite(const uint8_t *bytes, size_t n)
{
    const uint16_t exponent = 0x7c00;
    uint16_t bad = 0;

    for (size_t i = 0; i < n; i++) {
        uint16_t bits;
        memcpy(&bits, bytes + i * sizeof bits, sizeof bits);
        bad |= (bits & exponent) == exponent;
    }
    return !bad;
}

size_t cd_tensor_not_finite(const struct cd_tensor *tensor)
{
    int (*finite)(const uint8_t *, size_t) =
        tensor->type == CD_TENSOR_F16 ? halves_finite : floats_finite;
    const size_t size = cd_tensor_value_size(tensor->type);
    const uint8_t *bytes = tensor->data;
    size_t i = 0;

    if (finite(bytes, tensor->count))
        return tensor->count;
    while (finite(bytes + i * size, 1))
        i++;
    return i;
}
