"""JAX on CPU devices: meshes over several devices of one process, and a device for each process."""

import os

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=4"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402
import numpy  # noqa: E402
from daparray import Block, Layout, adapters, validate  # noqa: E402
from jax.sharding import Mesh, NamedSharding, PartitionSpec  # noqa: E402
from ranks import COMM, address, refused, run, same_memory, tells_the_truth, values, wrong_on_one  # noqa: E402


def many_devices():
    devices = numpy.array(jax.devices()[:4])
    whole = values((8, 12), "f4")
    specs = [((4,), "x", PartitionSpec("x")), ((4,), "x", PartitionSpec(None, "x")), ((2, 2), "xy", PartitionSpec("x", "y")),
             ((2, 2), "xy", PartitionSpec("y", "x")), ((2, 2), "xy", PartitionSpec(("y", "x"), None))]  # fmt: skip
    for grid, names, spec in specs:
        sharding = NamedSharding(Mesh(devices.reshape(grid), tuple(names)), spec)
        x = jax.device_put(whole, sharding)
        sections = adapters.jax.sections(x)
        assert validate(sections) and sections[0].layout == adapters.jax.layout(sharding, whole.shape)
        shards = {address(shard.data): shard for shard in x.addressable_shards}
        for rank, section in enumerate(sections):
            tells_the_truth(section, whole, rank)
            same_memory(section, shards[section.local.address].data)
            assert section.local.readonly
        # Back: what JAX can use where it lies, and what it copies.
        y = adapters.jax.as_jax(sections, sharding)
        assert y.sharding == sharding and numpy.array_equal(numpy.asarray(y), whole)
        assert float((y * 2).sum()) == 2 * whole.sum()
        ours = [section.layout.section(section.rank, aligned(section)) for section in sections]
        y = adapters.jax.as_jax(ours, sharding)
        assert y.sharding == sharding and numpy.array_equal(numpy.asarray(y), whole)
        # On the first CPU device nothing is copied.
        first, = (address(shard.data) for shard in y.addressable_shards if shard.device == devices[0])
        assert first in [section.local.address for section in ours]
        # A layout that the sharding does not have.
        odd = Layout([Block(bounds=[0, 1, 8]), Block(12, 2)])
        refused("cuts evenly", adapters.jax.as_jax, [odd.zeros(rank, "f4") for rank in range(4)], sharding)

    mesh = Mesh(devices.reshape(2, 2), ("x", "y"))
    refused("no replicas", adapters.jax.sections, jax.device_put(whole, NamedSharding(mesh, PartitionSpec("x"))))
    refused("no replicas", adapters.jax.sections, jax.device_put(whole, NamedSharding(mesh, PartitionSpec())))
    x = jax.device_put(whole, NamedSharding(mesh, PartitionSpec("x", "y")))
    refused("one block", adapters.jax.section, x)
    refused("`x.view('i2')`", adapters.jax.sections, jax.numpy.ones(3, "bfloat16"))
    empty = NamedSharding(Mesh(devices, ("x",)), PartitionSpec("x"))
    refused("no elements", adapters.jax.sections, jax.device_put(numpy.zeros((0, 3)), empty))
    assert adapters.jax.layout(empty, (4, 0)) == Layout([Block(4, 4), Block(0)])
    # With gaps between rows, which JAX does not take by DLPack.
    wide = Layout([Block(8, 4), Block(12)])
    gaps = [wide.section(rank, numpy.array(whole[2 * rank : 2 * rank + 2].repeat(2, 1))[:, ::2]) for rank in range(4)]
    assert numpy.array_equal(numpy.asarray(adapters.jax.as_jax(gaps, empty)), whole)
    refused("all sections are needed", adapters.jax.as_jax, [], empty)
    partial(devices)


def aligned(section):
    """A copy of a section's memory that begins at a multiple of 64 bytes."""
    part = numpy.asarray(section.local)
    room = numpy.empty(part.nbytes + 64, "u1")
    start = -address(room) % 64
    copy = room[start : start + part.nbytes].view(part.dtype).reshape(part.shape)
    copy[...] = part
    return copy


def partial(devices):
    """Sums that are still to be added up, where this JAX has them."""
    if not hasattr(jax, "reshard"):
        return
    mesh = jax.make_mesh((4,), ("x",), axis_types=(jax.sharding.AxisType.Explicit,), devices=list(devices))
    with jax.set_mesh(mesh):
        a = jax.device_put(values((4, 8), "f4"), NamedSharding(mesh, PartitionSpec(None, "x")))
        b = jax.device_put(values((8, 4), "f4"), NamedSharding(mesh, PartitionSpec("x", None)))
        unreduced = NamedSharding(mesh, PartitionSpec(None, None, unreduced={"x"}))
        c = jax.jit(lambda a, b: jax.numpy.einsum("ij,jk->ik", a, b, out_sharding=unreduced))(a, b)
    refused("partial sum", adapters.jax.sections, c)


def one_device():
    """Each process its own JAX: its whole array is a process's rows in the program's."""
    mine = jax.numpy.asarray(values((3 * COMM.size, 5), "f4")[3 * COMM.rank : 3 * COMM.rank + 3])
    section = adapters.numpy.rows(mine, COMM)
    tells_the_truth(section, values((3 * COMM.size, 5), "f4"))
    same_memory(section, mine)
    alone = adapters.section(mine)
    assert alone.layout == Layout([Block(3), Block(5)])
    same_memory(alone, mine)


def several_processes():
    """JAX's own program of several processes, with a device for each."""
    port = COMM.bcast(_free_port() if COMM.rank == 0 else None)
    jax.distributed.initialize(f"127.0.0.1:{port}", COMM.size, COMM.rank)
    devices = sorted(jax.devices(), key=lambda device: device.process_index)
    devices = [next(one for one in devices if one.process_index == process) for process in range(COMM.size)]
    whole = values((4 * COMM.size, 3), "f4")
    sharding = NamedSharding(Mesh(numpy.array(devices), ("x",)), PartitionSpec("x"))
    x = jax.make_array_from_callback(whole.shape, sharding, lambda index: whole[index])
    section = adapters.jax.section(x, COMM)
    tells_the_truth(section, whole)
    same_memory(section, x.addressable_shards[0].data)
    wrong_on_one(adapters.jax.section, x, COMM)
    refused("all on this process", adapters.jax.section, jax.numpy.ones((4, 3)), COMM)
    refused("call `section(x, comm)`", adapters.jax.sections, x)
    backwards = NamedSharding(Mesh(numpy.array(devices[::-1]), ("x",)), PartitionSpec("x"))
    x = jax.make_array_from_callback(whole.shape, backwards, lambda index: whole[index])
    refused("ordered", adapters.jax.section, x, COMM)
    ordered = adapters.ordered(COMM, (COMM.size - 1 - COMM.rank,), (COMM.size,))
    tells_the_truth(adapters.jax.section(x, ordered), whole, ordered.rank)
    COMM.Barrier()
    jax.distributed.shutdown()


def _free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    if COMM.size == 1:
        many_devices()
    else:
        several_processes()
    one_device()


run(main)
