"""Copies and pickles: every value in every protocol, and what is to be sent instead of the rest."""

import copy
import pickle
import unittest

import daparray
import numpy
import objects
from daparray import Block, Layout

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)

WAYS = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"protocol {protocol}": lambda one, protocol=protocol: pickle.loads(pickle.dumps(one, protocol)) for protocol in PROTOCOLS},
}


def shown(one):
    """All that an object says: its public attributes, and its texts."""
    members = {}
    for name in dir(type(one)):
        if not name.startswith("_") and not callable(getattr(type(one), name)):
            members[name] = getattr(one, name)
    if isinstance(one, daparray.Report):
        members.update(text=one.text(color=True), narrow=one.text(width=40), json=one.to_json(), length=len(one), valid=bool(one),
                       picture=one._repr_svg_())
    return members, repr(one), str(one)


class Values(unittest.TestCase):
    def test_every_value_in_every_way(self):
        for kind, one in objects.every(objects.VALUES):
            for name, way in WAYS.items():
                with self.subTest(kind.__name__, way=name):
                    again = way(one)
                    self.assertIs(type(again), kind)
                    self.assertEqual(again, one)
                    self.assertEqual(hash(again), hash(one))
                    self.assertEqual(shown(again), shown(one))
                    self.assertEqual(way(again), one)

    def test_different_ones_are_different(self):
        for kind in objects.VALUES:
            for at, one in enumerate(objects.OBJECTS[kind]):
                for other in objects.OBJECTS[kind][at + 1 :]:
                    if shown(one) != shown(other):
                        self.assertNotEqual(one, other)
                self.assertNotEqual(one, None)
                self.assertNotEqual(one, 3)

    def test_plans_work_when_they_arrive(self):
        plan = pickle.loads(pickle.dumps(objects.PLAN))
        source = numpy.arange(float(numpy.prod(objects.LAYOUT.local_shape(1)))).reshape(objects.LAYOUT.local_shape(1))
        for send in plan.sends:
            self.assertEqual(plan.pack(send.peer, source), objects.PLAN.pack(send.peer, source))
        reshape = objects.OBJECTS[daparray.Plan][-1]
        self.assertIsNotNone(pickle.loads(pickle.dumps(reshape)).groups)

    def test_errors_travel_with_their_report(self):
        """As a process pool sends them back."""
        try:
            objects.REPORT.raise_for_errors()
        except daparray.ValidationError as error:
            for protocol in PROTOCOLS:
                again = pickle.loads(pickle.dumps(error, protocol))
                self.assertEqual((type(again), str(again), again.report), (type(error), str(error), error.report))
        self.assertEqual(str(pickle.loads(pickle.dumps(daparray.ProtocolWarning("w")))), "w")

    def test_a_layout_of_many_ranks_has_a_short_pickle(self):
        self.assertLess(len(pickle.dumps(daparray.Plan(Layout([Block(2**50, 2**40)]), Layout([Block(2**50, 2**30)]), 3))), 2000)

    def test_damaged_pickles(self):
        function, arguments = objects.REPORT.__reduce__()
        for state in ("", "{}", "[]", "null", arguments[0][:-9], arguments[0].replace("DAP612", "DAP999"), arguments[0].replace("entries", "e")):
            with self.subTest(state[:20]), self.assertRaises(ValueError):
                function(state, *arguments[1:])


class TheRest(unittest.TestCase):
    def test_memory_is_refused_with_what_to_send(self):
        for kind, one in objects.every([daparray.Section, daparray.Local]):
            for name, way in WAYS.items():
                with self.subTest(kind.__name__, way=name), self.assertRaisesRegex(TypeError, f"`{kind.__name__}`.*copy or send .*local"):
                    way(one)

    def test_functions_and_classes(self):
        for name in daparray.__all__:
            thing = getattr(daparray, name)
            self.assertIs(pickle.loads(pickle.dumps(thing)), thing, name) if callable(thing) else None


if __name__ == "__main__":
    unittest.main()
