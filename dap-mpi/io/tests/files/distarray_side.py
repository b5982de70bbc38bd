"""DistArray's side of the tests of files: the real DistArray 0.6, on four processes.

    mpirun -n 4 python distarray_side.py make FOLDER    makes .dnpy files in FOLDER/distarray
    mpirun -n 4 python distarray_side.py check FOLDER   loads the files that the ranks have saved

Beside a set NAME_r.dnpy stand the items of the whole array in C order (NAME.bin) and item type,
shape and number of processes (NAME.set).
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "conformance" / "dump"))
import distarray_shim  # first: it makes the following imports possible

import numpy as np
from mpi4py import MPI

from distarray.localapi import format, load_dnpy, localarray, maps, save_dnpy

assert distarray_shim
COMM = MPI.COMM_WORLD


def indices(dim):
    """The indices that a dictionary gives its process."""
    if not dim or dim["dist_type"] == "n":
        return np.arange(dim["size"])
    size, processes = dim["size"], dim["proc_grid_size"]
    if dim["dist_type"] == "b":
        return np.arange(dim["start"], dim["stop"])
    if dim["dist_type"] == "c":
        block = dim.get("block_size", 1)
        starts = range(dim["start"], size, processes * block)
        return np.array([k for start in starts for k in range(start, min(start + block, size))], int)
    return np.asarray(dim["indices"], int)


def part(whole, dim_data):
    return whole[np.ix_(*map(indices, dim_data))]


def is_refused(dim):
    """Whether DistArray refuses a cyclic part that the protocol allows: its last blocks belong to
    other processes there (rule DAP404), and the first block to the first process."""
    if dim.get("dist_type") != "c":
        return False
    block, processes, rank = dim.get("block_size", 1), dim["proc_grid_size"], dim["proc_grid_rank"]
    return dim["start"] != rank * block or block > 1 and dim["size"] % (block * processes) != 0


def group(processes):
    """A communicator of the first processes; None on the others."""
    comm = COMM.Split(0 if COMM.rank < processes else MPI.UNDEFINED, COMM.rank)
    return None if comm == MPI.COMM_NULL else comm


def make(root):
    folder = root / "distarray"
    folder.mkdir(exist_ok=True)
    COMM.Barrier()
    for processes in range(1, COMM.size + 1):
        comm = group(processes)
        if comm is None:
            continue
        shapes = [((7, 5), "bn"), ((8, 6), "cb"), ((12,), "c"), ((9, 4, 3), "bcn"), ((5, 6), "nb")]
        for number, (shape, dist) in enumerate(shapes):
            for dtype in ["<f8", ">i4", "<c16", "|b1"]:
                whole = (np.arange(np.prod(shape)) * 3 % 17).reshape(shape).astype(dtype)
                name = folder / f"{number}-{dist}-{np.dtype(dtype).str[1:]}-on-{processes}"
                distribution = maps.Distribution.from_shape(comm, shape, dist)
                array = localarray.LocalArray(distribution, dtype=dtype)
                array.ndarray[...] = part(whole, array.dim_data)
                save_dnpy(f"{name}_{distribution.comm.rank}.dnpy", array)
                if comm.rank == 0:
                    pathlib.Path(f"{name}.bin").write_bytes(whole.tobytes("C"))
                    note = {"shape": shape, "dtype": dtype, "processes": processes}
                    pathlib.Path(f"{name}.set").write_text(json.dumps(note))
    COMM.Barrier()
    if COMM.rank == 0:
        print(len(list(folder.glob("*.set"))), "sets")


def check(root):
    notes = sorted(root.glob("*-ranks-*/*.set"))
    loaded = 0
    for note in notes:
        stored, name = json.loads(note.read_text()), str(note.with_suffix(""))
        data, dtype = note.with_suffix(".bin").read_bytes(), np.dtype(eval(stored["dtype"]))
        whole = np.frombuffer(data, dtype) if data else np.zeros(0, dtype)
        whole = whole.reshape(stored["shape"])
        for rank in range(COMM.rank, stored["processes"], COMM.size):
            with open(f"{name}_{rank}.dnpy", "rb") as file:
                found = format.read_localarray(file)
                assert file.read() == b"", name
            expected = part(whole, found["dim_data"]) if whole.ndim else whole
            assert found["buffer"].dtype == whole.dtype, name
            assert found["buffer"].shape == expected.shape, (name, rank)
            assert found["buffer"].tobytes("C") == expected.tobytes("C"), (name, rank)
        comm = group(stored["processes"]) if whole.ndim and stored["processes"] <= COMM.size else None
        if comm is None:
            continue
        path = f"{name}_{comm.rank}.dnpy"
        with open(path, "rb") as file:
            refused = any(map(is_refused, format.read_localarray(file)["dim_data"]))
        if not comm.allreduce(refused, MPI.LOR):
            array = load_dnpy(comm, path)
            assert array.ndarray.tobytes("C") == part(whole, array.dim_data).tobytes("C"), name
            assert tuple(array.global_shape) == whole.shape, name
            loaded += 1
    loaded = COMM.allreduce(loaded, MPI.MAX)
    assert loaded > 0, "no set was saved"
    if COMM.rank == 0:
        print(len(notes), "sets,", loaded, "as arrays of DistArray")


if __name__ == "__main__":
    try:
        {"make": make, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))
    except BaseException:
        import traceback
        traceback.print_exc()
        COMM.Abort(1)
