"""Keys of a dictionary as bytes: equal keys have equal bytes, on every rank and in every process.

Pickle's bytes are none: they depend on which parts of a key are the same object, and on the order
of sets. The bytes here depend on the value alone.

=====================================  ===================================================
key                                    equal to
=====================================  ===================================================
numbers of Python and NumPy,           each number of the same value, as in Python: `1`,
Decimal, Fraction                      `1.0` and `True` are one key; all NaN are one key
str, bytes, tuple, frozenset           the same contents; also of their subclasses
None, classes, functions               the same name
other objects                          the same class, with equal state as pickle takes it
=====================================  ===================================================
"""

import copyreg
import decimal
import fractions
import struct
import types

import numpy

_NAMED = (type, types.FunctionType, types.BuiltinFunctionType)


def key_bytes(key):
    """The bytes of a key. `TypeError` for keys without a hash, which can change."""
    kind = type(key)
    if kind is str or kind is int:
        return _ENCODERS[kind](key)
    hash(key)
    return _encoded(key)


def _encoded(value):
    for kind, encode in _ENCODERS.items():
        if isinstance(value, kind):
            return encode(value)
    return _reduced(value)


def _parts(tag, values):
    """Some byte strings, each with its length."""
    return tag + b"".join(len(value).to_bytes(8, "little") + value for value in values)


def _whole(value):
    value = int(value)
    return b"i" + value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)


def _float(value):
    number = float(value)
    if number != value and number == number:
        return _ratio(value)
    if number.is_integer():
        return _whole(number)
    # All NaN have the same bytes.
    return b"f" + struct.pack("<d", number if number == number else float("nan"))


def _rational(value):
    """A fraction or a decimal number: as a float if it is one."""
    try:
        number = float(value)
    except OverflowError:
        return _ratio(value)
    return _float(number) if number == value or number != number else _ratio(value)


def _ratio(value):
    """A finite number that is no float."""
    numerator, denominator = value.as_integer_ratio()
    return _whole(numerator) if denominator == 1 else _parts(b"q", [_whole(numerator), _whole(denominator)])


def _complex(value):
    return _float(value.real) if value.imag == 0 else _parts(b"c", [_float(value.real), _float(value.imag)])


def _name(value):
    return b"g" + f"{value.__module__}.{value.__qualname__}".encode()


def _reduced(value):
    """An object by its class and state, as pickle takes it apart."""
    reduce = copyreg.dispatch_table.get(type(value))
    found = reduce(value) if reduce else value.__reduce_ex__(4)
    if isinstance(found, str):
        return b"g" + f"{type(value).__module__}.{found}".encode()
    function, arguments, state, items, pairs = (*found, None, None, None)[:5]
    items, pairs = None if items is None else list(items), None if pairs is None else dict(pairs)
    return _parts(b"o", [_encoded(part) for part in (function, arguments, state, items, pairs)])


def _sequence(tag):
    return lambda values: _parts(tag, [_encoded(value) for value in values])


def _set(values):
    return _parts(b"z", sorted(_encoded(value) for value in values))


def _dict(values):
    pairs = sorted((_encoded(key), _encoded(value)) for key, value in values.items())
    return _parts(b"d", [part for pair in pairs for part in pair])


_ENCODERS = {
    str: lambda value: b"s" + value.encode("utf-8", "surrogatepass"),
    int: _whole,
    float: _float,
    tuple: _sequence(b"t"),
    bytes: lambda value: b"b" + value,
    complex: _complex,
    (numpy.bool_, numpy.integer): _whole,
    numpy.floating: _float,
    numpy.complexfloating: _complex,
    (fractions.Fraction, decimal.Decimal): _rational,
    (types.NoneType, types.EllipsisType): lambda value: b"n" + repr(value).encode(),
    (frozenset, set): _set,
    # Parts of the state of other objects.
    list: _sequence(b"l"),
    dict: _dict,
    _NAMED: _name,
}
