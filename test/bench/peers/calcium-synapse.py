"""Graupner and Brunel's synapse (2012), set DP: 60 pairs of spikes at 1 Hz for each of 41 time differences, `size` synapses each, half of
them DOWN at first and half UP; Euler–Maruyama steps of 0.1 ms for 60 s. The change of the mean strength at each time difference."""

import numpy as np

TAU, RHO_STAR, GAMMA_D, GAMMA_P, SIGMA = 150e3, 0.5, 200.0, 321.808, 2.8284  # ms
TAU_CA, C_PRE, C_POST, THETA_D, THETA_P, DELAY = 20.0, 1.0, 2.0, 1.0, 1.3, 13.7
BETA, B = 0.5, 5.0
DT, STEPS = 0.1, 600_000
DIFFERENCES = np.arange(-60, 61, 3.0)
PULL = DT / TAU
NOISE = np.sqrt(DT) * SIGMA / np.sqrt(TAU)


def thresholds(difference):
    """At each step how many of the two thresholds the calcium is above."""
    from scipy.signal import lfilter

    spikes = np.zeros(STEPS)
    for pair in range(60):
        spikes[round((pair * 1000 + 100 + DELAY) / DT)] += C_PRE
        spikes[round((pair * 1000 + 100 + difference) / DT)] += C_POST
    calcium = lfilter([1], [1, -np.exp(-DT / TAU_CA)], spikes)
    return (calcium > THETA_D).astype(np.int8) + (calcium > THETA_P)


def check(rho):
    """Mean change over the differences below 0 and over those above; rho is differences × synapses."""
    half = rho.shape[1] // 2
    up = (rho[:, :half] > RHO_STAR).mean(1)
    down = (rho[:, half:] < RHO_STAR).mean(1)
    after = (1 - up) * BETA + down * (1 - BETA) + B * (up * BETA + (1 - down) * (1 - BETA))
    change = after / (BETA + (1 - BETA) * B)
    return [change[DIFFERENCES < 0].mean(), change[DIFFERENCES > 0].mean()]


def at_first(size):
    return np.repeat([0.0, 1.0], size // 2)


def numpy(size, inputs):
    above = np.stack([thresholds(difference) for difference in DIFFERENCES], axis=1)
    rng = np.random.default_rng(0)

    def work():
        rho = np.tile(at_first(size), (len(DIFFERENCES), 1))
        for now in above:
            drift = -rho * (1 - rho) * (RHO_STAR - rho)
            if now.any():
                n = now[:, None]
                drift += GAMMA_P * (1 - rho) * (n > 1) - GAMMA_D * rho * (n > 0)
                rho = rho + PULL * drift + NOISE * np.sqrt(n) * rng.standard_normal(rho.shape)
            else:
                rho = rho + PULL * drift
        return rho

    return work, check


def numba(size, inputs):
    from concurrent.futures import ThreadPoolExecutor

    import numba as nb

    @nb.njit(fastmath=True, nogil=True)
    def simulate(above, rho, rng):
        for trial in range(len(rho)):
            r = rho[trial]
            for now in above:
                drift = -r * (1 - r) * (RHO_STAR - r)
                if now > 0:
                    drift -= GAMMA_D * r
                    if now > 1:
                        drift += GAMMA_P * (1 - r)
                    r += PULL * drift + NOISE * np.sqrt(float(now)) * rng.standard_normal()
                else:
                    r += PULL * drift
            rho[trial] = r

    above = [thresholds(difference) for difference in DIFFERENCES]
    generators = np.random.default_rng(0).spawn(len(above))
    # a Generator is faster than numba's own np.random, but prange can't share one: a thread for each
    pool = ThreadPoolExecutor(2)
    # compiled before time is taken
    simulate(above[0][:1], at_first(2), generators[0])

    def work():
        rho = np.tile(at_first(size), (len(above), 1))
        list(pool.map(simulate, above, rho, generators))
        return rho

    return work, check


def exact_steps(difference):
    """The minute as one Gaussian map a pair: ρ -> gain ρ + shift + noise z, after a stay in the wells (its factor exp(-t / 2τ))."""
    pair = sorted([(100 + DELAY, C_PRE), (100 + difference, C_POST)])
    pieces, calcium = [], 0.0  # of one period: (duration, thresholds that calcium is above)
    for (time, jump), (following, _) in zip(pair, [pair[1], (pair[0][0] + 1000, 0)]):
        calcium += jump
        free = following - time
        high, low = (min(free, max(0.0, TAU_CA * np.log(calcium / theta))) for theta in (THETA_P, THETA_D))
        pieces += [(high, 2), (low - high, 1), (free - low, 0)]
        calcium *= np.exp(-free / TAU_CA)
    gain, shift, variance = 1.0, 0.0, 0.0
    for duration, n in pieces:
        if n > 0 and duration > 0:
            rate = GAMMA_D + (GAMMA_P if n > 1 else 0)
            a = np.exp(-rate * duration / TAU)
            shift = a * shift + (1 - a) * (GAMMA_P / rate if n > 1 else 0)
            gain, variance = a * gain, a * a * variance + SIGMA**2 * n * (1 - a * a) / (2 * rate)
    return gain, shift, np.sqrt(variance)


def numpy_exact_steps(size, inputs):
    rng = np.random.default_rng(0)

    def work():
        gain, shift, noise = np.array([exact_steps(difference) for difference in DIFFERENCES]).T[:, :, None]
        rho = np.tile(at_first(size), (len(DIFFERENCES), 1))
        for _ in range(60):
            v = rho - 0.5
            q = 4 * v * v
            v /= np.sqrt(q + (1 - q) * np.exp(-1000 / (2 * TAU)))
            rho = gain * (v + 0.5) + shift + noise * rng.standard_normal(rho.shape)
        return rho

    return work, check
