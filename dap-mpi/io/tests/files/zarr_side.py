"""zarr-python's side of the tests of files.

    zarr_side.py make FOLDER    makes stores in FOLDER/zarr-python
    zarr_side.py check FOLDER   reads the stores that the ranks have saved

Beside a store NAME.zarr stand its items in C order (NAME.bin), and item type and shape (NAME.note).
"""

import json
import pathlib
import sys

import numpy as np
import zarr
from zarr.codecs import BytesCodec, Crc32cCodec, GzipCodec, TransposeCodec, ZstdCodec


def stores():
    numbers = np.arange(7 * 6 * 5).reshape(7, 6, 5)
    for code in ["b1", "i1", "<i2", "<i4", "<i8", "u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"]:
        yield f"type-{code.strip('<')}", numbers.astype(code), {"chunks": (3, 4, 5)}
    yield "plain", numbers, {"chunks": (2, 5, 3), "compressors": None}
    yield "gzip", numbers, {"chunks": (4, 2, 5), "compressors": GzipCodec()}
    yield "two", numbers, {"chunks": (7, 6, 5), "compressors": [ZstdCodec(level=3), Crc32cCodec()]}
    yield "big", numbers.astype(">f8"), {"chunks": (3, 3, 3)}
    yield "transposed", numbers, {"chunks": (3, 4, 5), "filters": [TransposeCodec(order=(2, 0, 1))]}
    yield "shards", numbers, {"chunks": (2, 3, 5), "shards": (4, 6, 5), "compressors": None}
    yield "dots", numbers, {"chunks": (3, 4, 5), "chunk_key_encoding": {"name": "v2", "separator": "."}}
    yield "one", np.arange(11.0), {"chunks": (4,)}
    yield "empty", np.zeros((0, 3)), {"chunks": (2, 2)}
    yield "scalar", np.array(2.5), {}


def make(root):
    folder = root / "zarr-python"
    folder.mkdir()
    for name, array, options in stores():
        store = zarr.create_array(str(folder / f"{name}.zarr"), shape=array.shape, dtype=array.dtype, **options)
        store[...] = array
        note(folder / name, array)
    # Chunks that are missing have the fill value.
    store = zarr.create_array(str(folder / "holes.zarr"), shape=(9, 9), dtype="<i4", chunks=(4, 4), fill_value=-7)
    store[2:3, 1:9] = 5
    note(folder / "holes", store[...])
    print(len(list(folder.glob("*.zarr"))), "stores")


def note(path, array):
    native = array.astype(array.dtype.newbyteorder("="))
    path.with_suffix(".bin").write_bytes(native.tobytes("C"))
    path.with_suffix(".note").write_text(json.dumps({"shape": array.shape}))


def check(root):
    notes = sorted(root.glob("*-ranks-*/*.note"))
    for path in notes:
        stored, dtype = json.loads(path.read_text()), None
        array = zarr.open_array(str(path.with_suffix(".zarr")), mode="r")
        assert array.metadata.zarr_format == 3
        assert array.dtype == np.dtype(eval(stored["dtype"])), path
        assert list(array.shape) == stored["shape"], path
        assert np.asarray(array[...]).tobytes("C") == path.with_suffix(".bin").read_bytes(), path
        if "of" in stored:
            assert array.attrs["of"] == stored["of"], path
        if not path.name.startswith("foreign-"):
            assert len(array.attrs["distarray"]) == len(array.shape), path
    assert notes, "no store was saved"
    print(len(notes), "stores")


if __name__ == "__main__":
    assert BytesCodec
    {"make": make, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))
