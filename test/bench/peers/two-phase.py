"""A spiking 784-100-10 network taught by apical plateaus (Guerguiev, Lillicrap & Richards 2017), one pass over `size` pictures: each is
shown for a forward and a target phase of 50 ms in steps of 1 ms; means are over the last 20 ms; after each the weights change."""

import numpy as np

PIXELS, HIDDEN, CLASSES, PHASE, SETTLE = 784, 100, 10, 50, 30
TAU_L, TAU_S, G_L, G_B, G_T, TOP = 10.0, 3.0, 0.1, 0.6, 0.6, 0.2
K = G_B / (G_L + G_B)
LONG, SHORT = np.float32(np.exp(-1 / TAU_L)), np.float32(np.exp(-1 / TAU_S))
RATE_HIDDEN, RATE_OUTPUT = 0.6 * 20 / TOP, 0.1 * 20 / TOP**2


def check(result):
    return list(result)


def given(size, inputs):
    return (
        inputs["images"].reshape(size, PIXELS),
        inputs["labels"].astype(np.int64),
        [inputs["w0"].reshape(PIXELS, HIDDEN), inputs["w1"].reshape(HIDDEN, CLASSES)],
        inputs["feedback"].reshape(CLASSES, HIDDEN),
    )


def shares():
    """What a spike at each step adds to the mean potential that its sender makes over the window."""
    t = np.arange(PHASE)
    kappa = lambda x: (np.exp(-x / TAU_L) - np.exp(-x / TAU_S)) / (TAU_L - TAU_S)  # noqa: E731
    return np.array([kappa(t[max(s, SETTLE) :] - s).sum() / (PHASE - SETTLE) for s in t], np.float32)


def sigma(v):
    return 1 / (1 + np.exp(-v))


def slope(v):
    return TOP * sigma(v) * (1 - sigma(v))


def numpy(size, inputs):
    images, labels, start, feedback = given(size, inputs)
    share = shares()
    window = PHASE - SETTLE

    class Sums:
        """Long and short traces of what spikes bring."""

        def __init__(self, n):
            self.long, self.short = np.zeros(n, np.float32), np.zeros(n, np.float32)

        def step(self, brought):
            self.long = self.long * LONG + brought
            self.short = self.short * SHORT + brought
            return (self.long - self.short) / (TAU_L - TAU_S)

    def work():
        rng = np.random.default_rng(1)
        w0, w1 = [w.copy() for w in start]
        b0, b1 = np.zeros(HIDDEN, np.float32), np.zeros(CLASSES, np.float32)
        wrong, rates = 0, 0.0
        for k in range(size):
            p = (TOP / 255 * images[k]).astype(np.float32)
            basal, apical, out = Sums(HIDDEN), Sums(HIDDEN), Sums(CLASSES)
            v0, v1 = np.zeros(HIDDEN, np.float32), np.zeros(CLASSES, np.float32)
            spikes1 = np.zeros(CLASSES, bool)
            for target in (False, True):
                psp0, psp1 = np.zeros(PIXELS, np.float32), np.zeros(HIDDEN, np.float32)
                sums = [np.zeros(HIDDEN), np.zeros(HIDDEN), np.zeros(HIDDEN), np.zeros(CLASSES), np.zeros(CLASSES)]
                g1 = G_L + G_B + (G_T if target else 0)
                teach = np.where(np.arange(CLASSES) == labels[k], 8, -8) * G_T / g1 if target else 0
                for t in range(PHASE):
                    x = rng.random(PIXELS, np.float32) < p
                    vb = basal.step(w0[x].sum(0)) + b0
                    va = apical.step(feedback[spikes1].sum(0))
                    v0 = K * vb + (v0 - K * vb) * np.exp(-(G_L + G_B))
                    r0 = TOP * sigma(v0)
                    spikes0 = rng.random(HIDDEN, np.float32) < r0
                    vd = out.step(w1[spikes0].sum(0)) + b1
                    rest = G_B / g1 * vd + teach
                    v1 = rest + (v1 - rest) * np.exp(-g1)
                    r1 = TOP * sigma(v1)
                    spikes1 = rng.random(CLASSES, np.float32) < r1
                    psp0[x] += share[t]
                    psp1[spikes0] += share[t]
                    if t >= SETTLE:
                        for total, value in zip(sums, (vb, va, r0, vd, r1)):
                            total += value
                means = [total / window for total in sums]
                if not target:
                    forward, f0, f1 = means, psp0, psp1
            if k >= size / 2:
                wrong += int(np.argmax(forward[4]) != labels[k])
            rates += forward[2].mean()
            d0 = RATE_HIDDEN * K * (sigma(means[1]) - sigma(forward[1])) * slope(K * forward[0])
            d1 = RATE_OUTPUT * K * (means[4] - forward[4]) * slope(K * forward[3])
            w0 += np.outer(f0, d0).astype(np.float32)
            w1 += np.outer(f1, d1).astype(np.float32)
            b0 += d0.astype(np.float32)
            b1 += d1.astype(np.float32)
        return wrong / (size / 2), rates / size

    return work, check


