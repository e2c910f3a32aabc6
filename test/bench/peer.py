"""The peer's side of the bench: runs one function of a peer file in this process and answers requests, one JSON line each.

python peer.py FILE FUNCTION

FUNCTION(size, inputs) prepares and gives two functions: `work()`, which is timed and repeated, and `check(result)`, which reads the numbers
to compare off its result, untimed. `inputs` is a dict of flat arrays. Work that takes its own time, as a compiled program does, gives
Timed(result, seconds, memory).
"""

import importlib.util
import json
import os
import statistics
import sys
import time
import traceback
from pathlib import Path
from typing import Any, NamedTuple


class Timed(NamedTuple):
    result: Any
    seconds: float
    # peak memory in bytes of the program that did the work
    memory: int


MOST_REPETITIONS = 200


def read_inputs(folder):
    if folder is None:
        return {}
    import numpy

    return {file.stem: numpy.load(file) for file in sorted(Path(folder).glob("*.npy"))}


def peak_memory():
    """Peak resident memory of this process, in bytes."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


class Side:
    def __init__(self, function):
        self.function = function
        self.memory = 0

    def prepare(self, size, folder=None):
        self.work, self.check = self.function(size, read_inputs(folder))
        return {}

    def run(self, at_least=0):
        """
        Repeats the work for at least so many seconds: the median of the repetitions by the wall clock and by the processor's (all threads
        together; None where another program did the work), and the numbers of the last.
        """
        seconds, processor = [], []
        while sum(seconds) < at_least and len(seconds) < MOST_REPETITIONS or not seconds:
            start, start_processor = time.perf_counter(), time.process_time()
            result = self.work()
            taken, taken_processor = time.perf_counter() - start, time.process_time() - start_processor
            if isinstance(result, Timed):
                result, taken, memory = result
                self.memory = max(self.memory, memory)
            else:
                processor.append(taken_processor)
            seconds.append(taken)
        return {"seconds": statistics.median(seconds), "processor": statistics.median(processor) if processor else None, "numbers": [float(number) for number in self.check(result)]}

    def peak(self):
        return {"memory": self.memory or peak_memory()}


def main(file, name):
    # whatever a package prints goes to the log: standard output carries the answers
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    def guarded(action):
        try:
            answer({"ok": action()})
        except Exception as error:
            frames = traceback.format_exc(limit=-3)
            answer({"error": f"{type(error).__name__}: {error}", "trace": frames})
            return False
        return True

    side = None

    def load():
        nonlocal side
        sys.path.insert(0, str(Path(file).parent))
        spec = importlib.util.spec_from_file_location("bench_peer", file)
        module = importlib.util.module_from_spec(spec)
        # numba and pickle look a function's module up by name
        sys.modules["bench_peer"] = module
        spec.loader.exec_module(module)
        side = Side(getattr(module, name))
        return {}

    if not guarded(load):
        return
    for line in sys.stdin:
        request = json.loads(line)
        act = {"prepare": Side.prepare, "run": Side.run, "peak": Side.peak}[request["do"]]
        guarded(lambda: act(side, *request.get("with", [])))


if __name__ == "__main__":
    # peer files import Timed from here
    sys.modules["peer"] = sys.modules["__main__"]
    main(sys.argv[1], sys.argv[2])
