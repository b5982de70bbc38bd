"""`Plan`: carried out by hand, without any transport, every element arrives."""

import itertools
import unittest

import numpy
from daparray import Block, Cyclic, Layout, Plan, Unstructured

LAYOUTS = [
    Layout([Block(12, 3), Block(6)]), Layout([Block(12), Block(6, 2, halo=1)]), Layout([Cyclic(12, 2, 3), Cyclic(6, 3)]),
    Layout([Block(bounds=[0, 0, 7, 12], halo=0), Cyclic(6, 2)]), Layout([Block(12, 2, halo=2), Block(6, 2, boundary=(1, 1))]),
    Layout([Unstructured([[5, 3, 1, 11, 9], [0, 2, 4, 6, 8, 10, 7]]), Block(6, 4)]),
    Layout([Unstructured([[0, 1, 2, 3, 4, 5, 6, 7], [11, 10, 9, 8, 7, 6]], size=12), Cyclic(6, 5, 2)]),
]  # fmt: skip
WHOLE = numpy.arange(72.0).reshape(12, 6)


def filled(layout, rank, values):
    """The local part of `values`; NaN where nothing is owned."""
    local = numpy.full(layout.local_shape(rank), numpy.nan)
    for place in held(layout, rank):
        local[place] = values[layout.global_index(rank, place)]
    return local


def held(layout, rank):
    along = [[run.local_start + k * run.local_stride + i for run in runs for k in range(run.count) for i in range(run.length)]
             for runs in layout.owned(rank)]
    return itertools.product(*along)


