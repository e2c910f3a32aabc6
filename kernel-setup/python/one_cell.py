"""Runs a notebook of one cell on our kernel, as JupyterLab would: python one_cell.py KERNEL_NAME"""

import os
import sys

import nbclient
import nbformat

cell = nbformat.v4.new_code_cell("const answer: number = 6 * 7;\nconsole.log(`the answer is ${answer}`);")
notebook = nbformat.v4.new_notebook(cells=[cell])
try:
    nbclient.NotebookClient(notebook, kernel_name=sys.argv[1], timeout=60, startup_timeout=60).execute()
    printed = "".join(output.get("text", "") for output in cell.outputs)
    if printed != "the answer is 42\n":
        raise ValueError(f"the cell gave {cell.outputs!r}")
except Exception as error:
    print(f"{type(error).__name__}: {str(error).strip()}", flush=True)
    # at once: nbclient's own clean-up fails loudly when no kernel came up
    os._exit(1)
print("one cell ran")
