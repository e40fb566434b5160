# SPDX-License-Identifier: MIT
"""Formats the results of compare.py as Markdown."""
import statistics

import measure

TITLES = {
    "train_images_per_second": "Training, images per second",
    "predict_images_per_second": "Prediction, batch 64, images per second",
    "latency_ms": "Prediction, batch 1, milliseconds",
}


def reduced(result):
    """Returns whether the error shows that the peer computed in a lower precision than float32."""
    return result["error"] > 5e-5


def better(metric, value):
    """Returns a sort key that is smaller for a better value of the metric."""
    return value if metric == "latency_ms" else -value


def figure(results, metric, fastest):
    """Returns the median of the rounds' medians or, if `fastest`, the best value of all rounds."""
    if not results:
        return None
    if fastest:
        return min((r["fastest"][metric] for r in results), key=lambda v: better(metric, v))
    return statistics.median(r[metric] for r in results)


def number(value):
    if value is None:
        return "-"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def ratio(metric, ours, theirs):
    if not ours or not theirs:
        return "-"
    return f"{theirs / ours if metric == 'latency_ms' else ours / theirs:.2f}"


def row(comparison, metric, peers, fastest):
    """Returns the table cells of one preset, and a text that names the best settings."""
    figures = {s: figure(r, metric, fastest) for s, r in comparison.results.items() if r}
    ours = figure(comparison.ours, metric, fastest)
    cells, defaults, bests = [], [], []
    for peer in peers:
        default = next((s for s in figures if s.peer == peer and s.default), None)
        best = comparison.best.get((peer, metric))
        star = "*" if default and reduced(comparison.results[default][0]) else ""
        able = [s for s in (best, None if star else default) if s in figures]
        best = min(able, default=None, key=lambda s: better(metric, figures[s]))
        cells += [number(figures.get(default)) + star, number(figures.get(best))]
        if default and not star:
            defaults.append(figures[default])
        if figures.get(best):
            bests.append((better(metric, figures[best]), figures[best], best))
    top = min(bests, default=(0, None, None), key=lambda b: b[0])
    cells += [ratio(metric, ours, min(defaults, default=None, key=lambda v: better(metric, v))),
              ratio(metric, ours, top[1])]
    notes = "; ".join(f"{s.peer}: {s.name}" for _, _, s in bests)
    batch = 1 if metric == "latency_ms" else comparison.batch
    return [comparison.preset, str(batch), number(ours)] + cells, notes


def table(comparisons, metric, peers, fastest):
    head = ["network", "batch", "ours"]
    for peer in peers:
        head += [f"{peer}, default", f"{peer}, best"]
    head += ["ours : best default", "ours : best of all"]
    lines, notes, star = [head, ["---"] * len(head)], [], False
    for comparison in comparisons:
        cells, note = row(comparison, metric, peers, fastest)
        star |= any(cell.endswith("*") for cell in cells)
        lines.append(cells)
        notes.append(f"- {comparison.preset}: {note}")
    text = [f"## {TITLES[metric]}", ""] + ["| " + " | ".join(line) + " |" for line in lines]
    if star:
        text += ["", "\\* in less than single precision (see the errors below); not in a ratio."]
    return "\n".join(text + ["", "Best settings:", ""] + notes + [""])


def memory(comparisons, peers):
    """Returns a table of the peak memory of the training processes."""
    lines = []
    for c in comparisons:
        cells = [c.preset, number(figure(c.ours, "peak_mb", False))]
        for peer in peers:
            default = next((s for s in c.results if s.peer == peer and s.default), None)
            best = c.best.get((peer, "train_images_per_second"))
            cells += [number(figure(c.results.get(s), "peak_mb", False)) for s in (default, best)]
        lines.append(cells)
    head = ["network", "ours"] + [f"{p}, {which}" for p in peers for which in ("default", "best")]
    return "\n".join(["## Peak memory of the training process, MB", ""] +
                     ["| " + " | ".join(x) + " |" for x in [head, ["---"] * len(head)] + lines] +
                     [""])


def precision(comparisons):
    """Returns a list of the largest error of each setting, relative to double precision."""
    errors = {}
    for comparison in comparisons:
        for setting, results in comparison.results.items():
            for result in results:
                key = f"{setting.peer}, {setting.name}"
                errors[key] = max(errors.get(key, 0), result["error"])
    return "\n".join(["## Largest error of an output (0 .. 1) against double precision", ""] +
                     [f"- {key}: {value:.1e}" for key, value in sorted(errors.items())] + [""])


def versions(comparisons):
    seen = {f"{r['framework']} {r['version']}" for c in comparisons
            for results in c.results.values() for r in results}
    return ", ".join(sorted(seen))


def failures(comparisons):
    lines = [f"- {c.kind} {c.preset}: {s.peer}, {s.name}: {why}"
             for c in comparisons for s, why in c.failed.items()]
    return "\n".join(["## Did not run", ""] + lines + [""]) if lines else ""


def spread(values):
    return f"{min(values):.4g} to {max(values):.4g}" if values else "not measured"


def render(o, comparisons, canary, load, started):
    by_kind = {"train": ["train_images_per_second"],
               "infer": ["predict_images_per_second", "latency_ms"]}
    what = "the fastest steps" if o.fastest else "medians"
    parts = [
        f"# Ours and the peers, {started:%Y-%m-%d %H:%M} UTC", "",
        f"- {measure.machine()}",
        f"- {versions(comparisons)}",
        f"- {o.threads} threads, float32, instruction sets: {o.isa}; {what} of {o.rounds} "
        f"alternating rounds, each measurement {o.seconds:g} s in a process of its own",
        f"- bare multiply-adds on two threads, GFLOP/s: {spread(canary)}; "
        f"load average: {spread(load)}", ""]
    for kind, metrics in by_kind.items():
        these = [c for c in comparisons if c.kind == kind]
        peers = [p for p in o.peers if any(s.peer == p for c in these for s in c.results)]
        parts += [table(these, metric, peers, o.fastest) for metric in metrics if these]
        if kind == "train" and these:
            parts.append(memory(these, peers))
    return "\n".join(parts + [precision(comparisons), failures(comparisons)]).rstrip()
