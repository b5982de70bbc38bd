"""DistArray's notebook as a program: its cells in the same order.

    python notebook.py               # a client that starts four ranks
    mpirun -n 4 python notebook.py   # the same in place

Both ways print the same. The notebook's plots of distributions are those of grids.py, and its
script (cells 48 and 49) is julia_set.py.
"""

import shutil
import tempfile

import numpy

from daparray import Block, Layout
from daparray.client import Context


def cells(title):
    print(f"\n-- {title}")


def local_part(x):
    """This rank's part, as text."""
    return None if x.local is None else x.local.tolist()


def variance(x):
    return None if x.local is None else float(x.local.var())


def without_mean(x):
    """The array with the mean of each local part taken away."""
    with x.writing() as mine:
        if mine is not None and mine.size:
            mine -= mine.mean()
    return x


def protocol(x):
    """The structure by which other libraries take this rank's part."""
    mine = x.__distarray__()
    return mine["__version__"], mine["dim_data"], numpy.asarray(mine["buffer"]).shape


def common_folder():
    """A new folder, the same on all ranks."""
    import daparray.array as da

    ranks = da.default_context()
    return ranks.bcast(tempfile.mkdtemp() if ranks.rank == 0 else None)


def remove_folder(folder):
    """Removes it, when all ranks have come here."""
    import daparray.array as da

    ranks = da.default_context()
    ranks.barrier()
    if ranks.rank == 0:
        shutil.rmtree(folder)


def main():
    with Context(4) as context:
        da = context.array

        cells("6 to 8: an array of NumPy's values, one row on each rank")
        x = da.asarray(numpy.arange(20.0).reshape(4, 5) / 10, distribution=("block", "none"))
        print(x)
        for rank, part in enumerate(context.apply(local_part, x)):
            print(f"rank {rank}: {part}")

        cells("9 and 10: attributes, NumPy's and more")
        print(x.dtype, x.ndim, x.shape, x.itemsize, x.nbytes, x.ranks)

        cells("12 to 16: functions make new arrays, and nothing comes to the client")
        print(da.sin(x), x + x)
        print(da.sin(x).gather().round(2)[0])

        cells("18: reductions")
        print(float(x.sum()), x.sum(axis=1), x.sum(axis=1).gather())

        cells("20 to 25: elements and slices are views")
        print(x.local_shapes(), float(x[0, 2]))
        column = x[:, 3]
        column[3] = -0.99
        print(float(x[3, 3]), x[:-1, 2::2], x[0].ranks)

        cells("27 to 29: the maps of a distribution")
        layout = x.layout
        print(layout)
        for dim in layout.dims:
            print(dim, dim.dist_type, dim.size, [dim.owned_len(rank) for rank in range(dim.grid_size)])
        print("element (2, 3) is on rank", layout.owner((2, 3))[0])

        cells("30: block by cyclic, and the other kinds")
        grid = da.zeros((64, 64), dtype=da.int32, distribution=("block", "cyclic"))
        print(grid, grid.layout.grid_shape)
        for kinds in [
            ("block", "none"),
            ("cyclic", "none"),
            (("cyclic", 3), "none"),
            (("bounds", [0, 1, 1, 3, 4]), "none"),
            (("unstructured", [[3], [0], [2], [1]]), "none"),
        ]:
            print(da.zeros((4, 5), distribution=kinds))

        cells("33 to 35: another shape, another distribution, other ranks")
        print(x.reshape(10, 2))
        # Ranks 0 and 2 have nothing.
        y = x.reshape(5, 4).redistribute(Layout([Block(bounds=[0, 0, 3, 3, 5]), Block(4)]))
        print(y, y.local_shapes())
        y = x.redistribute(("none", "cyclic"))
        print(y, context.apply(local_part, y)[0])

        cells("36 to 38: few rows use few ranks")
        few, many = da.zeros((5, 3)), da.ones((20, 20))
        print(few, few.local_shapes())
        print(many, many.local_shapes())

        cells("39 to 43: one .npy file, and .dnpy files with the distribution")
        folder = context.apply(common_folder)[0]
        da.save(f"{folder}/x.npy", x)
        again = da.load(f"{folder}/x.npy", distribution=("none", "block"))
        print(again, bool(da.all(again == x)))
        da.save(f"{folder}/grid.dnpy", grid)
        again = da.load(f"{folder}/grid.dnpy")
        print(again, bool(da.all(again == grid)))
        context.apply(remove_folder, folder)

        cells("44 to 47: functions of the program on each rank")
        print([round(value, 4) for value in context.apply(variance, x)])
        context.register(without_mean)
        context.without_mean(x)
        print(abs(float(x.mean())) < 1e-15, [abs(sum(part[0])) < 1e-12 for part in context.apply(local_part, x)])

        cells("50: the protocol's structure of a local part")
        version, dims, buffer = context.apply(protocol, x)[1]
        print(version, buffer)
        for dim in dims:
            print({key: dim[key] for key in sorted(dim)})


if __name__ == "__main__":
    main()
