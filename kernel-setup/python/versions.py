"""Compares the installed packages with the exact pins of a requirements file: python versions.py FILE"""

import importlib.metadata
import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    pins = [match.groups() for match in re.finditer(r"^([\w.-]+)==([\w.]+)$", file.read(), re.MULTILINE)]
wrong = []
for name, version in pins:
    try:
        there = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        wrong.append(f"{name} {version} is missing")
        continue
    if there != version:
        wrong.append(f"{name} is {there}, not {version}")
if wrong or not pins:
    sys.exit("; ".join(wrong) or "no pins found")
print(", ".join(f"{name} {version}" for name, version in pins))
