import numpy as np


def numpy(size, inputs):
    x = inputs["x"]
    out = x.copy()

    def work():
        np.copyto(out, x)
        return np.exp(out, out=out)

    return work, lambda values: [np.abs(values).mean()]
