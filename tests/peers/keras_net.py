# SPDX-License-Identifier: MIT
"""Builds a preset as a Keras model on TensorFlow, with the weights of models.py."""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras  # noqa: E402: after os.environ is set, which TensorFlow reads during its import
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

import models  # noqa: E402


def start(threads):
    """Sets the number of threads and full float32 precision. Returns name and version of the
    framework for the results."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    tf.config.set_visible_devices([], "GPU")
    keras.config.set_dtype_policy("float32")
    return {"framework": "TensorFlow", "version": tf.__version__, "keras": keras.__version__}


def build(preset, pool_first=False):
    """Returns the model. pool_first: apply ReLU after max pooling instead of before it. The result
    is the same, and ReLU processes only a quarter of the activations."""
    filters, units, *_ = models.PRESETS[preset]
    net = keras.Sequential([keras.Input((models.HEIGHT, models.WIDTH, models.CHANNELS))])
    for n in filters:
        net.add(layers.Conv2D(n, 3, activation=None if pool_first else "relu"))
        net.add(layers.MaxPooling2D(2))
        if pool_first:
            net.add(layers.ReLU())
    net.add(layers.Flatten())
    for n in units:
        net.add(layers.Dense(n, activation="relu"))
    net.add(layers.Dense(1, activation="sigmoid"))
    kernels, matrices = models.weights(preset)
    weighted = [layer for layer in net.layers if layer.weights]
    for layer, kernel in zip(weighted, kernels + matrices):
        layer.kernel.assign(kernel)
    return net
