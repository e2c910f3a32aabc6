"""A rate network with sparse Hebbian connections: `steps` Euler steps of dt/tau = 0.025 with the input of the first pattern."""

import numpy as np

STEPS = 400
STEP = 0.5 / 20
RATE_MAX, STEEPNESS, CENTRE = 76.2178, 0.823561, 2.462552


def network(size, inputs):
    """Columns, weights and the first column of each row; rates at the start, input, and the pattern that overlaps are taken with."""
    columns, weights = inputs["columns"], inputs["weights"]
    first = np.arange(0, len(columns) + 1, len(columns) // size)
    return columns, weights, first, inputs["start"], inputs["input"], inputs["pattern"]


def check(pattern):
    def of(rates):
        rates = np.asarray(rates, float)
        overlap = (pattern * rates).mean() / np.sqrt((pattern**2).mean() * rates.var())
        return [rates.mean(), overlap]

    return of


def scipy(size, inputs):
    from scipy.sparse import csr_matrix

    columns, weights, first, start, drive, pattern = network(size, inputs)
    connections = csr_matrix((weights.astype(float), columns, first), shape=(size, size))

    def work():
        rates = start.astype(float)
        for _ in range(STEPS):
            field = drive + connections @ rates
            rates += STEP * (RATE_MAX / (1 + np.exp(-STEEPNESS * (field - CENTRE))) - rates)
        return rates

    return work, check(pattern)


def torch(size, inputs):
    import warnings

    import torch as th

    # it says that this format is in beta
    warnings.filterwarnings("ignore")
    columns, weights, first, start, drive, pattern = network(size, inputs)
    single = lambda array: th.from_numpy(array.astype(np.float32))
    index = lambda array: th.from_numpy(array.astype(np.int32))
    connections = th.sparse_csr_tensor(index(first), index(columns), single(weights), size=(size, size))
    rates_at_start, drive = single(start), single(drive)

    def work():
        rates = rates_at_start.clone()
        for _ in range(STEPS):
            field = drive + connections.mv(rates)
            rates += STEP * (RATE_MAX * th.sigmoid(STEEPNESS * (field - CENTRE)) - rates)
        return rates

    return work, check(pattern)
