"""Run under mpirun by `test_agreement.py`: handlers that raise at random moments of a move,
producers that fail later, and a broken move.

After each move come a barrier and another move, whose data is compared; memory that was freed
carries a pattern that MPI must not touch.
"""

import faulthandler
import os
import random
import sys

import numpy
from armed import Arms, Raised, Timer
from daparray import Block, Cyclic, Layout, Plan, _move
from mpi4py import MPI
from way import choose

comm = MPI.COMM_WORLD
way = choose(MPI)
N = 40_000
source, target = Layout([Block(N, comm.size), Block(4)]), Layout([Cyclic(N, comm.size), Block(4)])
seed = comm.bcast(int(os.environ.get("DAP_SEED", random.randrange(2**32))))
chance = random.Random(seed + comm.rank)


def part(layout, factor):
    rows = numpy.arange(N) * 1.0
    mine = rows[comm.rank :: comm.size] if layout is target else numpy.split(rows, [run * -(-N // comm.size) for run in range(1, comm.size)])[comm.rank]
    return numpy.repeat(mine[:, None], 4, 1) * factor


def move(factor):
    found = numpy.full(target.local_shape(comm.rank), -1.0)
    Plan(source, target, comm.rank).execute(comm, part(source, factor), found)
    return found


class Once:
    """A producer that gives its memory once."""

    def __init__(self, array):
        self.array, self.asked = array, 0

    def __dlpack_device__(self):
        return (1, 0)

    def __dlpack__(self, max_version=None):
        self.asked += 1
        if self.asked > 1:
            raise Raised("asked again")
        return self.array.__dlpack__()


def interrupted():
    """A handler that raises on one rank within a move: the move ends on all, or raises on all."""
    count, timer = 0, Timer()
    for turn in range(60):
        victim, factor = turn % comm.size, turn + 1.0
        found = numpy.full(target.local_shape(comm.rank), -1.0)
        mine, plan, outcome = part(source, factor), Plan(source, target, comm.rank), None
        comm.Barrier()
        try:
            given = Arms(mine, timer, chance.uniform(2e-5, 4e-3)) if comm.rank == victim else mine
            plan.execute(comm, given, found)
            timer.wait()
        except (Raised, RuntimeError, ValueError) as error:
            outcome = type(error).__name__
            count += 1
        assert timer.is_installed() and not timer.is_set
        guards = [bytearray(b"\xa5" * (N // 2)) for _ in range(8)]
        del mine, plan
        comm.Barrier()
        if outcome is None:
            assert (found == part(target, factor)).all(), (seed, turn)
        assert (move(-factor) == part(target, -factor)).all(), (seed, turn, outcome)
        assert all(guard.count(0xA5) == len(guard) for guard in guards), (seed, turn)
    return comm.allreduce(count)


def producers():
    """Each producer is asked once; one that fails does so before the agreement."""
    found = numpy.full(target.local_shape(comm.rank), -1.0)
    Plan(source, target, comm.rank).execute(comm, Once(part(source, 3.0)), Once(found))
    assert (found == part(target, 3.0)).all()


def broken():
    """Messages that a broken move leaves behind reach no later move."""
    start = _move.Move.carry_out

    def breaks(self):
        for request in self._messages._leaving:
            request.Start()
        _move._broken.append(self)
        raise Raised

    small = Layout([Block(6 * comm.size, comm.size)]), Layout([Cyclic(6 * comm.size, comm.size)])
    mine, found = numpy.full(6, 7.0), numpy.zeros(6)
    plan = Plan(*small, comm.rank)
    _move.Move.carry_out = breaks
    try:
        plan.execute(comm, mine, found)
    except Raised:
        pass
    else:
        raise AssertionError("the move was to break")
    _move.Move.carry_out = start
    comm.Barrier()
    for value in (1.0, 2.0):
        plan.execute(comm, mine * 0 + value, found)
        assert (found == value).all(), found


def main():
    faulthandler.dump_traceback_later(100, exit=True)  # where it hangs
    count = interrupted()
    producers()
    if way == "messages":
        broken()
    if comm.rank == 0:
        print(f"ranks {comm.size}, interrupted {count}, seed {seed}, by {way}")
    sys.stdout.flush()


main()
