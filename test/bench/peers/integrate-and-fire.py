"""Brunel's network (2000): 8,000 excitatory and 2,000 inhibitory neurons, 800 + 200 inputs each, J = 0.1 mV, g = 5, external rate twice
the threshold rate, delay 1.5 ms, dt = 0.1 ms, 1 s. `size` neurons keep the numbers of inputs."""

import numpy as np

TAU, THETA, RESET = 20.0, 20.0, 10.0  # ms, mV, mV
J, G = 0.1, 5.0
INPUTS_E, INPUTS_I = 800, 200
DT, STEPS, DELAY, REFRACTORY = 0.1, 10_000, 15, 20  # ms, then steps
RATE_EXTERNAL = 2 * THETA / (J * INPUTS_E * TAU * 1e-3)  # Hz for each of INPUTS_E sources
MEAN_EXTERNAL = INPUTS_E * RATE_EXTERNAL * DT * 1e-3  # spikes a step


def connections(size, seed=1):
    """Sources and targets, one pair a synapse: every neuron draws its inputs with replacement."""
    rng = np.random.default_rng(seed)
    excitatory = size * 4 // 5
    pre = np.concatenate(
        [rng.integers(0, excitatory, (size, INPUTS_E)), rng.integers(excitatory, size, (size, INPUTS_I))], axis=1
    )
    return excitatory, pre.ravel().astype(np.int32), np.repeat(np.arange(size, dtype=np.int32), INPUTS_E + INPUTS_I)


def Brian2(size, inputs):
    import brian2 as b2
    from brian2 import Hz, ms, mV, second

    from compiled_brian import CompiledBrian

    program = CompiledBrian("integrate-and-fire", threads=2)
    b2.seed(1)
    b2.defaultclock.dt = DT * ms
    neurons = b2.NeuronGroup(
        size,
        "dv/dt = -v/(20*ms) : volt (unless refractory)",
        threshold="v > 20*mV",
        reset="v = 10*mV",
        refractory=2 * ms,
        method="exact",
    )
    excitatory, pre, post = connections(size)
    of_e = pre < excitatory
    excite = b2.Synapses(neurons, neurons, on_pre="v += 0.1*mV", delay=1.5 * ms)
    excite.connect(i=pre[of_e], j=post[of_e])
    inhibit = b2.Synapses(neurons, neurons, on_pre="v -= 0.5*mV", delay=1.5 * ms)
    inhibit.connect(i=pre[~of_e], j=post[~of_e])
    external = b2.PoissonInput(neurons, "v", INPUTS_E, RATE_EXTERNAL * Hz, J * mV)
    spikes = b2.SpikeMonitor(neurons, record=False)
    b2.Network(neurons, excite, inhibit, external, spikes).run(1 * second)
    program.build()
    return program.run, lambda _: [np.array(spikes.count[:]).mean()]


def numba(size, inputs):
    import numba as nb

    @nb.njit(fastmath=True)
    def simulate(first, targets, excitatory, steps, rng):
        n = len(first) - 1
        v = np.zeros(n)
        refractory = np.zeros(n, np.int32)
        arriving = np.zeros((DELAY + 1, n))
        firing = np.empty(n, np.int32)
        decay = np.exp(-DT / TAU)
        spikes = 0
        for step in range(steps):
            now = arriving[step % (DELAY + 1)]
            count = 0
            for i in range(n):
                jump = now[i] + J * rng.poisson(MEAN_EXTERNAL)
                now[i] = 0.0
                if refractory[i] > 0:
                    refractory[i] -= 1
                else:
                    v[i] = v[i] * decay + jump
                    if v[i] > THETA:
                        v[i] = RESET
                        refractory[i] = REFRACTORY
                        firing[count] = i
                        count += 1
            later = arriving[(step + DELAY) % (DELAY + 1)]
            for k in range(count):
                i = firing[k]
                weight = J if i < excitatory else -G * J
                for synapse in range(first[i], first[i + 1]):
                    later[targets[synapse]] += weight
            spikes += count
        return spikes / n

    excitatory, pre, post = connections(size)
    order = np.argsort(pre, kind="stable")
    targets = post[order]
    first = np.searchsorted(pre[order], np.arange(size + 1))
    rng = np.random.default_rng(3)
    return lambda: simulate(first, targets, excitatory, STEPS, rng), lambda rate: [rate]
