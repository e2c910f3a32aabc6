import numpy as np


def numpy(size, inputs):
    rng = np.random.default_rng(1)
    return lambda: rng.permutation(size), lambda order: [order.mean(), order[: size // 2].mean()]