class CarriedOut(unittest.TestCase):
    def test_every_pair(self):
        for source, target in itertools.product(LAYOUTS, LAYOUTS):
            mine = [filled(source, rank, WHOLE) for rank in range(source.processes)]
            theirs = [numpy.full(target.local_shape(rank), numpy.nan) for rank in range(target.processes)]
            post = {}
            for rank in range(source.processes):
                plan = Plan(source, target, rank, rank if rank < target.processes else None)
                self.assertEqual(sum(plan.send_counts), sum(t.elements for t in plan.sends) + (plan.kept.elements if plan.kept else 0))
                for transfer in plan.sends:
                    items = mine[rank][numpy.ix_(*transfer.source)]
                    self.assertEqual((items.size, plan.send_counts[transfer.peer]), (transfer.elements, transfer.elements))
                    post[rank, transfer.peer] = items
                if plan.kept:
                    theirs[rank][numpy.ix_(*plan.kept.target)] = mine[rank][numpy.ix_(*plan.kept.source)]
            for rank in range(target.processes):
                plan = Plan(source, target, rank if rank < source.processes else None, rank)
                for transfer in plan.receives:
                    theirs[rank][numpy.ix_(*transfer.target)] = post.pop((transfer.peer, rank))
                    self.assertEqual(plan.receive_counts[transfer.peer], transfer.elements)
            self.assertEqual(post, {})
            for rank, local in enumerate(theirs):
                self.assertTrue(numpy.array_equal(local, filled(target, rank, WHOLE), equal_nan=True), (source, target, rank))

    def test_places_are_ranges_where_they_can(self):
        plan = Plan(Layout([Block(8, 2)]), Layout([Cyclic(8, 2)]), 0)
        self.assertEqual((plan.kept.source, plan.kept.target), ((range(0, 4, 2),), (range(0, 2),)))
        send, = plan.sends
        self.assertEqual((send.peer, send.elements, send.source, send.target), (1, 2, (range(1, 5, 2),), (range(0, 2),)))
        self.assertEqual((plan.send_counts, plan.receive_counts), ([2, 2], [2, 2]))
        self.assertEqual((plan.source, plan.target), (Layout([Block(8, 2)]), Layout([Cyclic(8, 2)])))

    def test_more_processes_than_there_is_memory(self):
        plan = Plan(Layout([Block(10, 2**40)]), Layout([Block(10, 2**62)]), 3)
        for counts in ("send_counts", "receive_counts"):
            with self.assertRaises(MemoryError):
                getattr(plan, counts)
        self.assertEqual((plan.kept.elements, plan.sends), (1, ()))

    def test_another_shape(self):
        sources = [Layout([Block(12, 3), Block(6)]), Layout([Cyclic(12, 2), Block(6, 2, halo=1)]), Layout([Block(72, 5)])]
        targets = [Layout([Block(8), Cyclic(9, 4, 2)]), Layout([Block(2, 2), Block(36, 2)]), Layout([Cyclic(72, 3, 5)]),
                   Layout([Unstructured([[5, 3, 1], [0, 2, 4, 7, 6]], size=8), Block(9)])]  # fmt: skip
        for source, target in itertools.product(sources, targets):
            values = [WHOLE.reshape(layout.shape) for layout in (source, target)]
            mine = [filled(source, rank, values[0]) for rank in range(source.processes)]
            theirs = [numpy.full(target.local_shape(rank), numpy.nan) for rank in range(target.processes)]
            packed, post = {}, {}

            def grouped(array, plan, side):
                """One dimension a group."""
                return array.reshape([int(numpy.prod([array.shape[dim] for dim in group[side]])) for group in plan.groups])

            for rank in range(source.processes):
                plan = Plan.reshape(source, target, rank, rank if rank < target.processes else None)
                for transfer in plan.sends:
                    packed[rank, transfer.peer] = plan.pack(transfer.peer, mine[rank])
                    post[rank, transfer.peer] = grouped(mine[rank], plan, 0)[numpy.ix_(*transfer.source)]
                    self.assertEqual(packed[rank, transfer.peer], post[rank, transfer.peer].tobytes())
                if plan.kept:
                    plan.copy_local(mine[rank], theirs[rank])
            for rank in range(target.processes):
                plan = Plan.reshape(source, target, rank if rank < source.processes else None, rank)
                for at, transfer in enumerate(plan.receives):
                    if at % 2:
                        plan.unpack(transfer.peer, packed[transfer.peer, rank], theirs[rank])
                    else:
                        grouped(theirs[rank], plan, 1)[numpy.ix_(*transfer.target)] = post[transfer.peer, rank]
            for rank, local in enumerate(theirs):
                self.assertTrue(numpy.array_equal(local, filled(target, rank, values[1]), equal_nan=True), (source, target, rank))

    def test_groups(self):
        plan = Plan.reshape(Layout([Block(6, 2), Block(4), Block(5)]), Layout([Block(3), Block(8, 2), Block(5)]), 0)
        self.assertEqual(plan.groups, ((range(0, 2), range(0, 2)), (range(2, 3), range(2, 3))))
        self.assertIsNone(Plan(plan.source, plan.source, 0).groups)

    def test_enormous_arrays(self):
        plan = Plan(Layout([Block(2**60, 2**20)]), Layout([Block(2**60, 2**19)]), 5, None)
        send, = plan.sends
        self.assertEqual((send.peer, send.elements, send.source), (2, 2**40, (range(2**40),)))

    def test_refusals(self):
        one, other = Layout([Block(8, 2)]), Layout([Block(9, 2)])
        with self.assertRaises(ValueError):
            Plan(one, other, 0)
        for rank, to_rank in ((2, 0), (0, 2), (-1, None)):
            with self.assertRaises(IndexError):
                Plan(one, one, rank, to_rank)
        with self.assertRaises(TypeError):
            Plan(one, one)
        with self.assertRaisesRegex(ValueError, "number of items"):
            Plan.reshape(one, other, 0)
        with self.assertRaises(IndexError):
            Plan.reshape(one, one, 0, 2)
        nothing = Plan(one, one, None)
        self.assertEqual((nothing.sends, nothing.receives, nothing.kept), ((), (), None))


if __name__ == "__main__":
    unittest.main()
