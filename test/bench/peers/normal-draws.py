import numpy as np


def numpy(size, inputs):
    rng = np.random.default_rng(1)
    numbers = np.empty(size)

    def work():
        return rng.standard_normal(out=numbers)

    def check(numbers):
        first = numbers[:1_000_000]
        return [first.mean(), first.std(ddof=1)]

    return work, check
