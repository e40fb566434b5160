# SPDX-License-Identifier: MIT
"""Trains the networks of `catdog article` in Keras on TensorFlow, and prints wall times.

Finds photos named cat.NAME.jpg and dog.NAME.jpg below DATA. Decodes a balanced subset once and
resizes it to 94 x 125 pixels. Trains the five networks with the same epochs, batch sizes, learning
rates, warm-up, cosine schedule and mirroring as `catdog article`. Evaluates them on the validation
set after each epoch."""
import argparse
import json
import pathlib
import time

import numpy as np

import models
import keras_net
import keras
import tensorflow as tf

PARTS = {"train": 4096, "validation": 1024}


def find(folder, seed):
    """Returns {split: [(path, label)]}. Each split has as many cats (label 1) as dogs (label 0). No
    photo is in two splits."""
    random = np.random.default_rng(seed)
    paths = sorted(pathlib.Path(folder).rglob("*.jpg"))
    classes = [[(str(p), label) for p in paths if p.name.startswith(prefix)]
               for label, prefix in ((1, "cat."), (0, "dog."))]
    for photos in classes:
        random.shuffle(photos)
    parts, start = {}, 0
    for part, count in PARTS.items():
        half = count // 2
        parts[part] = [photo for photos in classes for photo in photos[start:start + half]]
        if len(parts[part]) < count:
            raise SystemExit(f"{folder}: too few photos for {part}: {len(parts[part])}")
        random.shuffle(parts[part])
        start += half
    return parts


def load(photos, threads):
    """Returns (uint8 pixels, labels). TensorFlow decodes the photos with libjpeg-turbo and resizes
    them by area averages."""
    def read(path):
        picture = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
        size = models.HEIGHT, models.WIDTH
        return tf.cast(tf.round(tf.image.resize(picture, size, method="area")), tf.uint8)

    paths = tf.data.Dataset.from_tensor_slices([str(p) for p, _ in photos])
    pixels = paths.map(read, num_parallel_calls=threads).batch(len(photos))
    return next(iter(pixels)).numpy(), np.array([y for _, y in photos], np.float32)[:, None]


def batches(data, batch, mirror, seed):
    dataset = tf.data.Dataset.from_tensor_slices(data)
    if mirror:
        dataset = dataset.shuffle(len(data[0]), seed=seed)

    def prepare(x, y):
        x = (tf.cast(x, tf.float32) / 255 - 0.5) / 0.25
        if mirror:
            turn = tf.random.uniform((tf.shape(x)[0], 1, 1, 1)) < 0.5
            x = tf.where(turn, tf.reverse(x, [2]), x)
        return x, y

    return dataset.batch(batch).map(prepare).prefetch(2)


def train(preset, data, o):
    _, _, batch, epochs, rate = models.PRESETS[preset]
    epochs = o.epochs or epochs
    steps = -(-PARTS["train"] // batch)
    net = keras_net.build(preset)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, (epochs - 1) * steps or 1, warmup_target=rate, warmup_steps=steps)
    net.compile(optimizer=keras.optimizers.Adam(schedule), loss="mse", metrics=["accuracy"])
    start = time.perf_counter()
    history = net.fit(batches(data["train"], batch, True, o.seed), epochs=epochs, verbose=0,
                      shuffle=False, validation_data=batches(data["validation"], 64, False, o.seed))
    history = history.history
    seconds = time.perf_counter() - start
    return {"preset": preset, "epochs": epochs, "seconds": seconds,
            "seconds_per_epoch": seconds / epochs, "mse": min(history["val_loss"]),
            "accuracy": max(history["val_accuracy"])}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--only", default=",".join(models.PRESETS))
    parser.add_argument("--epochs", type=int, help="default: the article's")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    start = time.perf_counter()
    facts = keras_net.start(o.threads)
    keras.utils.set_random_seed(o.seed)
    parts = find(o.data, o.seed)
    loading = time.perf_counter()
    data = {part: load(photos, o.threads) for part, photos in parts.items()}
    print(json.dumps(facts | {"threads": o.threads, "photos": PARTS,
                              "load_seconds": time.perf_counter() - loading}), flush=True)
    for preset in o.only.split(","):
        print(json.dumps(train(preset, data, o)), flush=True)
    print(json.dumps({"wall_seconds": time.perf_counter() - start}), flush=True)


main()
