"""A tour of distributed arrays, with the stations of DistArray's notebook.

    python tour.py                       # a client that starts four ranks
    mpirun -n 4 python tour.py           # the same in place

Both ways print the same.
"""

import numpy

from daparray.client import Context


def station(title):
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
    return mine["__version__"], mine["dim_data"]


def main():
    with Context(4) as context:
        da = context.array

        station("an array of NumPy's values: one row on each rank")
        x = da.asarray(numpy.arange(20.0).reshape(4, 5) / 10, distribution=("block", "none"))
        print(x)
        for rank, part in enumerate(context.apply(local_part, x)):
            print(f"rank {rank}: {part}")
        print(x.dtype, x.ndim, x.shape, x.itemsize, x.nbytes, x.ranks)

        station("functions: new arrays, and nothing comes to the client")
        print(da.sin(x), x + x)
        print(da.sin(x).gather().round(2)[0])

        station("reductions")
        print(float(x.sum()), x.sum(axis=1), x.sum(axis=1).gather())

        station("elements and slices: views")
        print(float(x[0, 2]), x[:-1, 2::2], x[0].ranks)
        column = x[:, 3]
        column[3] = -0.99
        print(float(x[3, 3]), x.local_shapes())

        station("distributions")
        layout = x.layout
        print(layout, [dim.size for dim in layout.dims])
        grid = da.zeros((64, 64), dtype=da.int32, distribution=("block", "cyclic"))
        print(grid, grid.layout.grid_shape)
        for kinds in [("block", "none"), ("cyclic", "none"), (("cyclic", 3), "none"), (("bounds", [0, 1, 1, 3, 4]), "none")]:
            print(da.zeros((4, 5), distribution=kinds))

        station("redistribution and reshape")
        print(x.reshape(10, 2))
        y = x.redistribute(("none", "cyclic"))
        print(y, context.apply(local_part, y)[0])

        station("few rows use few ranks")
        print(da.zeros((5, 3)), da.ones((20, 20)))

        station("functions of the program on each rank")
        print([round(value, 4) for value in context.apply(variance, x)])
        context.register(without_mean)
        context.without_mean(x)
        print(abs(float(x.mean())) < 1e-15, [abs(sum(part[0])) < 1e-12 for part in context.apply(local_part, x)])

        station("the protocol")
        version, dims = context.apply(protocol, x)[1]
        print(version)
        for dim in dims:
            print({key: dim[key] for key in sorted(dim)})


if __name__ == "__main__":
    main()
