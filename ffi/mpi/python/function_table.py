"""Writes the page of all functions of `daparray.array`, with what each of them moves.

    python function_table.py ../../../spec/guide/array-functions.md

The test `test_function_table.py` compares the page with what this writes. A name stands in
`GROUPS`, with what it moves, or in `MISSING`, if an array of this kind is expected to have it.
"""

import functools
import pathlib
import sys

import numpy

import daparray.array as da

# The elements that functions of a kind move.
NOTHING = "nothing"
VIEW = "nothing: a view"
ALIGNED = "nothing where the operands lie alike; else all but the largest operand; of shifted slices their halo alone"
SELECTED = "the indices to the owners of their elements, and these to the ranks of the result"
SCALAR = "one partial result from each rank; along some axes one for each line, among the ranks of the line"
KEYS = "each element, or its key and index, once to the rank of its place; nothing along axes that a rank has whole"
PANELS = "panels of the operands to the ranks of the product, or a small operand to those of a large one"
EXCHANGED = "nothing for an axis that no rank shares with others; else each rank's elements once to exchange axes, and once back (see [Fourier transforms](fourier.md))"
PIECES = "elements whose place in the result is on another rank"

GROUPS = [
    ("New arrays", NOTHING, """
     empty zeros ones full empty_like zeros_like ones_like full_like arange linspace logspace
     eye indices copy from_dlpack tril triu geomspace identity mgrid ogrid tri
     """, {
        "array asarray": "nothing of values and of other libraries' memory; of an array with `distribution=` the elements that change their rank",
        "from_root": "all elements, from one rank to those that hold them",
        "from_local": "descriptions of the sections; no element",
        "fromfunction": "one message, to agree on errors",
        "meshgrid": "the elements of the vectors, if they change their rank",
    }),
    ("Element-wise", ALIGNED, """
     abs absolute acos acosh add arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin
     asinh astype atan atan2 atanh bitwise_and bitwise_invert bitwise_left_shift bitwise_or
     bitwise_right_shift bitwise_xor cbrt ceil clip conj conjugate copysign cos cosh divide
     equal erf exp exp2 expm1 floor floor_divide fmod greater greater_equal hypot imag invert
     isclose isfinite isinf isnan left_shift less less_equal log log10 log1p log2 logaddexp
     logical_and logical_not logical_or logical_xor maximum minimum multiply negative nextafter
     not_equal positive pow power real reciprocal remainder right_shift round sign signbit sin
     sinh sqrt square subtract tan tanh trunc where angle around bitwise_not deg2rad degrees fmax
     fmin mod nan_to_num rad2deg radians rint select true_divide
     """, {}),
    ("Reductions", SCALAR, """
     all amax amin any argmax argmin array_equal average count_nonzero max mean min nanargmax
     nanargmin nanmax nanmean nanmin nanprod nanstd nansum nanvar prod ptp std sum trace var
     allclose
     """, {
        "cumulative_sum cumulative_prod cumulative_max cumulative_min":
            "one partial result for each line and earlier rank; first the array to blocks, if the axis is distributed otherwise",
        "cumsum cumprod nancumsum nancumprod": "as `cumulative_sum`; without an axis as `ravel`, too",
        "cov corrcoef": "a row of partial results for each variable, and each variable to the ranks of all",
    }),
    ("Shapes", VIEW, """
     broadcast_arrays broadcast_to expand_dims flip matrix_transpose moveaxis permute_dims
     rot90 split squeeze swapaxes transpose unstack array_split atleast_1d atleast_2d atleast_3d
     dsplit fliplr flipud hsplit rollaxis vsplit
     """, {
        "reshape ravel": "nothing where only axes of one element come or go; else " + PIECES,
        "append column_stack concat concatenate dstack hstack pad repeat roll row_stack stack tile vstack": PIECES,
        "diagonal diag diagflat": SELECTED,
        "diff gradient trapezoid": "one element for each line from the neighbours along the axis",
        "broadcast_shapes ndim shape size": NOTHING,
    }),
    ("Indexing and searching", SELECTED, "take take_along_axis put", {
        "nonzero argwhere flatnonzero": "one count from each rank; the indices, where the ranks' order is not that of the elements",
        "digitize": NOTHING,
        "searchsorted isin": "each element to the rank of its place in the sorted array, and the place back; of `isin` the others, to be sorted",
    }),
    ("Sorting", KEYS, """
     sort argsort topk unique unique_all unique_counts unique_inverse unique_values
     """, {
        "median nanmedian quantile nanquantile percentile nanpercentile": "counts of ranges, up to four times, or lines to ranks that have them whole",
        "histogram bincount": "one count from each rank for each bin; elements that have weights to the ranks of their bins",
    }),
    ("Groups", "labels to the ranks of the axis, the label and size of each group to all; in a reduction a partial result for each group and line to the group's owner (see [Groups](groups.md))", "groupby", {}),
    ("Files", "nothing; to and from the disk, elements that first move to be consecutive", """
     load save
     """, {
        "append_to_file": "elements that first move such that each rank has whole chunks; to the disk, of HDF5 with a copy of the file",
        "load_attributes": "the attributes, from rank 0 to all",
        "traced_files FileTrace": "a row for each rank and file, to all ranks",
    }),
    ("Products", PANELS, """
     matmul dot tensordot einsum inner outer kron
     """, {
        "vecdot vdot cross": ALIGNED,
    }),
    ("Fourier transforms", EXCHANGED, """
     fft.fft fft.ifft fft.rfft fft.irfft fft.hfft fft.ihfft fft.fftn fft.ifftn fft.rfftn fft.irfftn
     fft.fft2 fft.ifft2 fft.rfft2 fft.irfft2
     """, {
        "fft.fftfreq fft.rfftfreq": NOTHING,
        "fft.fftshift fft.ifftshift": PIECES,
    }),
    ("Functions of the user", "one message, to agree on errors; as element-wise functions, if operands lie otherwise", "map", {
        "map_with_index map_local": "one message, to agree on errors",
        "reduce scan": "partial results to the next rank of a line, at most log2(n) elements a line",
        "stencil": "the neighbours that other ranks hold, while the interior is computed; first the array to blocks, if it is cyclic",
        "explain_stencil": NOTHING,
    }),
    ("Types and context", NOTHING,
     """can_cast finfo iinfo isdtype promote_types result_type strict default_context ddata""", {
        "DistDict": "operations to the owners of their keys, and values back (see [Distributed dictionary](dictionary.md))",
    }),
]

