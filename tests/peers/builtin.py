# SPDX-License-Identifier: MIT
"""Compares the speed of the built-in model, or of another model file, with ONNX Runtime.

First checks that both predict the same probabilities for some photos. Measurements then alternate
between libcatdog ("ours") and ONNX Runtime ("the peer"). Prints the medians as a Markdown table."""
import argparse
import datetime
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnxruntime as ort
import PIL
from PIL import Image

import catdog_onnx
import measure
import settings
import tables

BUILTIN = measure.HERE.parents[1] / "lib/catdog.safetensors"
TOLERANCE = 1e-4
CHECKED = 16        # photos whose probabilities are compared
TYPICAL = 500, 375  # preferred width and height of the photos
BATCH = 32          # batch size for photos, as in `catdog predict`
LARGE = 64          # batch size when only the network is measured

WHOLE, IMPORTED = "first answer, whole process", "first answer, Python's start and imports left out"
OPTIMISED = IMPORTED + ", graph optimised beforehand"
SINGLE, BATCHES = "a further photo, one by one", f"a further photo, in batches of {BATCH}"
ONE, MANY = "network alone, 1 picture", f"network alone, {LARGE} pictures"


def command_line():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="of JPEG files, also in folders below it")
    parser.add_argument("--model", help="a model file; default: the built-in one")
    parser.add_argument("--catdog", default="build/catdog")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--first", type=int, default=3, help="first answers in a round")
    parser.add_argument("--photos", type=int, default=96, help="photos in a row")
    parser.add_argument("--seconds", type=float, default=1, help="of the network alone, the peer's")
    parser.add_argument("--out", help="write the table to this file, too")
    o = parser.parse_args()
    o.threads = [int(threads) for threads in o.threads.split(",")]
    if o.photos <= BATCH:
        parser.error(f"--photos: more than {BATCH} are needed")
    return o


def find(folder, count):
    """Returns the `count` photos whose sizes are closest to TYPICAL. Reads them once, so that the
    system caches them."""
    def distance(path):
        with Image.open(path) as image:
            return sum(abs(a - b) for a, b in zip(image.size, TYPICAL))

    paths = sorted(pathlib.Path(folder).rglob("*.jpg"))
    if len(paths) < count:
        raise SystemExit(f"{folder}: {len(paths)} photos, not {count}")
    chosen = sorted(paths, key=distance)[:count]
    for path in chosen:
        path.read_bytes()
    return [str(path) for path in chosen]


def run(command, environment=None):
    """Runs the command. Returns (duration of the process in ms, its output)."""
    command = [str(word) for word in command]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True,
                          env=os.environ | (environment or {}))
    ms = 1e3 * (time.perf_counter() - start)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise SystemExit(f"{' '.join(command[:3])}: {lines[-1]}")
    return ms, done.stdout


class Ours:
    def __init__(self, o):
        self.catdog, self.model = o.catdog, o.model

    def predict(self, threads, photos, *options):
        model = ["--model", self.model] if self.model else []
        return run([self.catdog, "predict", *model, "--threads", threads, *options, *photos])

    def answers(self, photos):
        printed = json.loads(self.predict(1, photos, "--json")[1])
        return [list(photo["probabilities"].values()) for photo in printed]

    def first(self, threads, photo):
        return self.predict(threads, [photo])[0]

    def further(self, threads, photos):
        one = self.first(threads, photos[0])
        return (self.predict(threads, photos)[0] - one) / (len(photos) - 1)

    def network(self, threads):
        """Returns the milliseconds for one image, and for a batch of LARGE images."""
        printed = run([self.catdog, "bench", self.model or "builtin", "--inference", "--batch-size",
                       LARGE, "--threads", threads, "--json"])[1]
        result = json.loads(printed)
        return result["latency_ms"], result["predict_ms"]


class Peer:
    """Measures ONNX Runtime. The first prediction uses the default settings. The other measurements
    use settings.KEEP_MEMORY."""

    def __init__(self, model, folder):
        self.models = {}
        for batch in (None, 1, LARGE):
            self.models[batch] = os.path.join(folder, f"{batch}.onnx")
            pathlib.Path(self.models[batch]).write_bytes(catdog_onnx.export(model, batch))
        self.models["optimised"] = os.path.join(folder, "optimised.onnx")
        options = ort.SessionOptions()
        options.optimized_model_filepath = self.models["optimised"]
        options.log_severity_level = 3
        ort.InferenceSession(self.models[1], options, providers=["CPUExecutionProvider"])

    def work(self, what, model, environment, *arguments):
        ms, printed = run([sys.executable, measure.HERE / "builtin_onnxruntime.py", what,
                           self.models[model], *arguments], environment)
        return ms, json.loads(printed)

    def answers(self, photos, batch):
        outputs = self.work("photos", None, {}, 1, batch, *photos)[1]["outputs"]
        return [[1 - y[0], y[0]] if len(y) == 1 else y for y in outputs]

    def first(self, threads, photo, optimised=False):
        """Returns the milliseconds of the whole process, and of the part after its imports."""
        model, level = ("optimised", "ORT_DISABLE_ALL") if optimised else (1, "ORT_ENABLE_ALL")
        ms, result = self.work("first", model, {}, threads, level, photo)
        return ms, result["ms"]

    def further(self, threads, photos, batch):
        return self.work("photos", None, settings.KEEP_MEMORY, threads, batch, *photos)[1]["ms"]

    def network(self, threads, batch, seconds):
        return self.work("network", batch, settings.KEEP_MEMORY, threads, seconds)[1]["ms"]


