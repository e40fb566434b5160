# SPDX-License-Identifier: MIT
"""Measures prediction with one preset in PyTorch: eager, frozen TorchScript, or torch.compile."""
import torch

import models
import torch_net


def main():
    o = models.arguments(inference=True, layout=("nchw", "nhwc"),
                         mode=("eager", "script", "compile"), pool_first=False)
    facts = torch_net.start(o.threads)
    net = torch_net.Net(o.preset, o.layout, o.pool_first).eval()
    with torch.inference_mode() if o.mode != "script" else torch.no_grad():
        forward = {"eager": lambda: net, "script": lambda: scripted(net, o),
                   "compile": lambda: torch.compile(net)}[o.mode]()
        inputs = {}

        def predict(x):
            if id(x) not in inputs:  # convert each input only once
                inputs[id(x)] = x, torch_net.tensor(x, o.layout)
            return forward(inputs[id(x)][1])

        models.report_inference(o, predict, **facts)


def scripted(net, o):
    example = torch_net.tensor(models.pictures(o.batch), o.layout)
    return torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net, example)))


main()
