import numpy as np


def numpy(size, inputs):
    rng = np.random.default_rng(1)
    return lambda: rng.poisson(5, size), lambda counts: [counts.mean(), counts.var(ddof=1)]
