"""Prints the bytes of keys of all kinds: they are the same in each process."""

import dataclasses
import datetime
import decimal
import enum
import fractions
import pathlib
import uuid

import numpy

from daparray.array._keys import key_bytes


@dataclasses.dataclass(frozen=True)
class Point:
    x: float
    labels: frozenset


class Colour(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


# Keys of one row are equal, and those of different rows are not.
ROWS = [
    (1, 1.0, True, 1 + 0j, numpy.int8(1), numpy.uint64(1), numpy.float32(1), numpy.bool_(True), numpy.complex64(1), Level.LOW),
    (0, -0.0, False, 0j, complex(-0.0, -0.0)),
    (-1, numpy.int16(-1), -1.0),
    (255, numpy.uint8(255)),
    (10**30, int("1" + 30 * "0")),
    (1e300, int(1e300)),
    (0.1, numpy.float64(0.1)),
    (numpy.float32(0.1), float(numpy.float32(0.1))),
    (float("nan"), numpy.float32("nan"), -float("nan")),
    (float("inf"), numpy.float16("inf"), decimal.Decimal("Infinity")),
    (numpy.longdouble(1) / 3, numpy.longdouble(1) / 3),
    (numpy.clongdouble(1j) / 3, numpy.clongdouble(1j) / 3),
    (2 + 1j, numpy.complex128(2 + 1j)),
    (complex(0.5, float("nan")),),
    ("1", numpy.str_("1")),
    ("", str()),
    ("\ud800",),
    (b"1", numpy.bytes_(b"1")),
    ((), tuple([])),
    ((1, "a"), (True, "".join("a")), (1.0, numpy.str_("a"))),
    (((1,), "a"),),
    ((1, ("a",)),),
    (("1a",),),
    (("1", "a"), tuple("1a")),
    ((b"1", "a"),),
    (frozenset("abcdefgh"), frozenset("hgfedcba")),
    (frozenset([1, "a"]), frozenset(["a", True])),
    (tuple("abcdefgh"),),
    (None,),
    (...,),
    (int,),
    (len,),
    (Point, type(Point(1.0, frozenset()))),
    (Point(1.0, frozenset("xyz")), Point(1, frozenset("zyx"))),
    (Point(2.0, frozenset("xyz")),),
    (Colour.RED, Colour(1)),
    (datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2, 3).date()),
    (datetime.datetime(2026, 1, 2),),
    (0.5, decimal.Decimal("0.5"), fractions.Fraction(2, 4)),
    (2, decimal.Decimal("2.0"), fractions.Fraction(2)),
    (fractions.Fraction(1, 3), fractions.Fraction(2, 6)),
    (decimal.Decimal("0.1"), fractions.Fraction(1, 10), decimal.Decimal("0.10")),
    (10**400, decimal.Decimal("1e400"), fractions.Fraction(10**400)),
    (uuid.UUID(int=5), uuid.UUID(int=5)),
    (pathlib.PurePosixPath("a/b"), pathlib.PurePosixPath("a") / "b"),
    (numpy.datetime64("2026-01-01", "ns"), numpy.datetime64("2026-01-01", "ns")),
    (numpy.datetime64("2026-01-02", "D"),),
    (numpy.dtype("float64"), numpy.dtype(float)),
    (range(3), range(0, 3)),
]


def rows():
    return [[key_bytes(key) for key in row] for row in ROWS]


if __name__ == "__main__":
    for row in rows():
        print(*(one.hex() for one in row))