# Expected, and not there yet: by the work that brings them.
MISSING = {}

INTRODUCTION = """# Functions of distributed arrays

`import daparray.array as da`: each function takes arrays of any distribution. The table is made by
[`function_table.py`](../../ffi/mpi/python/function_table.py) from the functions themselves.

*Moves* says which elements go from rank to rank. None of these functions collects an array on one
rank, or on all; `x.gather()` and `x.show()` do that. Results are in the distribution of the
operand, or of the largest one, unless the description says otherwise.
"""

# Not functions of arrays.
OTHERS = {
    "Array", "Context", "DData", "Group", "GroupBy", "ndarray", "newaxis", "dtype", "index_exp", "s_", "e", "euler_gamma", "inf", "nan",
    "pi", "__array_api_version__", "__array_namespace_info__", "fft", "linalg", "random",
}  # fmt: skip


# Modules whose functions have rows, too.
MODULES = ("fft",)


def attribute(name):
    """The function of a name, of a module with a dot."""
    return functools.reduce(getattr, name.split("."), da)


def public_names():
    """The names of the package, and of its modules."""
    return [*da.__all__, *(f"{module}.{name}" for module in MODULES for name in attribute(module).__all__)]


def rows():
    """(group, name, what moves) of each function."""
    for title, moves, names, others in GROUPS:
        found = [(name, moves) for name in names.split()]
        found += [(name, text) for several, text in others.items() for name in several.split()]
        yield from ((title, name, text) for name, text in sorted(found))


def _is_type(thing):
    return isinstance(thing, type) and issubclass(thing, numpy.generic)


def mistakes():
    """Names without a row, rows without a function, and missing names that are there."""
    listed = [name for _, name, _ in rows()]
    public = {name for name in public_names() if not _is_type(attribute(name))} - OTHERS
    there = [name for names in MISSING.values() for name in names.split() if hasattr(da, name)]
    return {
        "without a row": sorted(public - set(listed)),
        "not there": sorted(set(listed) - set(public_names())),
        "listed twice": sorted({name for name in listed if listed.count(name) > 1}),
        "missing, and there": there,
    }


def sentence(function):
    """The first sentence of a function's documentation, up to a colon."""
    text = " ".join((function.__doc__ or "").strip().split("\n\n")[0].split())
    return text.split(". ")[0].rstrip(".").replace("|", "\\|")


def page():
    """The page."""
    parts = [INTRODUCTION]
    title = None
    for group, name, moves in rows():
        if group != title:
            title = group
            parts.append(("" if parts[-1].endswith("\n") else "\n") + f"## {title}\n\n| name | result | moves |\n|---|---|---|")
        parts.append(f"| `{name}` | {sentence(attribute(name))} | {moves} |")
    if MISSING:
        parts.append("\n## Not there yet\n\n| work | names |\n|---|---|")
    parts += [f"| {work} | {', '.join(f'`{name}`' for name in names.split())} |" for work, names in MISSING.items()]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    pathlib.Path(sys.argv[1]).write_text(page())
