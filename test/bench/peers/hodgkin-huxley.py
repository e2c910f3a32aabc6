"""Spikes of Hodgkin and Huxley's axon at many constant currents: fourth-order Runge–Kutta, dt = 0.01 ms, 1 s from rest."""

import numpy as np

DT = 0.01  # ms
STEPS = 100_000
REST = dict(v=-64.9964, m=0.05296, h=0.59599, n=0.31773)


def currents(size):
    """size currents from 0.5 to 30 µA/cm²; at 60 they are 0.5 apart."""
    return 0.5 * np.arange(1, size + 1) * (60 / size)


def check(counts):
    """All spikes, and those at the current a third of the way up (10 µA/cm² of 60)."""
    return [counts.sum(), counts[len(counts) // 3 - 1]]


def Brian2(size, inputs):
    import brian2 as b2
    from brian2 import ms, second

    from compiled_brian import CompiledBrian

    program = CompiledBrian("hodgkin-huxley")
    b2.defaultclock.dt = DT * ms
    axons = b2.NeuronGroup(
        size,
        """
        dv/dt = (I - 120*m**3*h*(v - 50) - 36*n**4*(v + 77) - 0.3*(v + 54.387))/ms : 1
        dm/dt = (0.1*(v + 40)/(1 - exp(-(v + 40)/10))*(1 - m) - 4*exp(-(v + 65)/18)*m)/ms : 1
        dh/dt = (0.07*exp(-(v + 65)/20)*(1 - h) - h/(1 + exp(-(v + 35)/10)))/ms : 1
        dn/dt = (0.01*(v + 55)/(1 - exp(-(v + 55)/10))*(1 - n) - 0.125*exp(-(v + 65)/80)*n)/ms : 1
        I : 1
        """,
        method="rk4",
        threshold="v > 0",
        refractory="v > 0",
    )
    for name, value in REST.items():
        setattr(axons, name, value)
    axons.I = currents(size)
    spikes = b2.SpikeMonitor(axons, record=False)
    b2.run(1 * second)
    program.build()
    return program.run, lambda _: check(np.array(spikes.count[:]))


def numba(size, inputs):
    import numba as nb

    @nb.njit(fastmath=True)
    def rates(v, m, h, n, current):
        a = v + 40
        b = v + 55
        dv = current - 120 * m**3 * h * (v - 50) - 36 * n**4 * (v + 77) - 0.3 * (v + 54.387)
        dm = 0.1 * a / (1 - np.exp(-a / 10)) * (1 - m) - 4 * np.exp(-(v + 65) / 18) * m
        dh = 0.07 * np.exp(-(v + 65) / 20) * (1 - h) - h / (1 + np.exp(-(v + 35) / 10))
        dn = 0.01 * b / (1 - np.exp(-b / 10)) * (1 - n) - 0.125 * np.exp(-(v + 65) / 80) * n
        return dv, dm, dh, dn

    v0, m0, h0, n0 = REST.values()

    @nb.njit(fastmath=True, parallel=True)
    def spikes(current, steps, dt):
        counts = np.zeros(len(current), np.int64)
        for j in nb.prange(len(current)):
            v, m, h, n = v0, m0, h0, n0
            for _ in range(steps):
                v1, m1, h1, n1 = rates(v, m, h, n, current[j])
                v2, m2, h2, n2 = rates(v + dt / 2 * v1, m + dt / 2 * m1, h + dt / 2 * h1, n + dt / 2 * n1, current[j])
                v3, m3, h3, n3 = rates(v + dt / 2 * v2, m + dt / 2 * m2, h + dt / 2 * h2, n + dt / 2 * n2, current[j])
                v4, m4, h4, n4 = rates(v + dt * v3, m + dt * m3, h + dt * h3, n + dt * n3, current[j])
                after = v + dt / 6 * (v1 + 2 * v2 + 2 * v3 + v4)
                m += dt / 6 * (m1 + 2 * m2 + 2 * m3 + m4)
                h += dt / 6 * (h1 + 2 * h2 + 2 * h3 + h4)
                n += dt / 6 * (n1 + 2 * n2 + 2 * n3 + n4)
                if v < 0 <= after:
                    counts[j] += 1
                v = after
        return counts

    current = currents(size)
    return lambda: spikes(current, STEPS, DT), check
