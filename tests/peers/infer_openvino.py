# SPDX-License-Identifier: MIT
"""Measures prediction with one preset in OpenVINO.

By default, OpenVINO computes in bfloat16 if the CPU has instructions for it. --precision f32 sets
the precision that the other libraries use. --streams 2 predicts two batches at the same time, each
with one thread."""
import openvino as ov

import models
import onnx_net


def main():
    o = models.arguments(inference=True, precision=("default", "f32"), streams=("1", "2"),
                         hint=("LATENCY", "THROUGHPUT"))
    core = ov.Core()
    settings = {"INFERENCE_NUM_THREADS": o.threads, "PERFORMANCE_HINT": o.hint,
                "NUM_STREAMS": int(o.streams)}
    if o.precision == "f32":
        settings["INFERENCE_PRECISION_HINT"] = "f32"
    calls = {}

    def prepare(x):
        model = core.compile_model(core.read_model(onnx_net.build(o.preset, len(x)), b""), "CPU",
                                   settings)
        pictures = ov.Tensor(onnx_net.pictures(x))
        n = int(o.streams) if len(x) > 1 else 1
        requests = [model.create_infer_request() for _ in range(n)]
        for request in requests:
            request.set_input_tensor(pictures)

        def call():
            for request in requests:
                request.start_async()
            for request in requests:
                request.wait()
            return requests[0].get_output_tensor().data

        return call

    def predict(x):
        if id(x) not in calls:
            calls[id(x)] = x, prepare(x)
        return calls[id(x)][1]()

    models.report_inference(o, predict, n_requests=int(o.streams), framework="OpenVINO",
                            version=ov.__version__.split("-")[0])


main()
