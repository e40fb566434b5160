# SPDX-License-Identifier: MIT
"""Measures prediction with one preset in Keras on TensorFlow.

Runs predict_on_batch, or a tf.function whose variables are frozen to constants."""
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

import models
import keras_net


def frozen(net, batch, o):
    shape = tf.TensorSpec((batch, models.HEIGHT, models.WIDTH, models.CHANNELS), tf.float32)
    function = tf.function(lambda x: net(x, training=False), jit_compile=o.xla)
    if o.xla:
        return function
    return convert_variables_to_constants_v2(function.get_concrete_function(shape))


def main():
    o = models.arguments(inference=True, mode=("keras", "frozen"), xla=False, pool_first=False)
    facts = keras_net.start(o.threads)
    net = keras_net.build(o.preset, o.pool_first)
    net.compile(jit_compile=True if o.xla else "auto")
    calls = {}

    def prepare(x):
        if o.mode == "keras":
            return lambda: net.predict_on_batch(x)
        function, pictures = frozen(net, len(x), o), tf.constant(x)

        def call():
            y = function(pictures)
            return (y[0] if isinstance(y, (list, tuple)) else y).numpy()

        return call

    def predict(x):
        if id(x) not in calls:
            calls[id(x)] = x, prepare(x)
        return calls[id(x)][1]()

    models.report_inference(o, predict, **facts)


main()
