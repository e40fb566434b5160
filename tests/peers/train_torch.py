# SPDX-License-Identifier: MIT
"""Measures training of one preset in PyTorch, with batches in memory. A step consists of the
forward pass, the loss, the backward pass and the Adam update."""
import torch
from torch.nn import functional as F

import models
import torch_net


def main():
    o = models.arguments(layout=("nchw", "nhwc"), adam=("default", "foreach", "fused"),
                         compile=False, pool_first=False)
    facts = torch_net.start(o.threads)
    net = torch_net.Net(o.preset, o.layout, o.pool_first)
    with torch.no_grad():
        facts["error"] = models.error(o.preset, lambda x: net(torch_net.tensor(x, o.layout)))
    adam = torch.optim.Adam(net.parameters(), lr=1e-4, fused=o.adam == "fused" or None,
                            foreach=o.adam == "foreach" or None)
    batches = [(torch_net.tensor(x, o.layout), torch.from_numpy(y))
               for x, y in models.batches(4, o.batch)]
    forward = torch.compile(net) if o.compile else net
    count = 0

    def step():
        nonlocal count
        x, y = batches[count % len(batches)]
        count += 1
        adam.zero_grad(set_to_none=True)
        F.mse_loss(forward(x), y).backward()
        adam.step()

    models.report_training(o, models.time_steps(step, o.seconds), **facts)


main()
