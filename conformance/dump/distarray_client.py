"""Real exports that DistArray's client makes: slices, reductions, redistributions.

    mpirun -n 5 python distarray_client.py DIRECTORY

Process 0 is DistArray's client, the others are its engines (4 here). Each array that the client
makes is exported by its engines to `DIRECTORY/g4-<case>/rank-<r>.json`, where r counts the
participating engines: DistArray drops engines whose part of a slice is empty.
`DIRECTORY/index.json` has the form that `distarray_exports.py` writes; this file adds to its local
arrays.
"""

import json
import os
import random
import sys

import distarray_shim  # first: it makes the following imports possible

import numpy
from mpi4py import MPI

from distarray_exports import merge
from text_oracle import violations

assert distarray_shim
HERE = os.path.dirname(os.path.abspath(__file__))


def exported(local, folder):
    """The text of one engine's export.

    DistArray sends this function to the engines, so it contains its imports.
    """
    import sys

    if folder not in sys.path:
        sys.path.insert(0, folder)
    import dap_dump

    return dap_dump.to_json(local)


def made(context, engines):
    """Yield a name, a sentence, and a distributed array."""
    from distarray.globalapi import Distribution

    def zeros(shape, dist, grid=None, dtype=float):
        return context.zeros(Distribution(context, shape, dist, grid), dtype=dtype)

    draw = random.Random("client %d" % engines)
    for number in range(40):
        shape = (draw.randint(engines, 23), draw.randint(engines, 9))
        dist = draw.choice((("b", "n"), ("n", "b"), ("b", "b")))
        cuts = []
        for extent in shape:
            start = draw.randrange(extent)
            cuts.append(slice(start, draw.randint(start + 1, extent), draw.choice((None, None, 2, 3, 5))))
        text = "zeros(%s, %s)[%s]" % (shape, dist, ", ".join("%s:%s:%s" % (c.start, c.stop, c.step) for c in cuts))
        yield "slice-%02d" % number, text, zeros(shape, dist)[tuple(cuts)]
    whole = zeros((9, 10), ("b", "b"))
    for axis in (0, 1):
        yield "sum-%d" % axis, "zeros((9, 10), bb).sum(axis=%d)" % axis, whole.sum(axis=axis)
    yield "sum", "zeros((9, 10), bb).sum()", whole.sum()
    yield "row", "zeros((9, 10), bb)[4, :]", whole[4, :]
    yield "plus", "the sum of two arrays", whole + whole
    for shape, dist in (((3,), "b"), ((engines + 1,), "c"), ((7, 5), "cc"), ((6, 4, 5), "bnc"), ((8, 8), "cb")):
        yield "%s-%s" % (dist, "x".join(map(str, shape))), "zeros(%s, %s)" % (shape, tuple(dist)), zeros(shape, tuple(dist))
    for size, block in ((4 * engines, 2), (4 * engines + 1, 2), (4 * engines + 3, 2), (6 * engines + 4, 3)):
        dims = ({"dist_type": "c", "proc_grid_size": engines, "size": size, "block_size": block},)
        array = context.zeros(Distribution.from_global_dim_data(context, dims))
        yield "k%d-%d" % (block, size), "from_global_dim_data %s" % (dims,), array
    parts = numpy.array_split(numpy.array(draw.sample(range(13), 13)), engines)
    dims = ({"dist_type": "u", "indices": parts},)
    array = context.zeros(Distribution.from_global_dim_data(context, dims))
    yield "u-13", "from_global_dim_data, a permutation", array
    dims = ({"dist_type": "b", "bounds": [0] + sorted(draw.randint(0, 17) for _ in range(engines - 1)) + [17]},)
    array = context.zeros(Distribution.from_global_dim_data(context, dims))
    yield "irregular-17", "from_global_dim_data %s" % (dims,), array
    source = zeros((8, 6), ("b", "b"), (engines, 1))
    columns = Distribution(context, (8, 6), ("b", "b"), (1, engines))
    yield "moved", "(8, 6) redistributed from rows to columns", source.distribute_as(columns)
    yield "float32", "ones((5, 9), dtype='f4')", context.ones(Distribution(context, (5, 9)), dtype="f4")


def main():
    if MPI.COMM_WORLD.rank:
        from distarray.mpi_engine import Engine

        Engine()
        return
    from distarray.globalapi import Context

    directory, engines, index = sys.argv[1], MPI.COMM_WORLD.size - 1, {}
    for name, how, array in made(Context(kind="mpi"), engines):
        name = "g%d-%s" % (engines, name)
        texts = array.context.apply(exported, (array.key, HERE), targets=array.targets)
        os.makedirs(os.path.join(directory, name), exist_ok=True)
        for rank, text in enumerate(texts):
            with open(os.path.join(directory, name, "rank-%d.json" % rank), "w") as file:
                file.write(text)
        found = violations([json.loads(text) for text in texts])
        index[name] = {"valid": not found, "violations": found, "how": how, "processes": len(texts), "form": "json"}
    merge(os.path.join(directory, "index.json"), index)


if __name__ == "__main__":
    main()
