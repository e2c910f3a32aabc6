"""Unpacks what compiling against TensorFlow needs from its wheel: python unpack_wheel.py WHEEL FOLDER

FOLDER gets lib/ with the two libraries under the names that the linker looks for, and include/ with the C headers.
"""

import pathlib
import shutil
import sys
import zipfile

LIBRARIES = {
    "tensorflow/libtensorflow_cc.so.2": "libtensorflow_cc.so.2",
    "tensorflow/libtensorflow_framework.so.2": "libtensorflow_framework.so.2",
}
HEADERS = "tensorflow/include/"
HEADER_FOLDERS = tuple(f"{HEADERS}tensorflow/{name}/" for name in ("c", "core/platform", "tsl"))

wheel, folder = sys.argv[1], pathlib.Path(sys.argv[2])
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        if entry.filename in LIBRARIES:
            target = folder / "lib" / LIBRARIES[entry.filename]
        elif entry.filename.startswith(HEADER_FOLDERS) and entry.filename.endswith(".h"):
            target = folder / "include" / entry.filename[len(HEADERS):]
        else:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source, open(target, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)

lib = folder / "lib"
for name in LIBRARIES.values():
    if not (lib / name).is_file():
        sys.exit(f"{name} is not in {wheel}")
(lib / "libtensorflow.so").symlink_to("libtensorflow_cc.so.2")
(lib / "libtensorflow_framework.so").symlink_to("libtensorflow_framework.so.2")
