import numpy as np


def drawing(size, bits):
    rng = np.random.Generator(bits(1))
    numbers = np.empty(size)

    def check(numbers):
        first = numbers[:1_000_000]
        return [first.mean(), first.std(ddof=1)]

    return lambda: rng.standard_normal(out=numbers), check


def numpy(size, inputs):
    return drawing(size, np.random.PCG64)


def numpy_SFC64(size, inputs):
    return drawing(size, np.random.SFC64)
