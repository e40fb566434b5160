# SPDX-License-Identifier: MIT
"""Runs one measurement of libcatdog or of a peer in a separate process, and describes the
machine."""
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import threading

import settings

HERE = pathlib.Path(__file__).resolve().parent


class Failed(Exception):
    pass


def read(file):
    file.seek(0)
    return file.read().decode(errors="replace").strip().splitlines()


class Runner:
    def __init__(self, o):
        self.o = o
        self.common = settings.SINGLE | {"OMP_NUM_THREADS": str(o.threads)}
        if o.isa == "avx2":
            self.common |= settings.AVX2 | {"CATDOG_KERNELS": "avx2"}

    def run(self, command, environment):
        """Runs the command. Returns the last line of JSON that it prints, with the peak memory of
        the process added as peak_mb."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(command, stdout=out, stderr=errors,
                                           env=os.environ | self.common | environment)
            except OSError as problem:
                raise Failed(str(problem)) from problem
            alarm = threading.Timer(self.o.timeout, process.kill)
            alarm.start()
            _, status, usage = os.wait4(process.pid, 0)
            alarm.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            lines = [line for line in read(out) if line.startswith("{")]
            if process.returncode != 0 or not lines:
                raise Failed((read(errors) or [f"exit status {process.returncode}"])[-1])
            return json.loads(lines[-1]) | {"peak_mb": usage.ru_maxrss / 1024}

    def ours(self, preset, batch, inference):
        command = [self.o.catdog, "bench", preset, "--batch-size", str(batch), "--threads",
                   str(self.o.threads), "--json"] + ["--inference"] * inference
        result = self.run(command, {})
        result["fastest"] = {"latency_ms": result["best_latency_ms"]}
        for kind in ("train", "predict"):
            ms = result["best_train_step_ms" if kind == "train" else "best_predict_ms"]
            if ms:
                result["fastest"][f"{kind}_images_per_second"] = 1e3 * batch / ms
        return result

    def peer(self, setting, preset, batch, seconds):
        command = [sys.executable, str(HERE / setting.worker), preset, "--batch", str(batch),
                   "--threads", str(self.o.threads), "--seconds", str(seconds)]
        return self.run(command + list(setting.arguments), setting.environment)


class Canary:
    """Runs canary.c, which measures the GFLOP/s that two threads reach. A low value shows that
    other processes use the CPU."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.program = os.path.join(self.folder.name, "canary")
        build = ["cc", "-O2", "-funroll-loops", "-march=native", "-ffp-contract=fast", "-pthread",
                 str(HERE / "canary.c"), "-o", self.program]
        if "avx512f" in cpu_flags():
            build.insert(1, "-mprefer-vector-width=512")
        self.works = subprocess.run(build, capture_output=True).returncode == 0
        self.seen = []

    def look(self):
        if self.works:
            self.seen.append(float(subprocess.run([self.program], capture_output=True).stdout))


def cpu_lines(key):
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return [x.split(":", 1)[1].strip() for x in lines if x.startswith(key)]
    except OSError:
        return []


def cpu_flags():
    return (cpu_lines("flags") or cpu_lines("Features") or [""])[0].split()


def huge_pages():
    try:
        text = pathlib.Path("/sys/kernel/mm/transparent_hugepage/enabled").read_text()
        return text.split("[")[1].split("]")[0]
    except (OSError, IndexError):
        return "none"


def machine():
    model = (cpu_lines("model name") or [platform.machine()])[0]
    best = [x for x in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if x in cpu_flags()]
    return (f"{model}, {os.cpu_count()} CPUs, {' '.join(best)}; {platform.system()} "
            f"{platform.release()}, transparent huge pages: {huge_pages()}")
