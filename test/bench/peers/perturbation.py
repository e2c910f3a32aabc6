"""Weight and node perturbation of a linear network (Werfel, Xie & Seung 2005): 10 inputs, 5 outputs, a random teacher, noise 0.01, the
best rate of each rule; `size` trials for each of 20 seeds and both rules. Learning curves of all."""

import numpy as np

SEEDS, M, N, NOISE = 20, 5, 10, 0.01
NODE, WEIGHT = 0, 1


def check(curves):
    """Mean error of node and of weight perturbation: while they learn, and over the second half, where only the noise is left."""
    half = curves.shape[1] // 2
    node, weight = curves[:SEEDS], curves[SEEDS:]
    return [node[:, 100:300].mean(), weight[:, 500:1500].mean(), node[:, half:].mean(), weight[:, half:].mean()]


def learning(nb, normal):
    """One learning curve; `normal(rng)` draws."""

    @nb.njit(fastmath=True, nogil=True)
    def learn(rule, rng, curve):
        teacher = np.empty((M, N))
        for i in range(M):
            for j in range(N):
                teacher[i, j] = normal(rng) / np.sqrt(N)
        w = np.zeros((M, N))
        x, e, nudge, nudges = np.empty(N), np.empty(M), np.empty(M), np.empty((M, N))
        rate = 1 / ((M + 2) * (N + 2)) if rule == NODE else 1 / ((M * N + 2) * (N + 2))
        for trial in range(len(curve)):
            before = after = 0.0
            for j in range(N):
                x[j] = normal(rng)
            for i in range(M):
                error = 0.0
                for j in range(N):
                    error += (w[i, j] - teacher[i, j]) * x[j]
                e[i] = error
                before += 0.5 * error * error
            if rule == NODE:
                for i in range(M):
                    nudge[i] = normal(rng)
                    z = e[i] + NOISE * nudge[i]
                    after += 0.5 * z * z
                step = -rate * (after - before) / NOISE
                for i in range(M):
                    for j in range(N):
                        w[i, j] += step * nudge[i] * x[j]
            else:
                for i in range(M):
                    z = e[i]
                    for j in range(N):
                        nudges[i, j] = normal(rng)
                        z += NOISE * nudges[i, j] * x[j]
                    after += 0.5 * z * z
                step = -rate * (after - before) / NOISE
                for i in range(M):
                    for j in range(N):
                        w[i, j] += step * nudges[i, j]
            curve[trial] = before

    return learn


def numba_np_random(size, inputs):
    import numba as nb

    learn = learning(nb, nb.njit(lambda rng: np.random.standard_normal()))

    @nb.njit(parallel=True)
    def all_curves():
        curves = np.empty((2 * SEEDS, size))
        for k in nb.prange(2 * SEEDS):
            np.random.seed(k)
            learn(k // SEEDS, k, curves[k])
        return curves

    return all_curves, check


def with_generators(size, threads):
    """numba draws three to six times faster from a Generator, but prange can't share one: a thread for each."""
    from concurrent.futures import ThreadPoolExecutor

    import numba as nb

    learn = learning(nb, nb.njit(lambda rng: rng.standard_normal()))
    generators = np.random.default_rng(1).spawn(2 * SEEDS)
    pool = ThreadPoolExecutor(threads)

    def work():
        curves = np.empty((2 * SEEDS, size))
        list(pool.map(lambda k: learn(k // SEEDS, generators[k], curves[k]), range(2 * SEEDS)))
        return curves

    return work, check


def numba_Generator(size, inputs):
    return with_generators(size, 2)


def numba_Generator_1_thread(size, inputs):
    return with_generators(size, 1)
