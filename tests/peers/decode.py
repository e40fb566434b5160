# SPDX-License-Identifier: MIT
"""Compares how fast libcatdog and other libraries, its peers, decode and resize JPEG files.

The files are FOLDER/*.jpg, the results 94 x 125 pixels in RGB. Peers that are not installed are
left out, with a message. All libraries resize with an antialiased triangle filter, except libvips,
whose thumbnails use Lanczos. "full" decodes every pixel. "scaled" lets libjpeg-turbo decode at a
fraction of the size. The printed difference is the mean absolute difference per byte to the result
of Pillow with full decoding."""
import argparse
import glob
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time

HEIGHT, WIDTH = 94, 125


def pillow(scaled):
    from PIL import Image

    def decode(path):
        image = Image.open(path)
        if scaled:
            image.draft("RGB", (WIDTH, HEIGHT))
        return image.convert("RGB").resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR).tobytes()
    return decode


def torchvision(_):
    import torch
    from torchvision.io import ImageReadMode, decode_jpeg, read_file
    from torchvision.transforms.v2 import functional

    torch.set_num_threads(1)

    def decode(path):
        image = decode_jpeg(read_file(path), mode=ImageReadMode.RGB)
        image = functional.resize(image, [HEIGHT, WIDTH], antialias=True)
        return image.permute(1, 2, 0).contiguous().numpy().tobytes()
    return decode


def tensorflow_graph(scaled):
    import tensorflow as tf

    def decode(path):
        data = tf.io.read_file(path)
        if scaled:
            shape = tf.image.extract_jpeg_shape(data)
            ratio = tf.minimum(shape[0] // HEIGHT, shape[1] // WIDTH)
            image = tf.switch_case(tf.cast(ratio >= 2, tf.int32) + tf.cast(ratio >= 4, tf.int32) +
                                   tf.cast(ratio >= 8, tf.int32),
                                   [lambda r=r: tf.io.decode_jpeg(data, channels=3, ratio=r)
                                    for r in (1, 2, 4, 8)])
        else:
            image = tf.io.decode_jpeg(data, channels=3)
        image = tf.image.resize(image, [HEIGHT, WIDTH], antialias=True)
        return tf.cast(tf.round(image), tf.uint8)
    return decode


def tensorflow(scaled):
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    decode = tf.function(tensorflow_graph(scaled),
                         input_signature=[tf.TensorSpec([], tf.string)])
    return lambda path: decode(path).numpy().tobytes()


def tf_data(scaled, paths, cores, seconds):
    """Returns the photos per second of a tf.data pipeline with prefetched batches of 32, as it is
    used to feed Keras."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(cores)
    options = tf.data.Options()
    options.threading.private_threadpool_size = cores
    batches = (tf.data.Dataset.from_tensor_slices(paths).repeat()
               .map(tensorflow_graph(scaled), num_parallel_calls=cores)
               .batch(32).prefetch(2).with_options(options))
    batches = iter(batches)
    for _ in range(4):
        next(batches)
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        done += len(next(batches))
    return done / (time.perf_counter() - start)


def vips(_):
    import pyvips

    pyvips.concurrency_set(1)

    def decode(path):
        image = pyvips.Image.thumbnail(path, WIDTH, height=HEIGHT, size="force")
        return image.colourspace("srgb").write_to_memory()
    return decode


PEERS = {"Pillow": (pillow, ("full", "scaled")), "torchvision": (torchvision, ("full",)),
         "TensorFlow": (tensorflow, ("full", "scaled")),
         "tf.data": (tensorflow, ("full", "scaled")),
         "libvips": (vips, ("scaled",))}


def photos(folder):
    return sorted(glob.glob(os.path.join(folder, "*.jpg")))


def work(name, mode, paths, seconds, ready, results):
    """Runs in each process of a peer. After a warm-up, waits for the common start, decodes photos
    for the given time, and puts the photos per second into `results`."""
    decode = PEERS[name][0](mode == "scaled")
    for path in paths[:20]:
        decode(path)
    ready.wait()
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        decode(paths[done % len(paths)])
        done += 1
    results.put(done / (time.perf_counter() - start))


def peer_worker(name, mode, folder, cores, seconds):
    """Measures one peer and prints the photos per second of all its processes or tf.data threads.
    Each peer runs in a separate process."""
    paths = photos(folder)
    if name == "tf.data":
        print(tf_data(mode == "scaled", paths, cores, seconds))
        return
    context = multiprocessing.get_context("spawn")
    ready, results = context.Barrier(cores), context.Queue()
    processes = [context.Process(target=work, args=(name, mode, paths[i::cores], seconds, ready,
                                                    results)) for i in range(cores)]
    for process in processes:
        process.start()
    print(sum(results.get(timeout=300) for _ in processes))
    for process in processes:
        process.join()


def ours(o, mode, cores, seconds, out=None):
    command = [o.bench, o.folder, mode, str(cores), str(seconds)] + ([out] if out else [])
    return json.loads(subprocess.run(command, check=True, capture_output=True,
                                     text=True).stdout)["photos_per_second"]


def peer(o, name, mode, cores):
    command = [sys.executable, __file__, o.folder, "--worker", name, mode, str(cores),
               str(o.seconds)]
    return float(subprocess.run(command, check=True, capture_output=True,
                                text=True).stdout.split()[-1])


def installed(name):
    try:
        PEERS[name][0](False)
        return True
    except ImportError as problem:
        print(f"left out: {name}: {problem}", file=sys.stderr)
        return False


def difference(o, mode):
    """Returns the mean absolute difference per byte between the pixels of libcatdog and those of
    Pillow with full decoding. mode: the decoding of libcatdog, full or scaled."""
    reference, total, count = pillow(False), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "pixels")
        ours(o, mode, 1, 0, out)
        with open(out, "rb") as pixels:
            for path in photos(o.folder):
                mine, theirs = pixels.read(HEIGHT * WIDTH * 3), reference(path)
                total += sum(abs(a - b) for a, b in zip(mine, theirs))
                count += len(mine)
    return total / count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="of JPEG files")
    parser.add_argument("--bench", default="build/tests/programs/bench_decode")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--cores", default="1,2")
    parser.add_argument("--worker", nargs=4, help=argparse.SUPPRESS)
    o = parser.parse_args()
    if o.worker:
        name, mode, cores, seconds = o.worker
        peer_worker(name, mode, o.folder, int(cores), float(seconds))
        return
    known = [(name, mode) for name in PEERS if installed(name) for mode in PEERS[name][1]]
    print("| who | decode |", " | ".join(f"{c} core(s)" for c in o.cores.split(",")), "|")
    print("| --- | --- |" + " --- |" * len(o.cores.split(",")))
    rates = {}
    for cores in map(int, o.cores.split(",")):
        for _ in range(o.rounds):
            for name, mode in known:
                rates.setdefault(("catdog", mode, cores), []).append(
                    ours(o, mode, cores, o.seconds))
                rates.setdefault((name, mode, cores), []).append(peer(o, name, mode, cores))
    for name, mode in [("catdog", "full"), ("catdog", "scaled")] + known:
        cells = [f"{statistics.median(rates[name, mode, c]):,.0f}"
                 for c in map(int, o.cores.split(","))]
        print(f"| {name} | {mode} |", " | ".join(cells), "|")
    for mode in ("full", "scaled"):
        print(f"mean absolute difference to Pillow, {mode}: {difference(o, mode):.3f}")


if __name__ == "__main__":
    main()
