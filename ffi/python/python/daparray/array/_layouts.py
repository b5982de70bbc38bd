"""Layouts between the two extension modules, and the indices that a rank owns.

A placement is a tuple `(dimensions, ranks)`; `src/layout.rs` of the engine describes it.
"""

import numpy

from .. import Block, Cyclic, Layout, Unstructured


def of_layout(layout):
    """The placement of a `Layout` whose section r lies on rank r. Communication padding is left
    out: operations fetch the neighbours that they need."""
    return [_dim_tuple(dim) for dim in layout.dims], None


def _dim_tuple(dim):
    ranks = range(dim.grid_size)
    if dim.dist_type == "u":
        return "u", dim.size, False, [[dim.global_index(rank, at) for at in range(dim.extent(rank))] for rank in ranks]
    if dim.dist_type == "c":
        return "c", dim.size, dim.grid_size, dim.block_size, dim.owner(0)[0] if dim.size else 0
    bounds = [0]
    for rank in ranks:
        bounds.append(bounds[-1] + dim.owned_len(rank))
    return "b", bounds


def to_layout(placement):
    """The `Layout` of a placement."""
    return Layout([_dim(*dim) for dim in placement[0]])


def _dim(kind, *values):
    if kind == "b":
        return Block(bounds=values[0])
    if kind == "c":
        size, grid_size, block_size, source = values
        return Cyclic(size, grid_size, block_size, source=source)
    size, one_to_one, lists = values
    return Unstructured(lists, size=size, one_to_one=one_to_one)


def _owned(dim, grid_rank):
    """The global indices that a process owns along a dimension without padding, in the order of its
    section."""
    found = numpy.empty(dim.owned_len(grid_rank), numpy.int64)
    if dim.dist_type == "u":
        found[:] = [dim.global_index(grid_rank, at) for at in range(len(found))]
        return found
    for group in dim.owned(grid_rank):
        for k in range(group.count):
            begin = group.local_start + k * group.local_stride
            start = group.global_start + k * group.global_stride
            found[begin : begin + group.length] = numpy.arange(start, start + group.length)
    return found


def owned_indices(placement, section):
    """The global indices of a section's elements, an array for each dimension."""
    layout = to_layout(placement)
    return [_owned(dim, grid_rank) for dim, grid_rank in zip(layout.dims, layout.coordinates(section), strict=True)]
