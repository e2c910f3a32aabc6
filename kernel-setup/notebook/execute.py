"""Runs every cell of a notebook on a fresh kernel and writes the notebook with its outputs.

Called by execute.ts:  python execute.py NOTEBOOK OUTPUT TIMEOUT

One JSON object a line on standard output tells what happens. The caller keeps standard input open: when it closes,
because the caller was interrupted or died, the kernel is ended and nothing is written. That holds on every platform,
whatever became of the signals.
"""

import asyncio
import json
import os
import re
import signal
import sys
import threading
import time

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
sent = sys.stdout


def tell(**message):
    print(json.dumps(message), file=sent, flush=True)


def trace(cell):
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            return [COLOURS.sub("", line) for line in output.traceback]
    return []


def client_for(notebook, source, timeout):
    return NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name=notebook.metadata.get("kernelspec", {}).get("name", ""),
        resources={"metadata": {"path": os.path.dirname(os.path.abspath(source))}},
        coalesce_streams=True,
        store_widget_state=False,
        record_timing=False,
    )


async def run(client, notebook, target, timeout):
    started = time.monotonic()
    async with client.async_setup_kernel():
        tell(event="ready", seconds=time.monotonic() - started)
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            begun = time.monotonic()
            tell(event="start", cell=index)
            try:
                await client.async_execute_cell(cell, index)
            except CellExecutionError as error:
                tell(event="failed", cell=index, ename=error.ename, evalue=error.evalue, trace=trace(cell))
                return 1
            except CellTimeoutError:
                tell(event="failed", cell=index, ename="Timeout", evalue=f"took longer than {timeout} s", trace=[])
                return 1
            except DeadKernelError:
                tell(event="failed", cell=index, ename="KernelDied", evalue="the kernel ended while it ran", trace=[])
                return 1
            tell(event="done", cell=index, seconds=time.monotonic() - begun)
    # Whole or not at all: a reader of the target never sees half a notebook.
    partial = f"{target}.{os.getpid()}.part"
    try:
        nbformat.write(notebook, partial)
        os.replace(partial, target)
    finally:
        if os.path.exists(partial):
            os.unlink(partial)
    return 0


async def main():
    source, target, timeout = sys.argv[1], sys.argv[2], int(sys.argv[3])
    loop = asyncio.get_running_loop()
    notebook = nbformat.read(source, as_version=4)
    client = client_for(notebook, source, timeout)
    work = asyncio.ensure_future(run(client, notebook, target, timeout))

    def stop():
        client.shutdown_kernel = "immediate"
        work.cancel()

    def wait_for_caller():
        while os.read(0, 1024):
            pass
        loop.call_soon_threadsafe(stop)

    threading.Thread(target=wait_for_caller, daemon=True).start()
    try:
        return await work
    except asyncio.CancelledError:
        return 130
    except (NoSuchKernel, RuntimeError) as error:
        # The name of a kernel that is not installed, or a kernel that ends while it starts.
        tell(event="failed", cell=None, ename=type(error).__name__, evalue=str(error), trace=[])
        return 1
    finally:
        # nbclient leaves a kernel alone that was still starting when the run was cancelled.
        if client.km is not None and client.km.has_kernel:
            await client.km.shutdown_kernel(now=True)


if __name__ == "__main__":
    # A terminal's Ctrl-C reaches the caller, which closes our standard input.
    signal.signal(signal.SIGINT, lambda *_: None)
    status = asyncio.run(main())
    sys.stdout.flush()
    # Not sys.exit: a thread that still reads would hold the process.
    os._exit(status)
