"""h5py's side of the tests of files.

    h5py_side.py make FOLDER    makes files in FOLDER/h5py
    h5py_side.py check FOLDER   reads the files that the ranks have saved

Beside a file stand notes: NAME.note with file, dataset, shape, and the words of an expected error,
and NAME.bin with the items in C order and this machine's byte order.
"""

import json
import pathlib
import sys

import h5py
import numpy as np

CODES = "b1 i1 <i2 >i2 <i4 <i8 >i8 u1 <u2 >u4 <u8 <f2 >f2 <f4 >f4 <f8 >f8 <c8 >c8 <c16 S3".split()


def datasets():
    numbers = np.arange(7 * 6 * 5).reshape(7, 6, 5)
    for code in CODES:
        yield f"type/{code}", numbers.astype(code), {}
    record = np.zeros((4, 3), [("mass", "<f8"), ("place", ">i2", (2,)), ("spin", "<c8"), ("is", "?")])
    record["mass"], record["place"], record["is"] = 1.5, 7, True
    yield "type/struct", record, {}
    aligned = np.zeros(5, np.dtype([("a", "u1"), ("b", "<f8")], align=True))
    aligned["b"] = np.arange(5)
    yield "type/aligned", aligned, {"chunks": (2,)}
    yield "raw", np.frombuffer(bytes(range(30)), "V5"), {}
    yield "enumeration", numbers.astype("<i2"), {"dtype": h5py.enum_dtype({"a": 0, "b": 1}, "<i2")}
    yield "chunked", numbers, {"chunks": (3, 4, 5)}
    yield "odd", numbers, {"chunks": (2, 5, 3)}
    yield "gzip", numbers, {"chunks": (3, 4, 2), "compression": "gzip"}
    yield "both", numbers.astype("<f8"), {"chunks": (3, 4, 2), "compression": "gzip", "compression_opts": 9, "shuffle": True}
    yield "sums", numbers.astype("<i4"), {"chunks": (3, 3, 5), "fletcher32": True}
    yield "all", numbers.astype(">f4"), {"chunks": (4, 4, 4), "fletcher32": True, "shuffle": True, "compression": "gzip"}
    yield "odd sums", numbers.astype("u1"), {"chunks": (3, 3, 5), "fletcher32": True}
    yield "growing", numbers, {"chunks": (2, 2, 2), "maxshape": (None, 6, 5)}
    yield "growing all", numbers, {"chunks": (2, 2, 2), "maxshape": (None, None, None)}
    yield "one chunk", numbers, {"chunks": (7, 6, 5)}
    yield "scalar", np.array(2.5), {}
    yield "empty", np.zeros((0, 3)), {}
    yield "empty chunks", np.zeros((0, 3)), {"chunks": (2, 3), "maxshape": (None, 3)}


def fill(file):
    for name, array, options in datasets():
        yield name, file.create_dataset(name, data=array, **options)
    holes = file.create_dataset("holes", (9, 9), "<i4", chunks=(4, 4), fillvalue=-7)
    holes[2:3, 1:9] = 5
    yield "holes", holes
    yield "never", file.create_dataset("never", (5, 4), ">f8", fillvalue=1.25)
    yield "never chunked", file.create_dataset("never chunked", (5, 4), "<f4", chunks=(2, 2))
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((3, 4))
    h5py.h5d.create(file.id, b"compact", h5py.h5t.IEEE_F64BE, space, properties)
    file["compact"][...] = np.arange(12).reshape(3, 4)
    yield "compact", file["compact"]
    file["links/soft"] = h5py.SoftLink("/type/<i4")
    yield "links/soft", file["links/soft"]
    file["links/relative"] = h5py.SoftLink("soft")
    yield "links/relative", file["links/relative"]


