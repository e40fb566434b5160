"""What make_golden.py and check_keras.py share: the generator, the two runs' shapes, the digest.

Kept apart because PyTorch and TensorFlow cannot always be loaded into one process.
"""
import math

import numpy as np

WEIGHT_SEED = 12345
INPUT_SEED = 777
STEPS = 5


class Lcg:
    def __init__(self, seed):
        self.s = seed

    def next(self, scale):
        self.s = (self.s * 1664525 + 1013904223) & 0xFFFFFFFF
        return ((self.s >> 8) / 16777216.0 - 0.5) * scale

    def fill(self, shape, scale):
        n = int(np.prod(shape))
        return np.array([self.next(scale) for _ in range(n)], np.float64).reshape(shape)


def glorot_scale(shape):
    field = int(np.prod(shape[:-2]))  # 1 for a dense kernel
    return 2.0 * math.sqrt(6.0 / (field * shape[-2] + field * shape[-1]))


def make_params(spec):
    """spec: list of (name, shape, kind); kind is kernel, zero or one."""
    rng = Lcg(WEIGHT_SEED)
    out = {}
    for name, shape, kind in spec:
        if kind == "kernel":
            out[name] = rng.fill(shape, glorot_scale(shape))
        else:
            out[name] = np.full(shape, 1.0 if kind == "one" else 0.0)
    return out


def make_input(shape):
    return Lcg(INPUT_SEED).fill(shape, 1.0) + 0.5


def layer(name, kernel_shape):
    return [(name + "_kernel", kernel_shape, "kernel"),
            (name + "_bias", (kernel_shape[-1],), "zero")]


RUN1 = dict(
    prefix="g1_", input=(6, 14, 17, 3), labels=[1, 0, 1, 1, 0, 0],
    spec=layer("c1", (3, 3, 3, 5)) + layer("c2", (3, 3, 5, 7)) + layer("d1", (28, 9)) +
    layer("d2", (9, 1)))
RUN2 = dict(
    prefix="g2_", input=(4, 12, 12, 3), labels=[0, 2, 1, 2],
    spec=layer("ca", (3, 3, 3, 4)) + [("bn_gamma", (4,), "one"), ("bn_beta", (4,), "zero")]
    + layer("cb", (1, 1, 3, 4)) + layer("cc", (3, 3, 4, 6)) + layer("d", (6, 3)))


def digest(a):
    flat = np.asarray(a, np.float64).ravel()
    head = np.zeros(8)
    head[:min(8, flat.size)] = flat[:8]
    return np.concatenate([[math.fsum(flat), math.fsum(flat * flat)], head])
