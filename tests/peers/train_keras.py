# SPDX-License-Identifier: MIT
"""Measures training of one preset in Keras on TensorFlow, with batches in memory.

--step keras calls train_on_batch of a compiled model. --step tape calls a tf.function with a
gradient tape, and Keras' Adam or TensorFlow's fused Adam. --xla compiles the step with XLA."""
import numpy as np

import models
import keras_net
import keras
import tensorflow as tf


def keras_step(net, o):
    net.compile(optimizer=keras.optimizers.Adam(1e-4), loss="mse",
                jit_compile=True if o.xla else "auto")
    return lambda x, y: net.train_on_batch(x, y)


class FusedAdam:
    """Adam by TensorFlow's operator ApplyAdam, which updates a weight and both of its moment
    estimates in one pass."""

    def __init__(self, weights, rate):
        self.state = [(w, tf.Variable(tf.zeros_like(w)), tf.Variable(tf.zeros_like(w)))
                      for w in weights]
        self.powers = tf.Variable(1.0), tf.Variable(1.0)
        self.rate = rate

    def apply(self, gradients, weights):
        for power, beta in zip(self.powers, (0.9, 0.999)):
            power.assign(power * beta)
        for (w, m, v), gradient in zip(self.state, gradients):
            tf.raw_ops.ResourceApplyAdam(
                var=w.handle, m=m.handle, v=v.handle, beta1_power=self.powers[0],
                beta2_power=self.powers[1], lr=self.rate, beta1=0.9, beta2=0.999, epsilon=1e-7,
                grad=gradient)


def tape_step(net, o):
    weights = [v.value for v in net.trainable_variables]
    if o.adam == "fused":
        adam = FusedAdam(weights, 1e-4)
    else:
        adam = keras.optimizers.Adam(1e-4)
        adam.build(net.trainable_variables)
    variables = weights if o.adam == "fused" else net.trainable_variables

    @tf.function(jit_compile=o.xla)
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(net(x, training=True)[:, 0] - y))
        adam.apply(tape.gradient(loss, weights), variables)
        return loss

    return lambda x, y: step(x, y).numpy()


def main():
    o = models.arguments(step=("keras", "tape"), adam=("default", "fused"), xla=False,
                         pool_first=False)
    facts = keras_net.start(o.threads)
    net = keras_net.build(o.preset, o.pool_first)
    facts["error"] = models.error(o.preset, lambda x: net(x, training=False))
    batches = models.batches(4, o.batch)
    if o.step == "tape":
        batches = [(tf.constant(x), tf.constant(y)) for x, y in batches]
    else:
        batches = [(x, np.expand_dims(y, 1)) for x, y in batches]
    train = (tape_step if o.step == "tape" else keras_step)(net, o)
    count = 0

    def step():
        nonlocal count
        train(*batches[count % len(batches)])
        count += 1

    models.report_training(o, models.time_steps(step, o.seconds), **facts)


main()