def refuse(file, folder):
    file["strings"] = ["a", "bc"]
    yield "strings", "texts or sequences of any length"
    file["circle"] = h5py.SoftLink("/circle")
    yield "circle", "behind more than 16 links"
    file["lost"] = h5py.SoftLink("/nowhere")
    yield "lost", "it has no dataset"
    file["outside"] = h5py.ExternalLink("earliest.h5", "/chunked")
    yield "outside", "a link to another file"
    file["through"] = h5py.SoftLink("/outside")
    yield "through", "a link to another file"
    file["group"] = h5py.ExternalLink("earliest.h5", "/type")
    yield "group/<i4", "a link to another file"
    file.create_dataset("null", data=h5py.Empty("f"))
    yield "null", "a null dataset"
    (folder / "outside.bin").write_bytes(bytes(80))
    file.create_dataset("external", (10,), "<f8", external=[(str(folder / "outside.bin"), 0, 80)])
    yield "external", "external storage"
    layout = h5py.VirtualLayout((7, 6, 5), "<i8")
    layout[...] = h5py.VirtualSource(str(folder / "earliest.h5"), "chunked", (7, 6, 5))
    file.create_virtual_dataset("virtual", layout)
    yield "virtual", "a virtual dataset"
    file.create_dataset("lzf", data=np.arange(100.0), chunks=(10,), compression="lzf")
    yield "lzf", "filter 32000"
    file.create_dataset("scaled", data=np.arange(100), chunks=(10,), scaleoffset=8)
    yield "scaled", "filter 6"
    file.create_dataset("arrays", (3,), np.dtype(("<f4", (2,))))
    yield "arrays", "its items are arrays"
    file["references"] = np.array([file.ref], dtype=h5py.ref_dtype)
    yield "references", "class 7"
    # A grid of chunks that no loop counts.
    file.create_dataset("huge", (2**62,), "u1", chunks=(1,))


def make(root):
    folder = root / "h5py"
    folder.mkdir()
    number = 0

    def note(path, name, **said):
        nonlocal number
        number += 1
        (folder / f"{number:03}.note").write_text(json.dumps({"file": path.name, "name": name, **said}))
        return folder / f"{number:03}.bin"

    for version, options in {
        "earliest": {"libver": "earliest"},
        "v110": {"libver": ("v110", "v110")},
        "block": {"userblock_size": 1024},
    }.items():
        path = folder / f"{version}.h5"
        with h5py.File(path, "w", **options) as file:
            for name, dataset in fill(file):
                array = dataset[...]
                native = array if array.dtype.names else array.astype(array.dtype.newbyteorder("="))
                note(path, name, shape=array.shape).write_bytes(native.tobytes("C"))
    path = folder / "refused.h5"
    with h5py.File(path, "w") as file:
        for name, error in refuse(file, folder):
            note(path, name, error=error)
    with h5py.File(folder / "attributes.h5", "w") as file:
        attributes = file.create_dataset("x", data=np.arange(3.0)).attrs
        attributes["unicode"] = "grün"
        attributes["bytes"] = np.bytes_(b"fixed")
        attributes.create("ascii", "short", dtype=h5py.string_dtype("ascii"))
        attributes["float"], attributes["single"] = 1.5, np.float32(0.25)
        attributes["floats"], attributes["integers"] = [1.0, -2.5], [1, 2, 3]
        attributes["big"] = np.array(-7, ">i2")
        attributes["complex"], attributes["matrix"] = 1j, np.zeros((2, 2))
        attributes["texts"] = ["a", "b"]
    print(number, "datasets")


def check(root):
    notes = sorted(root.glob("*-ranks-*/*.h5note"))
    for path in notes:
        said = json.loads(path.read_text())
        with h5py.File(path.with_suffix(".h5"), "r") as file:
            dataset = file["group/field"]
            assert dataset.dtype == np.dtype(eval(said["dtype"])), (path, dataset.dtype)
            assert list(dataset.shape) == said["shape"], path
            assert dataset[...].tobytes("C") == path.with_suffix(".bin").read_bytes(), path
            assert dataset.attrs["number"] == said["number"], path
            assert len(json.loads(dataset.attrs["distarray"])) == dataset.ndim, path
            if path.name.startswith("grown-"):
                assert None in dataset.maxshape, path
    assert notes, "no file was saved"
    print(len(notes), "files")


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))
