"""Brian2 models compiled to one C++ program, so that a run's time is the program's own and Python stays out of it."""

import subprocess
import time
from pathlib import Path

import brian2 as b2

from peer import Timed

# Brian2's own clock counts the processor's time with one thread and the wall's with several; here it is always the wall's
START = "struct timespec bench_from, bench_to; clock_gettime(CLOCK_MONOTONIC, &bench_from);"
STOP = """
clock_gettime(CLOCK_MONOTONIC, &bench_to);
std::ofstream(brian::results_dir + "seconds.txt")
    << (bench_to.tv_sec - bench_from.tv_sec) + 1e-9 * (bench_to.tv_nsec - bench_from.tv_nsec);
"""


def peak_memory(pid):
    """Peak resident memory of a running process, in bytes; 0 when it is not to be had."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


class CompiledBrian:
    """Make one before the model, call build() after b2.run(...); run() is the work. The folder is made in the working folder."""

    def __init__(self, folder, threads=0):
        b2.BrianLogger.log_level_error()
        self.folder = Path(folder).absolute()
        b2.set_device("cpp_standalone", build_on_run=False)
        b2.prefs.devices.cpp_standalone.openmp_threads = threads
        b2.device.insert_code("before_network_run", START)
        b2.device.insert_code("after_network_run", STOP)

    def build(self):
        b2.device.build(directory=str(self.folder), run=False)
        # the first run through Brian2 itself: it marks the results as there
        b2.device.run()

    def run(self):
        """One run of the program; the seconds are those of the simulation alone, without reading its connections."""
        program = subprocess.Popen(["./main"], cwd=self.folder, stdout=subprocess.DEVNULL)
        memory = 0
        while program.poll() is None:
            memory = max(memory, peak_memory(program.pid))
            time.sleep(0.005)
        if program.returncode != 0:
            raise RuntimeError(f"the compiled program ended with {program.returncode}")
        seconds = float((self.folder / "results" / "seconds.txt").read_text())
        return Timed(None, seconds, memory)
