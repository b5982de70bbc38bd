"""NumPy's side of the tests of files.

    numpy_side.py make FOLDER    makes .npy files of all kinds in FOLDER/numpy
    numpy_side.py check FOLDER   compares the files that the ranks have saved with their notes

Beside each file NAME.npy stand its items in C order (NAME.bin) and its item type and shape
(NAME.json); beside NumPy's files also the items in this machine's byte order (NAME.native).
"""

import json
import pathlib
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore", UserWarning)  # of versions 2.0 and 3.0


def arrays():
    numbers = np.arange(7 * 5 * 3).reshape(7, 5, 3)
    yield "c", numbers.astype("<f8"), None
    yield "fortran", np.asfortranarray(numbers.astype("<f8")), None
    yield "transposed", numbers.astype("<i4").T, None
    yield "version-2", numbers.astype("<i2"), (2, 0)
    yield "version-3", numbers.astype("<u8"), (3, 0)
    for code in ["b1", "i1", "u1", ">i2", ">u4", ">i8", "<f2", ">f2", ">f4", ">f8", "<c8", ">c16", ">c8", "g", "G"]:
        yield f"type-{np.dtype(code).str.replace('|', '').replace('>', 'big-').replace('<', '')}", \
            (numbers[:, :, 0] * 3 % 19).astype(code), None
    yield "text", numbers[0].astype("<U4"), None
    yield "big-text", numbers[0].astype(">U4"), None
    yield "bytes", numbers[0].astype("S3"), None
    yield "raw", np.frombuffer(bytes(range(60)), "V6"), None
    yield "boole", np.arange(256, dtype="u1").reshape(16, 16).view("?"), None
    yield "scalar", np.array(2.5), None
    yield "one", np.array([7]), None
    yield "empty", np.zeros((0,)), None
    yield "empty-2", np.zeros((3, 0, 2), ">i4"), None
    record = np.zeros((4, 3), [("a", "<i4"), ("b", ">f8", (2,)), ("c", "S3")])
    record["a"] = np.arange(12).reshape(4, 3)
    record["b"] = np.arange(24).reshape(4, 3, 2) / 4
    yield "record", record, None
    yield "aligned", np.array([(1, 2.5), (3, 4.5)], np.dtype([("a", "i1"), ("b", "f8")], align=True)), None
    yield "unicode", np.array([(1,), (2,)], [("größe", "<i8")]), (3, 0)
    yield "long-header", np.zeros(3, [(f"field_{k}", "<i4") for k in range(400)]), None
    yield "large", np.arange(300 * 700, dtype="<f4").reshape(300, 700), None


def make(root):
    folder = root / "numpy"
    folder.mkdir()
    for name, array, version in arrays():
        with open(folder / f"{name}.npy", "wb") as file:
            np.lib.format.write_array(file, array, version=version, allow_pickle=False)
        if array.dtype == bool:
            array = array.astype(bool)  # every byte but 0 is true
            array = (array.view("u1") != 0).view(bool)
        (folder / f"{name}.bin").write_bytes(array.tobytes("C"))
        plain = array.dtype.names is None
        native = array.astype(array.dtype.newbyteorder("=")) if plain else array
        (folder / f"{name}.native").write_bytes(native.tobytes("C"))
        (folder / f"{name}.json").write_text(json.dumps({"shape": array.shape}))
    # As old programs wrote it: Python 2's integers, keys in another order, no padding.
    text = b"{'shape': (2L, 3L), 'fortran_order': False, 'descr': '<i2'}\n"
    data = np.arange(6, dtype="<i2").tobytes()
    (folder / "old.npy").write_bytes(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data)
    (folder / "old.bin").write_bytes(data)
    (folder / "old.native").write_bytes(data)
    (folder / "old.json").write_text(json.dumps({"shape": [2, 3]}))
    print(len(list(folder.glob("*.npy"))), "files")


def check(root):
    count = 0
    for note in sorted(root.glob("*-ranks-*/*.json")):
        path = note.with_suffix(".npy")
        stored = json.loads(note.read_text())
        dtype, whole = np.dtype(eval(stored["dtype"])), note.with_suffix(".bin").read_bytes()
        expected = np.frombuffer(whole, dtype).reshape(stored["shape"]) if whole else np.zeros(stored["shape"], dtype)
        for array in [np.load(path), np.load(path, mmap_mode="r")] if expected.size else [np.load(path)]:
            assert array.dtype == dtype, (path, array.dtype, dtype)
            assert array.shape == expected.shape, (path, array.shape, expected.shape)
            assert array.tobytes("C") == whole, path
            if min(array.shape, default=0) > 1 and array.ndim > 1:
                assert array.flags.f_contiguous == stored["fortran"], path
        count += 1
    assert count > 0, "no file was saved"
    print(count, "files")


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))
