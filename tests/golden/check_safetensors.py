"""Reads a model file of this library with the reference implementation and checks its contents.

    pip install numpy safetensors   (versions: requirements.txt)
    python check_safetensors.py MODEL.safetensors [COPY.safetensors]

The safetensors package must read the file, its tensors must match the graph in the metadata, and
their values must be finite. With COPY, the package writes the same tensors and metadata to COPY.
The library must load that file too (`catdog info COPY.safetensors`).
"""
import json
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file


def expected_shapes(layers):
    """Parameter shapes by name, worked out from the layers apart from the library."""
    channels, flat, shapes = {}, {}, {}
    for layer in layers:
        name, kind = layer["name"], layer["type"]
        source = layer.get("inputs", [None])[0]
        ci = channels.get(source)
        hw = flat.get(source)
        if kind == "input":
            channels[name], flat[name] = layer["channels"], (layer["height"], layer["width"])
            continue
        channels[name], flat[name] = ci, hw
        if kind in ("conv2d", "max_pool2d", "average_pool2d"):
            window = layer["kernel" if kind == "conv2d" else "pool"]
            top, bottom, left, right = layer["padding"]
            flat[name] = ((hw[0] + top + bottom - window[0]) // layer["stride"][0] + 1,
                          (hw[1] + left + right - window[1]) // layer["stride"][1] + 1)
        if kind == "conv2d":
            channels[name] = layer["filters"]
            shapes[name + "/kernel"] = [*layer["kernel"], ci, layer["filters"]]
        elif kind == "dense":
            channels[name] = layer["units"]
            shapes[name + "/kernel"] = [ci, layer["units"]]
        elif kind == "flatten":
            channels[name], flat[name] = ci * hw[0] * hw[1], (1, 1)
        elif kind == "global_average_pool2d":
            flat[name] = (1, 1)
        elif kind == "batch_norm":
            for role in ("gamma", "beta", "moving_mean", "moving_variance"):
                shapes[f"{name}/{role}"] = [ci]
        if layer.get("bias"):
            shapes[name + "/bias"] = [channels[name]]
    return shapes


def main():
    tensors = {}
    with safe_open(sys.argv[1], framework="numpy") as file:
        metadata = file.metadata()
        for name in file.keys():
            tensors[name] = file.get_tensor(name)
    assert metadata["catdog.version"] == "1"
    layers = json.loads(metadata["catdog.graph"])["layers"]
    shapes = expected_shapes(layers)
    assert shapes.keys() == tensors.keys(), shapes.keys() ^ tensors.keys()
    for name, tensor in tensors.items():
        assert tensor.dtype == np.float32 or (tensor.dtype == np.float16 and tensor.ndim > 1), name
        assert list(tensor.shape) == shapes[name], name
        assert np.isfinite(tensor).all(), name
        print(f"{name:40} {tensor.dtype} {list(tensor.shape)}")
    if "catdog.classes" in metadata:
        print("classes:", ", ".join(json.loads(metadata["catdog.classes"])))
    if len(sys.argv) > 2:
        save_file(tensors, sys.argv[2], metadata=metadata)
    print("ok:", len(tensors), "tensors,", sum(t.size for t in tensors.values()), "values")


if __name__ == "__main__":
    main()
