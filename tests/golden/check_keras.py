#!/usr/bin/env python3
"""Repeat the two golden runs with Keras on TensorFlow in float64 and compare with golden_steps.h.

Not needed to build or test the library; it is the independent check of the
values that make_golden.py wrote.  usage: python check_keras.py   (see requirements.txt)
"""
import os
import re

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import golden_spec as g

keras.backend.set_floatx("float64")
L = layers


def model1():
    return keras.Sequential([
        L.Input(g.RUN1["input"][1:]),
        L.Conv2D(5, 3, activation="relu", name="c1"), L.MaxPooling2D(2),
        L.Conv2D(7, 3, activation="relu", name="c2"), L.MaxPooling2D(2),
        L.Flatten(), L.Dense(9, activation="relu", name="d1"),
        L.Dense(1, activation="sigmoid", name="d2")])


def model2():
    x = L.Input(g.RUN2["input"][1:])
    a = L.Conv2D(4, 3, strides=2, padding="same", name="ca")(x)
    a = L.ReLU()(L.BatchNormalization(momentum=0.99, epsilon=1e-3, name="bn")(a))
    a = L.Add()([a, L.Conv2D(4, 1, strides=2, name="cb")(x)])
    a = keras.ops.maximum(a, 0.1 * a)  # LeakyReLU(0.1); TensorFlow keeps its slope in float32
    a = L.AveragePooling2D(2)(a)
    a = L.Conv2D(6, 3, padding="same", activation="relu", name="cc")(a)
    return keras.Model(x, L.Dense(3, activation="softmax", name="d")(L.GlobalAveragePooling2D()(a)))


def variables(model, run):
    out = {}
    for name, _, _ in run["spec"]:
        layer, kind = name.rsplit("_", 1)
        out[name] = getattr(model.get_layer(layer), kind)
    return out


class PaperAdam:
    """Adam as the paper writes it; Keras's own puts epsilon in another place."""

    def __init__(self):
        self.t, self.m, self.v = 0, {}, {}

    def step(self, grads, params):
        self.t += 1
        for k, w in params.items():
            d = grads[k].numpy()
            self.m[k] = 0.9 * self.m.get(k, 0) + 0.1 * d
            self.v[k] = 0.999 * self.v.get(k, 0) + 0.001 * d * d
            w.assign_sub(1e-2 * (self.m[k] / (1 - 0.9 ** self.t))
                         / (np.sqrt(self.v[k] / (1 - 0.999 ** self.t)) + 1e-8))


class Momentum:
    """SGD as keras.optimizers.SGD(0.05, momentum=0.9) computes it.

    That class itself gives the same values within 6e-9: it keeps its
    learning rate in float32.
    """

    def __init__(self):
        self.v = {}

    def step(self, grads, params):
        for k, w in params.items():
            self.v[k] = 0.9 * self.v.get(k, 0) - 0.05 * grads[k].numpy()
            w.assign_add(self.v[k])


def train(run, model, opt, loss_of):
    x = tf.constant(g.make_input(run["input"]))
    p = variables(model, run)
    init = g.make_params(run["spec"])
    for k, w in p.items():
        w.assign(init[k])
    res = dict(loss=[], grad=None, init=init)
    for _ in range(g.STEPS):
        with tf.GradientTape() as tape:
            loss = loss_of(model(x, training=True))
        grads = dict(zip(p, tape.gradient(loss, [w.value for w in p.values()])))
        res["loss"].append(float(loss))
        if res["grad"] is None:
            res["grad"] = {k: v.numpy() for k, v in grads.items()}
        opt.step(grads, p)
    res["end"] = {k: w.numpy() for k, w in p.items()}
    return x, res


def keras1():
    y = tf.constant(g.RUN1["labels"], tf.float64)
    loss_of = lambda out: tf.reduce_mean((out[:, 0] - y) ** 2)
    model = model1()
    x, res = train(g.RUN1, model, PaperAdam(), loss_of)
    out = model(x, training=False)
    res["loss_end"] = float(loss_of(out))
    res["extra"] = {"pred": out.numpy()[:, 0]}
    return res


def keras2():
    y = tf.constant(g.RUN2["labels"])
    loss_of = lambda out: tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, out))
    model = model2()
    x, res = train(g.RUN2, model, Momentum(), loss_of)
    bn = model.get_layer("bn")
    res["extra"] = {"pred_infer": model(x, training=False).numpy(),
                    "bn_running_mean": bn.moving_mean.numpy(),
                    "bn_running_var": bn.moving_variance.numpy()}
    out = model(x, training=True)  # after reading the running values, which this changes
    res["extra"]["pred_train"] = out.numpy()
    res["loss_end"] = float(loss_of(out))
    return res


def read_header(path):
    """name -> array of every "static const double" in the header"""
    with open(path) as f:
        text = f.read()
    found = re.findall(r"static const double (\w+)(?:\[\d+\])? = ([^;]*);", text)
    return {k: np.array([float(v) for v in re.findall(r"[-+0-9.e]+", vals)]) for k, vals in found}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    want = read_header(os.path.join(here, "golden_steps.h"))
    worst, unused = 0.0, set(want)
    print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}")
    for run, keras_run in ((g.RUN1, keras1), (g.RUN2, keras2)):
        res = keras_run()
        x = g.make_input(run["input"])
        got = {"input_head": x.ravel()[:8], "input_sum": [x.sum()], "loss": res["loss"],
               "loss_end": [res["loss_end"]]}
        got.update(res["extra"])
        for name, _, _ in run["spec"]:
            got.update({f"{name}_{w}": g.digest(res[w][name]) for w in ("init", "grad", "end")})
        for k, v in got.items():
            k = run["prefix"] + k
            unused.discard(k)
            d = np.abs(np.ravel(v) - want[k]).max() if np.size(v) == want[k].size else np.inf
            worst = max(worst, d)
            print(f"{k:24s} {d:.1e}")
    if unused or not worst < 1e-9:
        raise SystemExit(f"FAILED: largest difference {worst:.1e}, not compared: {sorted(unused)}")
    print(f"ok, largest difference {worst:.1e}")


if __name__ == "__main__":
    main()
