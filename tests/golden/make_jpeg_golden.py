#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes golden_jpeg.h: small JPEG files and the pixels that Pillow decodes from them, so that a
decoder which gives other pixels (another IDCT, another colour conversion) shows.

    pip install 'pillow<13' numpy
    python3 tests/golden/make_jpeg_golden.py > tests/golden/golden_jpeg.h
"""
import io

import numpy
import PIL
from PIL import Image, features

from make_resize_golden import fnv1a

HEIGHT, WIDTH = 21, 29


def picture():
    y, x = numpy.indices((HEIGHT, WIDTH))
    red = 128 + 100 * numpy.sin(x / 4) * numpy.cos(y / 5)
    green = 8 * x % 256
    blue = numpy.where((x - 14) ** 2 + (y - 10) ** 2 < 50, 230, 40)
    return numpy.stack([red, green, blue], axis=2).astype(numpy.uint8)


CASES = [  # name, mode, how it is saved
    ("baseline 4:4:4", "RGB", dict(quality=90, subsampling=0)),
    ("baseline 4:2:2", "RGB", dict(quality=85, subsampling=1)),
    ("baseline 4:2:0", "RGB", dict(quality=75, subsampling=2)),
    ("progressive 4:2:0", "RGB", dict(quality=75, subsampling=2, progressive=True)),
    ("RGB stored as RGB", "RGB", dict(quality=80, keep_rgb=True)),
    ("grey", "L", dict(quality=70)),
]


def main():
    print("/* SPDX-License-Identifier: MIT")
    print(" *")
    print(f" * Written by make_jpeg_golden.py with Pillow {PIL.__version__} and libjpeg-turbo")
    print(f" * {features.version_feature('libjpeg_turbo')}. Do not edit. */")
    print("static const struct golden_jpeg {")
    print("    const char *name;")
    print("    size_t size;")
    print("    uint64_t fnv1a; /* of the decoded RGB pixels, 21 rows of 29 */")
    print("    uint8_t bytes[1200];")
    print("} golden_jpeg[] = {")
    for name, mode, options in CASES:
        stream = io.BytesIO()
        Image.fromarray(picture()).convert(mode).save(stream, "JPEG", optimize=True, **options)
        data = stream.getvalue()
        assert len(data) <= 1200, len(data)
        pixels = Image.open(io.BytesIO(data)).convert("RGB").tobytes()
        print(f'    {{"{name}", {len(data)}, UINT64_C(0x{fnv1a(pixels):016x}),')
        lines = [data[i:i + 20] for i in range(0, len(data), 20)]
        text = ",\n      ".join(", ".join(map(str, line)) for line in lines)
        print(f"     {{{text}}}}},")
    print("};")


if __name__ == "__main__":
    main()
