"""Contexts of the first ranks of a program, to compare numbers of ranks in one launch."""

import daparray.array as da


def contexts(sizes):
    """A context of the first ranks for each of these sizes that there are ranks for, by size. A
    rank has those that it is in. Collective."""
    whole = da.default_context()
    made = {size: whole.split(0 if whole.rank < size else None) for size in sizes if size <= whole.size}
    return {size: context for size, context in made.items() if context is not None}
