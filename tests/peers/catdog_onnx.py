# SPDX-License-Identifier: MIT
"""Converts a model file (docs/reference/file-formats.md) to ONNX in NCHW layout and float32.

ONNX flattens a feature map in the order channel, height, width. The model file uses the order
height, width, channel. So the weights of the layers after a flatten layer are permuted."""
import json
from dataclasses import dataclass, replace

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

DTYPES = {"F32": "<f4", "F16": "<f2"}
ACTIVATIONS = {"relu": "Relu", "leaky_relu": "LeakyRelu", "sigmoid": "Sigmoid",
               "softmax": "Softmax"}


def read(path):
    """Reads a safetensors file. Returns (metadata, {name: float32 array})."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        values = file.read()
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        tensor = np.frombuffer(values[start:end], DTYPES[entry["dtype"]])
        tensors[name] = tensor.reshape(entry["shape"]).astype(np.float32)
    return metadata, tensors


@dataclass(frozen=True)
class Value:
    """The output of a layer in the ONNX graph. order: for each channel, the index of the same
    channel in the model file; None if the order is the same."""
    name: str
    height: int
    width: int
    channels: int
    flat: bool = False  # (n, c) instead of (n, c, h, w)
    order: tuple | None = None


class Exporter:
    def __init__(self, tensors):
        self.tensors, self.nodes, self.constants = tensors, [], []

    def constant(self, value):
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator, *inputs, **attributes):
        name = f"{operator}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def vector(self, x, name):
        """Returns the tensor `name`, which has one value for each channel of x, in the order of
        x."""
        vector = self.tensors[name]
        return vector if x.order is None else vector[list(x.order)]

    def ordered(self, x):
        if x.order is None:
            return x
        back = self.constant(np.argsort(x.order).astype(np.int64))
        return replace(x, name=self.node("Gather", x.name, back, axis=1), order=None)

    def as_map(self, x):
        if not x.flat:
            return x
        axes = self.constant(np.array([2, 3], np.int64))
        return replace(x, name=self.node("Unsqueeze", self.ordered(x).name, axes), flat=False,
                       order=None)

    def as_flat(self, x):
        if x.flat:
            return x
        order = np.arange(x.height * x.width * x.channels)
        order = order.reshape(x.height, x.width, x.channels).transpose(2, 0, 1).ravel()
        return Value(self.node("Flatten", x.name), 1, 1, order.size, True,
                     None if x.height == x.width == 1 else tuple(order.tolist()))

    def activated(self, layer, x):
        kind = layer["activation"]
        if kind == "none":
            return x
        attributes = {"leaky_relu": {"alpha": layer.get("alpha")}, "softmax": {"axis": 1}}
        name = self.node(ACTIVATIONS[kind], x.name, **attributes.get(kind, {}))
        return replace(x, name=name)

    def bias(self, layer):
        return [self.constant(self.tensors[layer["name"] + "/bias"])] if layer["bias"] else []

    def windowed(self, operator, layer, x, size, channels, *constants, **attributes):
        (kh, kw), (sh, sw), (top, bottom, left, right) = size, layer["stride"], layer["padding"]
        name = self.node(operator, x.name, *constants, kernel_shape=[kh, kw], strides=[sh, sw],
                         pads=[top, left, bottom, right], **attributes)
        return Value(name, (x.height + top + bottom - kh) // sh + 1,
                     (x.width + left + right - kw) // sw + 1, channels)

    def conv2d(self, layer, x):
        kernel = self.constant(self.tensors[layer["name"] + "/kernel"].transpose(3, 2, 0, 1))
        y = self.windowed("Conv", layer, self.as_map(x), layer["kernel"], layer["filters"], kernel,
                          *self.bias(layer))
        return self.activated(layer, y)

    def max_pool2d(self, layer, x):
        return self.windowed("MaxPool", layer, self.as_map(x), layer["pool"], x.channels)

    def average_pool2d(self, layer, x):
        return self.windowed("AveragePool", layer, self.as_map(x), layer["pool"], x.channels,
                             count_include_pad=0)

    def global_average_pool2d(self, _, x):
        return Value(self.node("GlobalAveragePool", self.as_map(x).name), 1, 1, x.channels)

    def flatten(self, _, x):
        return self.as_flat(x)

    def dense(self, layer, x):
        x = self.as_flat(x)
        kernel = self.constant(self.vector(x, layer["name"] + "/kernel"))
        y = Value(self.node("Gemm", x.name, kernel, *self.bias(layer)), 1, 1, layer["units"], True)
        return self.activated(layer, y)

    def activation(self, layer, x):
        return self.activated(layer, x)

    def dropout(self, _, x):
        return x

    def batch_norm(self, layer, x):
        vectors = [self.constant(self.vector(x, f"{layer['name']}/{what}"))
                   for what in ("gamma", "beta", "moving_mean", "moving_variance")]
        name = self.node("BatchNormalization", x.name, *vectors, epsilon=layer["epsilon"])
        return replace(x, name=name)

    def add(self, _, x, y):
        if x.flat != y.flat or x.order != y.order:
            x, y = self.ordered(self.as_flat(x)), self.ordered(self.as_flat(y))
        return replace(x, name=self.node("Add", x.name, y.name))


def export(path, batch=None):
    """Returns the ONNX model as bytes. batch: the fixed batch size, or None for any. The input is
    images that are already normalised. The model's metadata holds the preprocessing."""
    metadata, tensors = read(path)
    if "catdog.preprocess" not in metadata:
        raise SystemExit(f"{path}: this network does not see photos")
    first, *layers = json.loads(metadata["catdog.graph"])["layers"]
    shape = first["height"], first["width"], first["channels"]
    exporter, values = Exporter(tensors), {first["name"]: Value("x", *shape)}
    for layer in layers:
        inputs = [values[name] for name in layer["inputs"]]
        values[layer["name"]] = getattr(exporter, layer["type"])(layer, *inputs)
    last = exporter.ordered(exporter.as_flat(values[layers[-1]["name"]]))
    n = batch or "n"
    graph = helper.make_graph(
        exporter.nodes, "catdog",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [n, shape[2], *shape[:2]])],
        [helper.make_tensor_value_info(last.name, TensorProto.FLOAT, [n, last.channels])],
        exporter.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    helper.set_model_props(model, {"preprocess": metadata["catdog.preprocess"]})
    onnx.checker.check_model(model)
    return model.SerializeToString()
