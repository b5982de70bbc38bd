"""Heat's DNDarrays.

    section = adapters.heat.section(x)                 # over x's own communicator
    target = adapters.heat.layout(x.shape, 0, size)    # of `ht.zeros(shape, split=0)` on `size` processes
    x = adapters.heat.as_dndarray(section, comm)       # a DNDarray in the section's memory

Unbalanced arrays (`x[3:7]` is one) are described as they are. Heat keeps halos apart from the
array: they are not part of it.
"""

from .._daparray import Block, Layout
from ._common import Refused, Together, alike, article, block, collective, described, layout_of, memory, numbers, told


def is_one(x):
    """Whether `x` is a DNDarray, in a program that has imported Heat."""
    import heat

    return isinstance(x, heat.DNDarray)


def implied(x):
    """Heat's default communicator, if it is that of the array or the array is none: over that a
    process with a wrong array is expected."""
    import heat
    from mpi4py import MPI

    default = heat.get_comm().handle
    if is_one(x) and MPI.Comm.Compare(default, x.comm.handle) not in (MPI.IDENT, MPI.CONGRUENT):
        raise ValueError(f"the array is on a communicator of {x.comm.size} processes that is not Heat's default one, of {default.size}: pass it, "
                         "`x.comm.handle`, as `comm`")  # fmt: skip
    return default


@collective(lambda named: implied(named.get("x")))
def section(x, comm=None):
    """The section of a `DNDarray` that is split.

    `Refused` for one that is not, when there are several processes.

    `comm` is needed for an array that is not on Heat's default communicator.
    """
    if not is_one(x):
        raise TypeError(f"`x` is {article(x)}; this describes a heat.DNDarray")
    if not comm.matches(x.comm.handle):
        raise ValueError(f"the array is on {x.comm.size} processes and `comm` has {comm.size}, or has them in another order: pass the array's own, "
                         "`x.comm.handle`")  # fmt: skip
    if x.split is None and comm.size > 1:
        raise Refused("split=None: each process holds the whole array, and protocol 0.10 has no replicas. Give it an axis with "
                      "`x.resplit(0)`, or describe one process's copy with `adapters.numpy.rows(x.larray)` without a communicator")  # fmt: skip
    if x.larray.device.type != "cpu":
        raise Refused(f"the array is on {x.larray.device}, and a buffer of the protocol is in the host's memory: use `x.cpu()`")
    dims = [block(size, 0, size) for size in x.gshape]
    # Not from lshape_map, which a process may not have yet: from what each one holds, which is
    # never out of date.
    extents = yield 0 if x.split is None else int(x.lshape[x.split])
    if x.split is not None:
        start = sum(extents[: comm.rank])
        dims[x.split] = block(x.gshape[x.split], start, start + x.lshape[x.split], comm.size, comm.rank)
    return (yield from described(dims, memory(x.larray)))


def layout(shape, split, processes):
    """How Heat splits an array: the first processes get one more row when it does not come out
    even."""
    shape = numbers(shape, "`shape`")
    if split is None and processes > 1:
        raise Refused(f"split=None on {processes} processes: each holds the whole array, and protocol 0.10 has no replicas. Name an axis")
    if split is not None and not -len(shape) <= split < len(shape):
        raise ValueError(f"`split` is {split}; an array of {len(shape)} dimensions has the axes 0 to {len(shape) - 1}")
    split = None if split is None else split % len(shape)
    return Layout([Block(size, processes, balanced=True) if dim == split else Block(size) for dim, size in enumerate(shape)])


@collective(lambda named: implied(None))
def as_dndarray(section, comm=None, split=0):
    """A `DNDarray` in the section's memory.

    `Refused` unless blocks of one dimension at most are on several processes.

    `split` is the axis that Heat notes where none is on several processes. Without `comm` it is on
    Heat's default communicator.
    """
    held = layout_of(section, comm)
    parts = _parts(section, held, split)
    yield from alike({"the layout": told(held), "the item type": section.dtype, "`split`": split}, "pass parts of one array and the same `split`")

    def made(whole):
        import heat

        world = heat.communication.MPICommunication(whole) if comm.given else heat.get_comm()
        return heat.DNDarray(*parts[:-1], heat.cpu, world, parts[-1])

    return (yield Together(made))


def _parts(section, held, split):
    """The parts of a DNDarray: its local tensor, shape, item type, axis, and whether it is
    balanced."""
    import heat
    import numpy
    import torch

    spread = [dim for dim, one in enumerate(held.dims) if one.grid_size > 1]
    if len(spread) > 1:
        raise Refused(f"Heat splits one dimension, and {', '.join(map(str, spread))} of this array are on several processes each. Move it first, "
                      "to `adapters.heat.layout(shape, split, processes)`")  # fmt: skip
    if any(one.dist_type != "b" for one in held.dims):
        raise Refused("Heat holds blocks, and this array has a cyclic or unstructured dimension: move it first, to "
                      "`adapters.heat.layout(shape, split, processes)`")  # fmt: skip
    if split is not None and held.ndim and not -held.ndim <= split < held.ndim:
        raise ValueError(f"`split` is {split}; an array of {held.ndim} dimensions has the axes 0 to {held.ndim - 1}")
    split = spread[0] if spread else (split % held.ndim if held.ndim and split is not None else None)
    # Without the halo: it is memory of the neighbours' elements, and Heat's local tensor is the
    # process's own.
    if section.owned.readonly:
        raise Refused("the section's memory is read only, and Heat's arrays are not: copy it with `numpy.array(section.local)` first")
    try:
        # Not by DLPack: some versions of PyTorch end the program where strides are negative.
        owned = torch.from_numpy(numpy.asarray(section.owned))
    except (TypeError, ValueError) as error:
        raise Refused(f"PyTorch does not take this memory ({error}): copy it to an item type that it knows, in C order") from None
    like = heat.types.canonical_heat_type(owned.dtype)
    balanced = split is None or held == layout(held.shape, split, held.dims[split].grid_size)
    return owned, held.shape, like, split, balanced
