# SPDX-License-Identifier: MIT
"""Measures prediction with one preset in ONNX Runtime.

--fixed builds a model for each batch size instead of one model for all batch sizes. --bind binds
inputs and outputs to preallocated memory (IOBinding)."""
import onnxruntime as ort

import models
import onnx_net


def main():
    o = models.arguments(inference=True, fixed=False, bind=False)
    settings = ort.SessionOptions()
    settings.intra_op_num_threads = o.threads
    settings.inter_op_num_threads = 1
    settings.log_severity_level = 3
    sessions, calls = {}, {}

    def session(batch):
        if batch not in sessions:
            sessions[batch] = ort.InferenceSession(onnx_net.build(o.preset, batch), settings,
                                                   providers=["CPUExecutionProvider"])
        return sessions[batch]

    def prepare(x):
        run, pictures = session(len(x) if o.fixed else None), onnx_net.pictures(x)
        if not o.bind:
            return lambda: run.run(None, {"x": pictures})[0]
        binding = run.io_binding()
        binding.bind_cpu_input("x", pictures)
        binding.bind_output(run.get_outputs()[0].name, "cpu")

        def call():
            run.run_with_iobinding(binding)
            return binding.copy_outputs_to_cpu()[0]

        return call

    def predict(x):
        if id(x) not in calls:
            calls[id(x)] = x, prepare(x)
        return calls[id(x)][1]()

    models.report_inference(o, predict, framework="ONNX Runtime", version=ort.__version__)


main()
