# SPDX-License-Identifier: MIT
"""Compares the speed of libcatdog with other libraries, its peers. Prints Markdown tables.

First selects the best setting of each peer for each network: runs each candidate of settings.py
once. --choices keeps the selection for the next run. Then runs rounds of measurements, which
alternate between libcatdog ("ours") and each peer. The tables show the medians and their ratios."""
import argparse
import datetime
import json
import os
import sys

import measure
import models
import settings
import tables

KINDS = {"train": settings.TRAIN, "infer": settings.INFER}
METRICS = {"train": ("train_images_per_second",),
           "infer": ("predict_images_per_second", "latency_ms")}


def command_line():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catdog", default="build/catdog", help="our program; none: peers only")
    parser.add_argument("--only", choices=KINDS, help="training or inference alone")
    parser.add_argument("--presets", default=",".join(models.PRESETS))
    parser.add_argument("--peers", default="PyTorch,TensorFlow,ONNX Runtime,OpenVINO")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5, help="of one measurement in a round")
    parser.add_argument("--trial", type=float, default=2, help="seconds of a candidate's trial")
    parser.add_argument("--timeout", type=float, default=600, help="seconds; then it has failed")
    parser.add_argument("--choices", help="a file that keeps the best settings between runs")
    parser.add_argument("--fastest", action="store_true",
                        help="the fastest step instead of medians: for a machine that is not free")
    parser.add_argument("--isa", choices=("native", "avx2"), default="native")
    parser.add_argument("--out", help="write the tables to this file, too")
    o = parser.parse_args()
    o.presets = o.presets.split(",")
    o.peers = o.peers.split(",")
    if o.isa == "avx2":
        o.peers = [peer for peer in o.peers if peer in settings.AVX2_PEERS]
    return o


class Comparison:
    """The settings and results for one preset and one kind of measurement: training or
    inference."""

    def __init__(self, runner, canary, o, kind, preset):
        self.runner, self.canary, self.o = runner, canary, o
        self.kind, self.preset = kind, preset
        self.batch = models.PRESETS[preset][2] if kind == "train" else 64
        self.ours, self.results, self.failed = [], {}, {}
        self.best = {}  # {(peer, metric): Setting}

    def run_peer(self, setting, seconds):
        try:
            return self.runner.peer(setting, self.preset, self.batch, seconds)
        except measure.Failed as problem:
            self.failed[setting] = str(problem)
            print(f"{self.preset}: {setting.peer}, {setting.name}: {problem}", file=sys.stderr)
            return None

    def run_ours(self):
        if self.o.catdog != "none":
            try:
                self.ours.append(self.runner.ours(self.preset, self.batch, self.kind == "infer"))
            except measure.Failed as problem:
                sys.exit(f"{self.o.catdog} bench: {problem}")

    def choose(self, choices):
        """Selects the best setting of each peer for each metric. Takes a kept selection from
        `choices` if there is one; otherwise runs each candidate once and adds the selection to
        `choices`."""
        key = f"{self.o.isa} {self.kind} {self.preset}"
        kept = choices.setdefault(key, [])
        kept += self.try_all([p for p in self.o.peers if p not in {peer for peer, *_ in kept}])
        candidates = {(s.peer, s.name): s for s in KINDS[self.kind] if not s.default}
        self.best = {(peer, metric): candidates[peer, name]
                     for peer, metric, name in kept if (peer, name) in candidates
                     and peer in self.o.peers}
        defaults = [s for s in KINDS[self.kind] if s.default and s.peer in self.o.peers]
        wanted = list(dict.fromkeys(defaults + list(self.best.values())))
        self.results = {s: [] for s in sorted(wanted, key=lambda s: self.o.peers.index(s.peer))}

    def try_all(self, peers):
        trials = {s: self.run_peer(s, self.o.trial) for s in KINDS[self.kind]
                  if s.peer in peers and not s.default}
        best = []
        for peer in peers:
            able = [s for s, r in trials.items() if s.peer == peer and r and not tables.reduced(r)]
            for metric in METRICS[self.kind] if able else ():
                fastest = min(able, key=lambda s: tables.better(metric,
                                                                trials[s]["fastest"][metric]))
                best.append((peer, metric, fastest.name))
        return best

    def round(self):
        """Measures each peer, and libcatdog before each of them, so that changes of the machine's
        load affect all of them alike."""
        self.canary.look()
        peer = None
        for setting, results in self.results.items():
            if setting.peer != peer:
                self.run_ours()
            peer = setting.peer
            result = self.run_peer(setting, self.o.seconds)
            if result:
                results.append(result)
        self.run_ours()


def read_choices(path):
    if not path or not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    o = command_line()
    canary = measure.Canary()
    started = datetime.datetime.now(datetime.timezone.utc)
    load = [os.getloadavg()[0]]
    comparisons = [Comparison(measure.Runner(o), canary, o, kind, preset)
                   for kind in KINDS if o.only in (None, kind) for preset in o.presets]
    choices = read_choices(o.choices)
    for comparison in comparisons:
        print(f"{comparison.kind} {comparison.preset}: settings", file=sys.stderr, flush=True)
        comparison.choose(choices)
        if o.choices:
            with open(o.choices, "w", encoding="utf-8") as file:
                json.dump(choices, file, indent=1)
    for i in range(o.rounds):
        for comparison in comparisons:
            print(f"{comparison.kind} {comparison.preset}: round {i + 1}", file=sys.stderr,
                  flush=True)
            comparison.round()
            load.append(os.getloadavg()[0])
    canary.look()
    text = tables.render(o, comparisons, canary.seen, load, started)
    print(text)
    if o.out:
        with open(o.out, "w", encoding="utf-8") as out:
            out.write(text + "\n")


main()
