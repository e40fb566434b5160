#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes golden_resize.h: what Pillow's resize with BILINEAR makes of a picture given by a formula.

Pictures over 100 times as high as wide are not among them: Pillow does these vertically first, the
library does all horizontally first, and rounding between the directions can then differ by 1.

    pip install 'pillow<13' numpy
    python3 tests/golden/make_resize_golden.py > tests/golden/golden_resize.h

Pillow before version 13, and pictures at most 100 times as high as wide: these are always resized
horizontally first, as the library does. Otherwise Pillow may start vertically, and rounding between
the two directions then makes a byte here and there differ by 1.
"""
import numpy
import PIL
from PIL import Image

CASES = [  # height, width, target height, target width
    (3, 2, 7, 11),
    (1, 1, 4, 5),
    (1, 100, 3, 7),
    (100, 1, 7, 3),
    (13, 17, 5, 7),
    (3000, 4000, 7, 5),
    (375, 499, 94, 125),
    (200, 200, 94, 125),
    (50, 60, 50, 60),
    (61, 47, 61, 13),
    (94, 125, 281, 333),
    (6000, 61, 3, 7),
    (2, 65535, 1, 3),
]
VALUES_UP_TO = 250


def picture(height, width):
    y, x, c = numpy.indices((height, width, 3), dtype=numpy.uint64)
    return ((x * x * 3 + y * y * 5 + x * y * 7 + c * 85 + (x ^ y) % 32 * 64) // 4 % 256).astype(
        numpy.uint8)


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def main():
    print("/* SPDX-License-Identifier: MIT")
    print(" *")
    print(f" * Written by make_resize_golden.py with Pillow {PIL.__version__}. Do not edit. */")
    print("static const struct golden_resize {")
    print("    size_t height, width, out_height, out_width;")
    print("    uint64_t fnv1a; /* of all bytes of the result */")
    print(f"    uint8_t values[{VALUES_UP_TO}];"
          " /* the result, if it has no more bytes than these */")
    print("} golden_resize[] = {")
    for height, width, out_height, out_width in CASES:
        image = Image.fromarray(picture(height, width))
        result = image.resize((out_width, out_height), Image.Resampling.BILINEAR).tobytes()
        print(f"    {{{height}, {width}, {out_height}, {out_width}, "
              f"UINT64_C(0x{fnv1a(result):016x}),")
        values = list(result) if len(result) <= VALUES_UP_TO else [0]
        lines = [values[i:i + 20] for i in range(0, len(values), 20)]
        text = ",\n      ".join(", ".join(map(str, line)) for line in lines)
        print(f"     {{{text}}}}},")
    print("};")


if __name__ == "__main__":
    main()
