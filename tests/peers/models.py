# SPDX-License-Identifier: MIT
"""The five networks of src/graph/preset.c, and functions that the workers share.

A worker is a program that measures one peer: infer_*.py or train_*.py. A network consists of 3 x 3
valid convolutions, each with ReLU and 2 x 2 max pooling, then dense layers with ReLU, then one unit
with a sigmoid. Kernels have the shape (height, width, in, out). The feature map is flattened in the
order height, width, channels. All workers start from the same weights.
"""
import argparse
import json
import statistics
import time

import numpy as np

HEIGHT, WIDTH, CHANNELS = 94, 125, 3

# {name: (filters of the convolutions, units of the dense layers, training batch size, epochs,
# learning rate)}
PRESETS = {
    "mlp": ((), (512,), 32, 6, 2e-5),
    "conv24": ((24,), (128, 128), 32, 6, 2e-4),
    "conv48x2": ((48, 48), (256, 256), 64, 6, 3e-4),
    "conv128x2": ((128, 128), (256, 256), 64, 6, 3e-4),
    "conv64-128": ((64, 128), (512, 512), 64, 8, 3e-4),
}


def arguments(inference=False, **flags):
    """Parses the command line of a worker: a preset, the options of all workers, and its own flags.

    A flag is either a tuple of choices, of which the first is the default, or False for a
    switch."""
    parser = argparse.ArgumentParser()
    parser.add_argument("preset", choices=PRESETS)
    parser.add_argument("--batch", type=int, help="default: the preset's; inference: 64")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=5)
    for name, choices in flags.items():
        name = "--" + name.replace("_", "-")
        if choices is False:
            parser.add_argument(name, action="store_true")
        else:
            parser.add_argument(name, choices=choices, default=choices[0])
    options = parser.parse_args()
    if not options.batch:
        options.batch = 64 if inference else PRESETS[options.preset][2]
    return options


def map_shape(preset):
    """Returns the height, width and channels of the feature map that is flattened."""
    h, w, c = HEIGHT, WIDTH, CHANNELS
    for filters in PRESETS[preset][0]:
        h, w, c = (h - 2) // 2, (w - 2) // 2, filters
    return h, w, c


def weights(preset):
    """Returns (kernels of the convolutions, matrices [in, out] of the dense layers) in float32. All
    biases are 0."""
    random = np.random.default_rng(1)
    filters, units, *_ = PRESETS[preset]
    channels = (CHANNELS,) + filters
    width = (int(np.prod(map_shape(preset))),) + units + (1,)

    def he(shape, fan_in):
        return random.standard_normal(shape, np.float32) * np.float32((2 / fan_in) ** 0.5)

    return ([he((3, 3, a, b), 9 * a) for a, b in zip(channels, channels[1:])],
            [he((a, b), a) for a, b in zip(width, width[1:])])


def pictures(n, seed=2):
    """Returns n random images as float32 (n, height, width, channels), with mean 0 and variance
    1."""
    return np.random.default_rng(seed).standard_normal((n, HEIGHT, WIDTH, CHANNELS), np.float32)


def batches(n, batch):
    """Returns n batches of random images with random labels 0 or 1."""
    random = np.random.default_rng(3)
    return [(pictures(batch, 4 + i), random.integers(0, 2, batch).astype(np.float32))
            for i in range(n)]


def reference(preset, x):
    """Returns the network's output for x, computed in double precision."""
    kernels, matrices = weights(preset)
    x = x.astype(np.float64)
    for kernel in kernels:
        h, w = x.shape[1] - 2, x.shape[2] - 2
        y = sum(x[:, i:i + h, j:j + w] @ kernel[i, j].astype(np.float64)
                for i in range(3) for j in range(3))
        y = np.maximum(y, 0)[:, :h // 2 * 2, :w // 2 * 2]
        x = y.reshape(len(x), h // 2, 2, w // 2, 2, -1).max((2, 4))
    x = x.reshape(len(x), -1)
    for matrix in matrices[:-1]:
        x = np.maximum(x @ matrix.astype(np.float64), 0)
    return 1 / (1 + np.exp(-(x @ matrices[-1].astype(np.float64))[:, 0]))


def error(preset, forward, n=4):
    """Returns the largest difference between forward(x) and the reference for n images. It shows
    the precision that the framework computes in: 1e-7 to 1e-6 for float32, above 1e-3 for
    bfloat16."""
    x = pictures(n)
    return float(np.abs(np.asarray(forward(x), np.float64).ravel() - reference(preset, x)).max())


def time_steps(step, seconds, warm_up=3, at_least=5):
    """Runs step() repeatedly. Returns the seconds of each step after the warm-up steps."""
    for _ in range(warm_up):
        step()
    times, end = [], time.perf_counter() + seconds
    while len(times) < at_least or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return times


def report_training(options, times, **facts):
    """Prints one line of JSON with the settings and the throughput, computed from the median step
    and from the fastest step."""
    print(json.dumps(vars(options) | facts | {
        "train_images_per_second": options.batch / statistics.median(times),
        "fastest": {"train_images_per_second": options.batch / min(times)},
        "steps": len(times),
    }), flush=True)


def report_inference(options, predict, n_requests=1, **facts):
    """Measures predict(x) for a batch, then for single images, and prints one line of JSON. predict
    must return only after the result is complete. n_requests: the number of batches that one call
    predicts."""
    batch, single = pictures(options.batch), pictures(1)
    facts = facts | {"error": error(options.preset, lambda x: predict(x))}
    many = time_steps(lambda: predict(batch), options.seconds)
    one = time_steps(lambda: predict(single), options.seconds / 2, at_least=30)
    print(json.dumps(vars(options) | facts | {
        "predict_images_per_second": options.batch * n_requests / statistics.median(many),
        "latency_ms": 1e3 * statistics.median(one),
        "fastest": {"predict_images_per_second": options.batch * n_requests / min(many),
                    "latency_ms": 1e3 * min(one)},
    }), flush=True)