def check(ours, peer, photos):
    """Returns the largest difference between the probabilities. Exits if it exceeds TOLERANCE."""
    mine = np.array(ours.answers(photos))
    worst = max(np.abs(mine - peer.answers(photos, batch)).max() for batch in (1, BATCH))
    if not worst <= TOLERANCE:
        raise SystemExit(f"probabilities differ by {worst:.1e}: it is not the same network")
    return worst


class Comparison:
    def __init__(self, o, ours, peer, photos):
        self.o, self.ours, self.peer, self.photos = o, ours, peer, photos
        self.seen = {}     # (measurement, threads): [(our ms, the peer's ms)]
        self.imports = []  # ms that the start, imports and exit of the peer's process take

    def note(self, what, threads, mine, theirs):
        self.seen.setdefault((what, threads), []).append((mine, theirs))

    def first(self, threads):
        for _ in range(self.o.first):
            mine = self.ours.first(threads, self.photos[0])
            whole, imported = self.peer.first(threads, self.photos[0])
            self.imports.append(whole - imported)
            self.note(WHOLE, threads, mine, whole)
            self.note(IMPORTED, threads, mine, imported)
            mine = self.ours.first(threads, self.photos[0])
            self.note(OPTIMISED, threads, mine, self.peer.first(threads, self.photos[0], True)[1])

    def further(self, threads):
        for what, batch in ((SINGLE, 1), (BATCHES, BATCH)):
            mine = self.ours.further(threads, self.photos)
            self.note(what, threads, mine, self.peer.further(threads, self.photos, batch))

    def network(self, threads):
        mine = self.ours.network(threads)
        for what, batch, ms in zip((ONE, MANY), (1, LARGE), mine):
            self.note(what, threads, ms, self.peer.network(threads, batch, self.o.seconds))

    def round(self):
        for threads in self.o.threads:
            self.first(threads)
            self.further(threads)
            self.network(threads)

    def table(self):
        lines = ["| milliseconds | threads | ours | ONNX Runtime | ONNX Runtime : ours |",
                 "| --- | --- | --- | --- | --- |"]
        for what in (WHOLE, IMPORTED, OPTIMISED, SINGLE, BATCHES, ONE, MANY):
            for threads in self.o.threads:
                mine, theirs = map(statistics.median, zip(*self.seen[what, threads]))
                cells = (what, threads, tables.number(mine), tables.number(theirs),
                         f"{theirs / mine:.2f}")
                lines.append("| " + " | ".join(map(str, cells)) + " |")
        return lines


def head(o, started, worst, load, imports):
    version = run([o.catdog, "--version"])[1].strip()
    name = pathlib.Path(o.model).name if o.model else "the built-in model"
    return [f"# Ours and ONNX Runtime, {name}, {started:%Y-%m-%d %H:%M} UTC", "",
            f"- {measure.machine()}",
            f"- {version}; ONNX Runtime {ort.__version__}, Pillow {PIL.__version__}, numpy "
            f"{np.__version__}, Python {sys.version.split()[0]}",
            f"- medians of {o.rounds} alternating rounds; {o.first} first answers in a round, "
            f"{o.photos} photos of about {TYPICAL[0]} x {TYPICAL[1]} in a row",
            f"- start, imports and end of the peer's Python: {statistics.median(imports):.0f} ms",
            f"- largest difference between probabilities, {CHECKED} photos: {worst:.1e}",
            f"- load average: {tables.spread(load)}", ""]


def main():
    o = command_line()
    started = datetime.datetime.now(datetime.timezone.utc)
    photos, load = find(o.folder, o.photos), [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory() as folder:
        ours, peer = Ours(o), Peer(o.model or BUILTIN, folder)
        worst = check(ours, peer, photos[:CHECKED])
        comparison = Comparison(o, ours, peer, photos)
        for i in range(o.rounds):
            print(f"round {i + 1}", file=sys.stderr, flush=True)
            comparison.round()
            load.append(os.getloadavg()[0])
    text = "\n".join(head(o, started, worst, load, comparison.imports) + comparison.table())
    print(text)
    if o.out:
        with open(o.out, "w", encoding="utf-8") as out:
            out.write(text + "\n")


main()
