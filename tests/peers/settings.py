# SPDX-License-Identifier: MIT
"""The settings in which each peer is measured: its default, and candidates for the best one."""
from dataclasses import dataclass, field

# glibc's malloc does not return freed memory to the system, and uses huge pages. Otherwise PyTorch
# spends much of each step on page faults.
KEEP_MEMORY = {"GLIBC_TUNABLES": ":".join((
    "glibc.malloc.hugetlb=1", "glibc.malloc.mmap_threshold=17179869184",
    "glibc.malloc.trim_threshold=17179869184", "glibc.malloc.top_pad=268435456"))}

# oneDNN must not replace float32 by a lower precision.
SINGLE = {"ONEDNN_DEFAULT_FPMATH_MODE": "STRICT"}

# Limits the libraries to AVX2. ONNX Runtime and OpenVINO have no such setting.
AVX2 = {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2", "XLA_FLAGS": "--xla_cpu_max_isa=AVX2"}
AVX2_PEERS = ("PyTorch", "TensorFlow")


@dataclass(frozen=True)
class Setting:
    peer: str
    name: str
    worker: str
    arguments: tuple = ()
    default: bool = False
    environment: dict = field(default_factory=lambda: KEEP_MEMORY, hash=False)


def default(peer, name, worker, *arguments):
    return Setting(peer, name, worker, arguments, True, {})


def candidate(peer, name, worker, arguments, **environment):
    return Setting(peer, name, worker, tuple(arguments.split()), False, KEEP_MEMORY | environment)


TRAIN = [
    default("PyTorch", "eager, NCHW, Adam", "train_torch.py"),
    candidate("PyTorch", "NCHW, fused Adam", "train_torch.py", "--adam fused"),
    candidate("PyTorch", "channels-last, foreach Adam", "train_torch.py",
              "--layout nhwc --adam foreach"),
    candidate("PyTorch", "channels-last, fused Adam", "train_torch.py",
              "--layout nhwc --adam fused"),
    candidate("PyTorch", "channels-last, fused Adam, ReLU after the pool", "train_torch.py",
              "--layout nhwc --adam fused --pool-first"),
    candidate("PyTorch", "compiled, NCHW, fused Adam", "train_torch.py", "--compile --adam fused"),
    candidate("PyTorch", "compiled, channels-last, fused Adam", "train_torch.py",
              "--compile --layout nhwc --adam fused"),
    default("TensorFlow", "Keras, train_on_batch", "train_keras.py"),
    candidate("TensorFlow", "Keras, XLA", "train_keras.py", "--xla"),
    candidate("TensorFlow", "tf.function", "train_keras.py", "--step tape"),
    candidate("TensorFlow", "tf.function, fused Adam", "train_keras.py",
              "--step tape --adam fused"),
    candidate("TensorFlow", "tf.function, fused Adam, ReLU after the pool", "train_keras.py",
              "--step tape --adam fused --pool-first"),
    candidate("TensorFlow", "tf.function, fused Adam, XLA", "train_keras.py",
              "--step tape --adam fused --xla"),
]

INFER = [
    default("PyTorch", "eager, NCHW", "infer_torch.py"),
    candidate("PyTorch", "eager, channels-last, ReLU after the pool", "infer_torch.py",
              "--layout nhwc --pool-first"),
    candidate("PyTorch", "TorchScript frozen, NCHW", "infer_torch.py", "--mode script"),
    candidate("PyTorch", "TorchScript frozen, channels-last", "infer_torch.py",
              "--mode script --layout nhwc"),
    candidate("PyTorch", "compiled, frozen, NCHW", "infer_torch.py", "--mode compile",
              TORCHINDUCTOR_FREEZING="1"),
    candidate("PyTorch", "compiled, frozen, channels-last", "infer_torch.py",
              "--mode compile --layout nhwc", TORCHINDUCTOR_FREEZING="1"),
    default("ONNX Runtime", "a session", "infer_onnxruntime.py"),
    candidate("ONNX Runtime", "a session", "infer_onnxruntime.py", ""),
    candidate("ONNX Runtime", "fixed batch, bound memory", "infer_onnxruntime.py",
              "--fixed --bind"),
    default("OpenVINO", "latency hint, its own precision", "infer_openvino.py"),
    candidate("OpenVINO", "float32, latency hint", "infer_openvino.py", "--precision f32"),
    candidate("OpenVINO", "float32, throughput hint, 1 stream", "infer_openvino.py",
              "--precision f32 --hint THROUGHPUT"),
    candidate("OpenVINO", "float32, throughput hint, 2 streams", "infer_openvino.py",
              "--precision f32 --hint THROUGHPUT --streams 2"),
    default("TensorFlow", "Keras, predict_on_batch", "infer_keras.py"),
    candidate("TensorFlow", "frozen function", "infer_keras.py", "--mode frozen"),
    candidate("TensorFlow", "frozen function, ReLU after the pool", "infer_keras.py",
              "--mode frozen --pool-first"),
    candidate("TensorFlow", "XLA", "infer_keras.py", "--mode frozen --xla"),
]
