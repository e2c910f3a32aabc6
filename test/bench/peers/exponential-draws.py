import numpy as np


def numpy(size, inputs):
    rng = np.random.default_rng(1)
    numbers = np.empty(size)
    first = numbers[:1_000_000]
    return lambda: rng.standard_exponential(out=numbers), lambda _: [first.mean(), first.var(ddof=1)]
