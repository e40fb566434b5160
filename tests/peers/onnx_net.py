# SPDX-License-Identifier: MIT
"""Builds a preset as an ONNX model in NCHW layout, with the weights of models.py."""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import models


def build(preset, batch=None):
    """Returns the model as bytes. batch: the fixed batch size, or None for any."""
    kernels, matrices = models.weights(preset)
    h, w, c = models.map_shape(preset)
    matrices[0] = matrices[0].reshape(h, w, c, -1).transpose(2, 0, 1, 3).reshape(h * w * c, -1)
    nodes, constants, x = [], [], "x"

    def constant(name, value):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(operator, *inputs, **attributes):
        name = f"{operator}{len(nodes)}"
        nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    for i, kernel in enumerate(kernels):
        x = add("Conv", x, constant(f"k{i}", kernel.transpose(3, 2, 0, 1)),
                constant(f"kb{i}", np.zeros(kernel.shape[3], np.float32)))
        x = add("MaxPool", add("Relu", x), kernel_shape=[2, 2], strides=[2, 2])
    x = add("Flatten", x)
    for i, matrix in enumerate(matrices):
        x = add("Gemm", x, constant(f"m{i}", matrix),
                constant(f"mb{i}", np.zeros(matrix.shape[1], np.float32)))
        x = add("Relu" if i + 1 < len(matrices) else "Sigmoid", x)
    shape = [batch or "n", models.CHANNELS, models.HEIGHT, models.WIDTH]
    graph = helper.make_graph(
        nodes, preset, [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, [batch or "n", 1])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def pictures(x):
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2))