def numba(size, inputs):
    import numba as nb

    images, labels, start, feedback = given(size, inputs)
    share = shares()
    window = PHASE - SETTLE
    inverse = np.float32(1 / (TAU_L - TAU_S))
    kept0 = np.float32(np.exp(-(G_L + G_B)))

    @nb.njit(fastmath=True)
    def learn(images, labels, w0, w1, feedback, share):
        np.random.seed(1)
        b0, b1 = np.zeros(HIDDEN, np.float32), np.zeros(CLASSES, np.float32)
        drive, who, spiked = np.zeros(HIDDEN, np.float32), np.zeros(PIXELS, np.int64), np.zeros(HIDDEN, np.int64)
        before = np.zeros(CLASSES, np.int64)
        f0, f1 = np.zeros(PIXELS, np.float32), np.zeros(HIDDEN, np.float32)
        sums = np.zeros((2, 3, HIDDEN))
        outs = np.zeros((2, 2, CLASSES))
        d0, d1 = np.zeros(HIDDEN, np.float32), np.zeros(CLASSES, np.float32)
        active, p = np.zeros(PIXELS, np.int64), np.zeros(PIXELS, np.float32)
        wrong, rates = 0, 0.0
        for k in range(len(labels)):
            shown = 0
            for j in range(PIXELS):
                if images[k, j] > 0:
                    active[shown] = j
                    p[shown] = TOP * images[k, j] / 255
                    shown += 1
            bl, bs = np.zeros(HIDDEN, np.float32), np.zeros(HIDDEN, np.float32)
            al, as_ = np.zeros(HIDDEN, np.float32), np.zeros(HIDDEN, np.float32)
            ol, os = np.zeros(CLASSES, np.float32), np.zeros(CLASSES, np.float32)
            v0, v1 = np.zeros(HIDDEN, np.float32), np.zeros(CLASSES, np.float32)
            f0[:] = 0
            f1[:] = 0
            sums[:] = 0
            outs[:] = 0
            returned = 0
            for target in range(2):
                g1 = G_L + G_B + G_T * target
                kept1 = np.float32(np.exp(-g1))
                for t in range(PHASE):
                    sent = 0
                    for a in range(shown):
                        if np.random.random() < p[a]:
                            who[sent] = active[a]
                            sent += 1
                    drive[:] = 0
                    for s in range(sent):
                        j = who[s]
                        for i in range(HIDDEN):
                            drive[i] += w0[j, i]
                    for i in range(HIDDEN):
                        bl[i] = bl[i] * LONG + drive[i]
                        bs[i] = bs[i] * SHORT + drive[i]
                    drive[:] = 0
                    for s in range(returned):
                        j = before[s]
                        for i in range(HIDDEN):
                            drive[i] += feedback[j, i]
                    count = 0
                    for i in range(HIDDEN):
                        al[i] = al[i] * LONG + drive[i]
                        as_[i] = as_[i] * SHORT + drive[i]
                        vb = (bl[i] - bs[i]) * inverse + b0[i]
                        v0[i] = K * vb + (v0[i] - K * vb) * kept0
                        r = TOP / (1 + np.exp(-v0[i]))
                        if np.random.random() < r:
                            spiked[count] = i
                            count += 1
                        if t >= SETTLE:
                            sums[target, 0, i] += vb
                            sums[target, 1, i] += (al[i] - as_[i]) * inverse
                            sums[target, 2, i] += r
                    if target == 0:
                        for s in range(sent):
                            f0[who[s]] += share[t]
                        for s in range(count):
                            f1[spiked[s]] += share[t]
                    returned = 0
                    for c in range(CLASSES):
                        brought = np.float32(0)
                        for s in range(count):
                            brought += w1[spiked[s], c]
                        ol[c] = ol[c] * LONG + brought
                        os[c] = os[c] * SHORT + brought
                        vd = (ol[c] - os[c]) * inverse + b1[c]
                        rest = G_B / g1 * vd + target * G_T / g1 * (8 if c == labels[k] else -8)
                        v1[c] = rest + (v1[c] - rest) * kept1
                        r = TOP / (1 + np.exp(-v1[c]))
                        if np.random.random() < r:
                            before[returned] = c
                            returned += 1
                        if t >= SETTLE:
                            outs[target, 0, c] += vd
                            outs[target, 1, c] += r
            if k >= len(labels) / 2 and np.argmax(outs[0, 1]) != labels[k]:
                wrong += 1
            for i in range(HIDDEN):
                rates += sums[0, 2, i] / window / HIDDEN
                s = 1 / (1 + np.exp(-K * sums[0, 0, i] / window))
                forward = 1 / (1 + np.exp(-sums[0, 1, i] / window))
                after = 1 / (1 + np.exp(-sums[1, 1, i] / window))
                d0[i] = RATE_HIDDEN * K * (after - forward) * TOP * s * (1 - s)
                b0[i] += d0[i]
            for c in range(CLASSES):
                s = 1 / (1 + np.exp(-K * outs[0, 0, c] / window))
                d1[c] = RATE_OUTPUT * K * (outs[1, 1, c] - outs[0, 1, c]) / window * TOP * s * (1 - s)
                b1[c] += d1[c]
            for j in range(PIXELS):
                if f0[j] != 0:
                    for i in range(HIDDEN):
                        w0[j, i] += f0[j] * d0[i]
            for i in range(HIDDEN):
                if f1[i] != 0:
                    for c in range(CLASSES):
                        w1[i, c] += f1[i] * d1[c]
        return wrong / (len(labels) / 2), rates / len(labels)

    def work():
        return learn(images, labels, start[0].copy(), start[1].copy(), feedback, share)

    return work, check
