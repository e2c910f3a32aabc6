"""A sigmoid student with one bias column a layer: down the normalised gradient, in a new random direction, and with the noise of each synapse."""

import numpy as np

SIZES = [10, 20, 20, 6]
GAMMA1, GAMMA2, GAMMA3, T = 0.06, 1, 0.05, 1


def numpy(size, inputs):
    x = inputs["x"].reshape(-1, SIZES[0])
    target = inputs["target"].reshape(-1, SIZES[-1])
    ones = np.ones((len(x), 1))
    shapes = [(after, before + 1) for before, after in zip(SIZES, SIZES[1:])]
    ends = np.cumsum([rows * columns for rows, columns in shapes])
    synapses = ends[-1]

    def layers(w):
        return [part.reshape(shape) for part, shape in zip(np.split(w, ends[:-1]), shapes)]

    def gradient(w):
        weights, activities = layers(w), [np.hstack([x, ones])]
        for W in weights:
            h = 1 / (1 + np.exp(-activities[-1] @ W.T))
            activities.append(np.hstack([h, ones]))
        h = activities[-1][:, :-1]
        error = h - target
        slopes, delta = [], error * h * (1 - h)
        for W, before in zip(weights[::-1], activities[-2::-1]):
            slopes.append((delta.T @ before).ravel())
            h = before[:, :-1]
            delta = (delta @ W[:, :-1]) * h * (1 - h)
        return 0.5 * (error**2).sum(), np.concatenate(slopes[::-1])

    rng = np.random.default_rng(2)

    def unit():
        u = rng.standard_normal(synapses)
        return u / np.linalg.norm(u)

    def work():
        w = inputs["start"].copy()
        errors = np.empty(size)
        for cycle in range(size):
            errors[cycle], g = gradient(w)
            w += T * (-GAMMA1 * g / np.linalg.norm(g) + GAMMA2 * unit()) + GAMMA3 * np.sqrt(synapses * T) * unit()
        return errors

    return work, lambda errors: [errors[size // 2 :].mean()]
