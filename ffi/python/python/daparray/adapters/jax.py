"""JAX's sharded arrays, on CPU devices.

    sections = adapters.jax.sections(x)               # all shards of a process that drives all devices
    section = adapters.jax.section(x, comm)           # one device for each process
    x = adapters.jax.as_jax(sections, sharding)       # an array of sections

A process of the protocol is a device here: several of them in one process are several sections.
JAX's arrays are read only.
"""

from .._daparray import Layout, Section, describe, validate
from ._common import ALONE, Refused, article, block, c_order, collective, described, in_order, layout_of, memory


@collective()
def section(x, comm=ALONE):
    """The section of this process's shard, where each process has one device."""
    _is_array(x)
    if x.is_fully_addressable and comm.size > 1:
        raise Refused(f"this array is all on this process, and `comm` has {comm.size} processes: JAX knows nothing of the others' arrays. Make one array of "
                      "all processes with `jax.make_array_from_process_local_data`, or say how they belong together with `adapters.numpy.rows(x, comm)`")  # fmt: skip
    shards = x.addressable_shards
    if len(shards) != 1:
        raise Refused(f"{len(shards)} shards are on this process, and an export of protocol 0.10 is one block: take all with `sections(x)`, "
                      "or run a process for each device")  # fmt: skip
    places, cells = _cells(x)
    in_order(comm, cells[shards[0].device], places)
    return (yield from described(_dims(x, shards[0], places, cells), _memory(shards[0])))


def sections(x):
    """All sections of an array whose devices are all driven by this process, in the order of the
    protocol's ranks."""
    _is_array(x)
    if not x.is_fully_addressable:
        raise Refused("other processes drive some of the devices: call `section(x, comm)` on each, with a device for each process")
    places, cells = _cells(x)
    shards = sorted(x.addressable_shards, key=lambda shard: c_order(cells[shard.device], places))
    made = [Section(_dims(x, shard, places, cells), _memory(shard)) for shard in shards]
    report = validate([describe(one) for one in made])
    report.raise_for_errors()
    return [one.with_layout(report.layout) for one in made]


def as_jax(sections, sharding):
    """An array of all sections, laid out as `sharding` says.

    `Refused` unless each device's part is one section.

    JAX takes over memory that begins at a multiple of 64 bytes and goes to the first CPU device;
    the rest it copies.
    """
    import jax
    import numpy

    sections = list(sections)
    held = layout_of(sections[0]) if sections else None
    if held is None or len(sections) != held.processes:
        raise Refused("all sections are needed, each knowing its layout: an array of JAX is made of all the parts of its process")
    boxes = {}
    for one in sections:
        if layout_of(one) != held or one.dtype != sections[0].dtype:
            raise ValueError("these are sections of different arrays: their layouts or item types differ")
        dims = [dim for dim in one.dim_data]
        if any(dim["dist_type"] != "b" for dim in dims):
            raise Refused(f"JAX's shards are boxes, and the array is {held}: move it to blocks first")
        owned = [runs[0] if runs else None for runs in held.owned(one.rank)]
        if not all(owned):
            raise Refused("JAX has no empty shards: use fewer devices")
        boxes[tuple((run.global_start, run.global_start + run.length) for run in owned)] = one
    parts = []
    for device, index in sharding.devices_indices_map(held.shape).items():
        box = _box(index, held.shape)
        if box not in boxes:
            raise Refused(f"{device} wants {box}, which is no section of {held}: JAX cuts evenly. Move the array first, to `Layout([Block(...), ...])` "
                          "with as many processes along each axis as the sharding has devices")  # fmt: skip
        owned = boxes[box].owned
        # JAX asks for the DLPack tensor without a version, which cannot say that memory is read
        # only; and it knows no gaps.
        part = numpy.asarray(owned)
        if not owned.readonly and (part.flags.c_contiguous or part.flags.f_contiguous) and part.dtype.isnative:
            part = jax.dlpack.from_dlpack(owned)
        parts.append(jax.device_put(part, device))
    return jax.make_array_from_single_device_arrays(held.shape, sharding, parts)


def layout(sharding, shape):
    """How a sharding cuts an array of this shape: what to move to before `as_jax`."""
    from .._daparray import Block

    boxes = {_box(index, shape) for index in sharding.devices_indices_map(tuple(shape)).values()}
    edges = [sorted({edge for box in boxes for edge in box[dim]}) for dim in range(len(shape))]
    return Layout([Block(bounds=some) if len(some) > 1 else Block(0) for some in edges])


def _is_array(x):
    import jax

    if not isinstance(x, jax.Array) or isinstance(x, jax.core.Tracer):
        raise TypeError(f"`x` is {article(x)}; this describes a jax.Array with values, outside of `jit`")


def _cells(x):
    """The process grid, and each device's place in it."""
    unreduced = getattr(getattr(x.sharding, "spec", None), "unreduced", None)
    if unreduced:
        raise Refused(f"the array is unreduced over {sorted(map(str, unreduced))}: each device has a partial sum, and protocol 0.10 has none. Reduce it "
                      "first, for instance with `jax.reshard` to a specification without `unreduced`")  # fmt: skip
    if 0 in x.shape and len(x.sharding.device_set) > 1:
        raise Refused(f"an array of shape {x.shape} has no elements, and JAX gives all devices the same empty part: put it on one of them")
    boxes, cells = {}, {}
    for device, index in x.sharding.devices_indices_map(x.shape).items():
        box = _box(index, x.shape)
        if box in boxes:
            raise Refused(f"{boxes[box]} and {device} hold the same part, and protocol 0.10 has no replicas: shard over all axes of the mesh, "
                          "with `jax.device_put(x, sharding)`, or use a mesh of fewer devices")  # fmt: skip
        boxes[box] = device
    starts = [sorted({box[dim][0] for box in boxes}) for dim in range(x.ndim)]
    for box, device in boxes.items():
        cells[device] = [starts[dim].index(box[dim][0]) for dim in range(x.ndim)]
    return [len(some) for some in starts], cells


def _box(index, shape):
    return tuple(part.indices(size)[:2] for part, size in zip(index, shape))


def _dims(x, shard, places, cells):
    box = _box(shard.index, x.shape)
    return [block(size, start, stop, grid, place)
            for size, (start, stop), grid, place in zip(x.shape, box, places, cells[shard.device])]  # fmt: skip


def _memory(shard):
    if shard.device.platform != "cpu":
        raise Refused(f"a shard is on {shard.device}, and a buffer of the protocol is in the host's memory: `jax.device_put` it to CPU devices")
    import numpy

    # Not by DLPack, which JAX gives out as writeable; NumPy's view says that it is not.
    return memory(numpy.asarray(shard.data))
