"""Dask's arrays: chunks that know no process, and a table that gives them one.

    section = adapters.dask.section(x, comm)                          # a chunk for each process
    section = adapters.dask.section(x, comm, grid=(2, 2), copy=True)  # several chunks each, joined
    x = x.rechunk(adapters.dask.chunks(layout))                       # cut as a layout is
    x = adapters.dask.as_dask(sections)                               # from sections of this process

Each process of an SPMD program builds the same array, and computes the chunks that are its own,
here and by itself. A chunk that is there already (`x.persist()`) is shared, not copied.
"""

import math
import uuid

from ._common import ALONE, Refused, alike, article, block, c_order, collective, described, layout_of, memory, process_grid


@collective()
def section(x, comm=ALONE, *, grid=None, owners=None, copy=False):
    """The section of the chunks of one process, computed here.

    Chunks go to processes by `owners`, a table of ranks with the shape of `x.numblocks`; or by a
    process grid: `grid`, which is `x.numblocks` when nothing is given and there is a chunk for each
    process, counted along the last axis first. Several chunks are joined only with `copy=True`. All
    processes name the same chunks and the same table.
    """
    import dask.array
    import numpy

    if not isinstance(x, dask.array.Array):
        raise TypeError(f"`x` is {article(x)}; this describes a dask.array.Array")
    _known(x)
    table = _table(numpy, x, comm.size, grid, owners)
    lines = _lines(numpy, table, comm.size)
    chunking = tuple(tuple(map(int, sizes)) for sizes in x.chunks)
    yield from alike({"the chunking": chunking, "the table of owners": table.tolist()}, "build the same array and pass the same `grid` or `owners`")
    places = tuple(max(line) + 1 for line in lines)
    coordinates = [int(at) for at in numpy.unravel_index(comm.rank, places)] if places else []
    dims, chosen, several = [], [], 0
    for sizes, line, place, count in zip(x.chunks, lines, coordinates, places):
        mine = [chunk for chunk, at in enumerate(line) if at == place]
        several = max(several, len(mine))
        start = sum(sizes[: mine[0]])
        dims.append(block(sum(sizes), start, start + sum(sizes[chunk] for chunk in mine), count, place))
        chosen.append(slice(mine[0], mine[-1] + 1))
    if several > 1 and not copy:
        held = math.prod(part.stop - part.start for part in chosen)
        raise Refused(f"{held} chunks are on this process, and an export of protocol 0.10 is one block: pass copy=True to have them joined, "
                      "which copies, or cut the array with `x.rechunk(adapters.dask.chunks(layout))`")  # fmt: skip
    mine = _computed(x.blocks[tuple(chosen)] if chosen else x, several > 1)
    return (yield from described(dims, numpy.asarray(mine) if numpy.isscalar(mine) else memory(mine)))


def chunks(layout):
    """A layout's blocks as Dask's tuple of tuples, for `rechunk` and the like."""
    for number, dim in enumerate(layout.dims):
        if dim.dist_type != "b":
            raise Refused(f"dimension {number} is {dim}, and Dask's chunks are blocks: move the array to blocks first")
    return tuple(tuple(dim.owned_len(place) for place in range(dim.grid_size)) for dim in layout.dims)


def as_dask(sections):
    """One Dask array of all sections of an array, in their memory without the halos.

    They are all in this process.
    """
    import dask.array
    import numpy

    sections = list(sections)
    held = layout_of(sections[0]) if sections else None
    if held is None or len(sections) != held.processes:
        raise Refused(f"{len(sections)} sections of an array on {'unknown' if held is None else held.processes} processes: a Dask array without a "
                      "scheduler needs them all here. Across processes, give each scheduler's worker its own")  # fmt: skip
    cut = chunks(held)
    # Dask takes two arrays of one name for one array.
    name = f"daparray-{uuid.uuid4().hex}"
    graph = {}
    for one in sections:
        if layout_of(one) != held or one.dtype != sections[0].dtype:
            raise ValueError("these are sections of different arrays: their layouts or item types differ")
        graph[(name, *held.coordinates(one.rank))] = numpy.asarray(one.owned)
    if len(graph) != held.processes:
        raise ValueError("a rank is there twice, and another is missing")
    return dask.array.Array(graph, name, cut, dtype=numpy.dtype(sections[0].dtype))


def _computed(part, joined):
    """The chunks of this process, in this process's thread."""
    import dask

    if joined:
        return part.compute(scheduler="synchronous")
    # The chunk itself: `compute` gives a copy, so that no code writes into memory that Dask still
    # holds.
    part, = dask.optimize(part)
    keys = part.__dask_keys__()
    while isinstance(keys, list):
        keys, = keys
    return dask.get(part.__dask_graph__(), keys)


def _known(x):
    for axis, sizes in enumerate(x.chunks):
        if any(size != size for size in sizes):
            raise Refused(f"the chunk sizes of axis {axis} are unknown (nan), and every index of the protocol has an owner: "
                          "call `x.compute_chunk_sizes()` first")  # fmt: skip


def _table(numpy, x, processes, grid, owners):
    """The rank of each chunk."""
    if owners is not None:
        table = numpy.asarray(owners)
        if table.shape != x.numblocks or not numpy.issubdtype(table.dtype, numpy.integer):
            raise ValueError(f"`owners` is {table.dtype} of shape {table.shape}; a table of ranks is of integers and has the shape of the chunks, {x.numblocks}")
        return table
    if grid is None and math.prod(x.numblocks) != processes:
        raise Refused(f"{math.prod(x.numblocks)} chunks and {processes} processes: say which process has which, with grid=(...) for a process grid or owners=... "
                      "for a table, or cut the array with `x.rechunk(adapters.dask.chunks(layout))`")  # fmt: skip
    sides = process_grid(x.numblocks if grid is None else grid, processes, x.ndim)
    lines = []
    for axis, (count, extent) in enumerate(zip(x.numblocks, sides)):
        if count < extent:
            raise Refused(f"axis {axis} has {count} chunks for {extent} processes: cut it with `x.rechunk(adapters.dask.chunks(layout))`")
        # As evenly as chunks go: the first ones get one more.
        more, each = count % extent, count // extent
        lines.append([place for place in range(extent) for _ in range(each + (place < more))])
    table = numpy.zeros(x.numblocks, int)
    for chunk in numpy.ndindex(*x.numblocks):
        table[chunk] = c_order([line[at] for line, at in zip(lines, chunk)], sides)
    return table


def _lines(numpy, table, processes):
    """The place of each chunk along each axis, if the table is a process grid in C order."""
    lines = []
    for axis in range(table.ndim):
        along = table[tuple(slice(None) if at == axis else 0 for at in range(table.ndim))]
        lines.append([0] + [int(step) for step in numpy.cumsum(along[1:] != along[:-1])] if len(along) else [0])
    places = [max(line) + 1 for line in lines]
    for chunk in numpy.ndindex(*table.shape):
        rank = c_order([line[at] for line, at in zip(lines, chunk)], places)
        if rank != table[chunk]:
            raise Refused(f"chunk {chunk} is given to rank {table[chunk]}; in a process grid of {tuple(places)}, counted along the last axis first, it is "
                          f"rank {rank}'s. Protocol 0.10 has one box of chunks for each process, in that order: rearrange `owners`")  # fmt: skip
    if math.prod(places) != processes:
        raise Refused(f"the table names {math.prod(places)} processes, there are {processes}: pass the communicator of those with chunks")
    return lines
