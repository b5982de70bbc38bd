"""Heat's DNDarrays.

    section = adapters.heat.section(x)                 # over x's own communicator
    target = adapters.heat.layout(x.shape, 0, size)    # what `ht.zeros(shape, split=0)` has on so many processes
    x = adapters.heat.as_dndarray(section, comm)       # a DNDarray in the section's memory

Unbalanced arrays (`x[3:7]` is one) are described as they are. Heat keeps halos apart from the array: they are not part of it.
"""

from .._daparray import Block, Layout
from ._common import Refused, block, collective, here, memory


def section(x, comm=None):
    """The section of a `DNDarray` that is split. `Refused` for one that is not, when there are several processes."""
    comm = x.comm.handle if comm is None else comm

    def dims():
        if x.split is None and comm.size > 1:
            raise Refused("split=None: each process holds the whole array, and protocol 0.10 has no replicas. Give it an axis with "
                          "`x.resplit(0)`, or describe one process's copy with `adapters.numpy.rows(x.larray)` without a communicator")  # fmt: skip
        if x.larray.device.type != "cpu":
            raise Refused(f"the array is on {x.larray.device}, and a buffer of the protocol is in the host's memory: use `x.cpu()`")
        if x.comm.size != comm.size:
            raise ValueError(f"the array is on {x.comm.size} processes, the communicator has {comm.size}")
        described = [block(size, 0, size) for size in x.gshape]
        if x.split is not None:
            # Not from lshape_map, which a process may not have yet: from what each one holds, which is never out of date.
            described[x.split] = block(x.gshape[x.split], start, start + x.lshape[x.split], comm.size, comm.rank)
        return described, memory(x.larray)

    start = sum(comm.allgather(0 if x.split is None else int(x.lshape[x.split]))[: comm.rank])
    return collective(comm, dims)


def layout(shape, split, processes):
    """How Heat splits an array: the first processes get one more row when it does not come out even."""
    return Layout([Block(int(size), processes, balanced=True) if dim == split else Block(int(size)) for dim, size in enumerate(shape)])


def as_dndarray(section, comm=None, split=0):
    """A `DNDarray` in the section's memory. `Refused` unless blocks of one dimension at most are on several processes.

    `split` is the axis that Heat notes where none is on several processes.
    """
    import heat

    world = heat.communication.MPICommunication(comm) if comm is not None else heat.get_comm()
    return here(world.handle, lambda: _dndarray(section, world, split))


def _dndarray(section, world, split):
    import heat
    import numpy
    import torch

    held = section.layout
    spread = [dim for dim, one in enumerate(held.dims) if one.grid_size > 1]
    if len(spread) > 1:
        raise Refused(f"Heat splits one dimension, and {', '.join(map(str, spread))} of this array are on several processes each. Move it first, "
                      "to `adapters.heat.layout(shape, split, processes)`")  # fmt: skip
    if any(one.dist_type != "b" for one in held.dims):
        raise Refused("Heat holds blocks, and this array has a cyclic or unstructured dimension: move it first, to "
                      "`adapters.heat.layout(shape, split, processes)`")  # fmt: skip
    split = spread[0] if spread else (split if held.ndim else None)
    # Without the halo: it is memory of the neighbours' elements, and Heat's local tensor is the process's own.
    if section.owned.readonly:
        raise Refused("the section's memory is read only, and Heat's arrays are not: copy it with `numpy.array(section.local)` first")
    try:
        # Not by DLPack: some versions of PyTorch end the program where strides are negative.
        owned = torch.from_numpy(numpy.asarray(section.owned))
    except (TypeError, ValueError) as error:
        raise Refused(f"PyTorch does not take this memory ({error}): copy it to an item type that it knows, in C order") from None
    like = heat.types.canonical_heat_type(owned.dtype)
    balanced = split is None or held == layout(held.shape, split, held.dims[split].grid_size)
    return heat.DNDarray(owned, held.shape, like, split, heat.cpu, world, balanced)
