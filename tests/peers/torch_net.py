# SPDX-License-Identifier: MIT
"""Builds a preset as a PyTorch module, with the weights of models.py."""
import torch
from torch import nn
from torch.nn import functional as F

import models

LAYOUTS = {"nchw": torch.contiguous_format, "nhwc": torch.channels_last}


def tensor(x, layout):
    """Converts images (n, h, w, c) to a tensor (n, c, h, w) in the given memory layout."""
    return torch.from_numpy(x).permute(0, 3, 1, 2).contiguous(memory_format=LAYOUTS[layout])


class Net(nn.Module):
    """A preset. pool_first: apply ReLU after max pooling instead of before it. The result is the
    same, and ReLU processes only a quarter of the activations."""

    def __init__(self, preset, layout="nchw", pool_first=False):
        super().__init__()
        kernels, matrices = models.weights(preset)
        self.nhwc = layout == "nhwc"
        self.pool_first = pool_first
        if not self.nhwc:
            h, w, c = models.map_shape(preset)
            matrices[0] = matrices[0].reshape(h, w, c, -1).transpose(2, 0, 1, 3)
            matrices[0] = matrices[0].reshape(h * w * c, -1)
        self.convolutions = nn.ModuleList(nn.Conv2d(*k.shape[2:], 3) for k in kernels)
        self.dense = nn.ModuleList(nn.Linear(*m.shape) for m in matrices)
        with torch.no_grad():
            for layer, kernel in zip(self.convolutions, kernels):
                layer.weight.copy_(torch.from_numpy(kernel).permute(3, 2, 0, 1))
                layer.bias.zero_()
            for layer, matrix in zip(self.dense, matrices):
                layer.weight.copy_(torch.from_numpy(matrix).T)
                layer.bias.zero_()
        self.to(memory_format=LAYOUTS[layout])

    def forward(self, x):
        for layer in self.convolutions:
            if self.pool_first:
                x = F.relu(F.max_pool2d(layer(x), 2))
            else:
                x = F.max_pool2d(F.relu(layer(x)), 2)
        x = (x.permute(0, 2, 3, 1) if self.nhwc else x).flatten(1)
        for layer in self.dense[:-1]:
            x = F.relu(layer(x))
        return torch.sigmoid(self.dense[-1](x)).squeeze(1)


def start(threads):
    """Sets the number of threads and full float32 precision. Returns name and version of the
    framework for the results."""
    torch.set_num_threads(threads)
    torch.set_float32_matmul_precision("highest")
    return {"framework": "PyTorch", "version": torch.__version__,
            "level": torch.backends.cpu.get_cpu_capability()}
