"""Runs a notebook of one cell on our kernel, as JupyterLab would: python one_cell.py KERNEL_NAME"""

import sys

import nbclient
import nbformat

cell = nbformat.v4.new_code_cell("const answer: number = 6 * 7;\nconsole.log(`the answer is ${answer}`);")
notebook = nbformat.v4.new_notebook(cells=[cell])
nbclient.NotebookClient(notebook, kernel_name=sys.argv[1], timeout=60, startup_timeout=60).execute()
printed = "".join(output.get("text", "") for output in cell.outputs)
if printed != "the answer is 42\n":
    sys.exit(f"the cell gave {cell.outputs!r}")
print("one cell ran")
