# SPDX-License-Identifier: MIT
"""Makes one measurement for builtin.py in ONNX Runtime and prints the result as a line of JSON.

  first MODEL.onnx THREADS LEVEL PHOTO      milliseconds from the end of the imports to the result
  photos MODEL.onnx THREADS BATCH PHOTO...  milliseconds per photo, without the first batch
  network MODEL.onnx THREADS SECONDS        milliseconds per batch, for images in memory

LEVEL is the name of a graph optimisation level of ONNX Runtime."""
import json
import sys
import time

import numpy as np
import onnxruntime as ort
from PIL import Image, ImageOps

IMPORTED = time.perf_counter()


def load(path, threads, level="ORT_ENABLE_ALL"):
    settings = ort.SessionOptions()
    settings.graph_optimization_level = getattr(ort.GraphOptimizationLevel, level)
    settings.intra_op_num_threads = int(threads)
    settings.inter_op_num_threads = 1
    settings.log_severity_level = 3
    return ort.InferenceSession(path, settings, providers=["CPUExecutionProvider"])


def fit_crop(image, size):
    """Crops the image in its centre to the aspect ratio of `size`, then resizes it. The sides of
    the crop are rounded to the nearest integer, halves up. If the margin is odd, the right or
    bottom margin is the larger one. libcatdog does the same."""
    width, height = image.size
    if width * size[1] > height * size[0]:
        part = max(1, (2 * height * size[0] + size[1]) // (2 * size[1])), height
    else:
        part = width, max(1, (2 * width * size[1] + size[0]) // (2 * size[0]))
    left, top = (width - part[0]) // 2, (height - part[1]) // 2
    box = left, top, left + part[0], top + part[1]
    return image.crop(box).resize(size, Image.Resampling.BILINEAR)


def fit_letterbox(image, size, pad):
    width, height = image.size
    if width * size[1] > height * size[0]:
        inner = size[0], max(1, (2 * size[0] * height + width) // (2 * width))
    else:
        inner = max(1, (2 * size[1] * width + height) // (2 * height)), size[1]
    target = Image.new("RGB", size, tuple(pad))
    target.paste(image.resize(inner, Image.Resampling.BILINEAR),
                 ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2))
    return target


class Reader:
    """Preprocesses photos as the model's metadata prescribes."""

    def __init__(self, session):
        self.how = json.loads(session.get_modelmeta().custom_metadata_map["preprocess"])
        self.size = self.how["width"], self.how["height"]
        mean, std = (np.array(self.how[key], np.float32) for key in ("mean", "std"))
        self.scale, self.shift = 1 / (255 * std), -mean / std
        self.scaled = self.how.get("decode") == "scaled"
        if self.scaled and self.how["fit"] != "squash":
            raise SystemExit("scaled decoding is done for photos that are squashed only")

    def resize(self, image, box):
        if self.how["fit"] == "crop":
            return fit_crop(image, self.size)
        if self.how["fit"] == "letterbox":
            return fit_letterbox(image, self.size, self.how["pad"])
        return image.resize(self.size, Image.Resampling.BILINEAR, box)

    def read(self, path):
        image = Image.open(path)
        draft = image.draft("RGB", self.size) if self.scaled else None
        ImageOps.exif_transpose(image, in_place=True)
        pixels = np.asarray(self.resize(image.convert("RGB"), draft[1] if draft else None))
        return (pixels * self.scale + self.shift).transpose(2, 0, 1)

    def batch(self, paths, each=map):
        return np.stack(list(each(self.read, paths)))


def first(model, threads, level, photo):
    session = load(model, threads, level)
    session.run(None, {"x": Reader(session).batch([photo])})
    return {"ms": 1e3 * (time.perf_counter() - IMPORTED)}


def photos(model, threads, batch, *paths):
    """Predicts the photos in batches. With a batch size of 1, this thread reads the photos.
    Otherwise `threads` threads read them."""
    from concurrent.futures import ThreadPoolExecutor

    session, batch = load(model, threads), int(batch)
    reader, outputs = Reader(session), []
    with ThreadPoolExecutor(int(threads)) as pool:
        each = pool.map if batch > 1 and int(threads) > 1 else map
        for i in range(0, len(paths), batch):
            outputs += session.run(None, {"x": reader.batch(paths[i:i + batch], each)})[0].tolist()
            if i == 0:
                start = time.perf_counter()
    seconds = time.perf_counter() - start
    counted = max(1, len(paths) - batch)
    return {"ms": 1e3 * seconds / counted, "outputs": outputs}


def network(model, threads, seconds):
    import statistics

    import models

    session = load(model, threads)
    shape = session.get_inputs()[0].shape
    x = np.random.default_rng(2).standard_normal(shape, np.float32)
    times = models.time_steps(lambda: session.run(None, {"x": x}), float(seconds))
    return {"ms": 1e3 * statistics.median(times)}


def main():
    what, *arguments = sys.argv[1:]
    print(json.dumps({"first": first, "photos": photos, "network": network}[what](*arguments)))


main()
