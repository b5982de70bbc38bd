"""The real BLACS and ScaLAPACK by `ctypes`: as much of them as `solve.py` and the tests need."""

import ctypes

LIBRARY = ctypes.CDLL("libscalapack-openmpi.so.2.2", mode=ctypes.RTLD_GLOBAL)


def integers(*numbers):
    return [ctypes.byref(ctypes.c_int(number)) for number in numbers]


class Grid:
    """A BLACS grid over all processes, counted along its rows ("Row") or down its columns
    ("Col")."""

    def __init__(self, rows, columns, order="Row"):
        context, zero = ctypes.c_int(), 0
        LIBRARY.Cblacs_get(-1, zero, ctypes.byref(context))
        LIBRARY.Cblacs_gridinit(ctypes.byref(context), order.encode(), rows, columns)
        self.context, self.rows, self.columns = context.value, rows, columns
        at = [ctypes.c_int() for _ in range(4)]
        LIBRARY.Cblacs_gridinfo(self.context, *map(ctypes.byref, at))
        self.row, self.column = at[2].value, at[3].value

    def numroc(self, size, block, source, across):
        place, count = (self.column, self.columns) if across else (self.row, self.rows)
        return LIBRARY.numroc_(*integers(size, block, place, source, count))

    def descriptor(self, m, n, mb, nb, rsrc=0, csrc=0, lld=None):
        desc, info = (ctypes.c_int * 9)(), ctypes.c_int()
        lld = max(1, self.numroc(m, mb, rsrc, False)) if lld is None else lld
        LIBRARY.descinit_(desc, *integers(m, n, mb, nb, rsrc, csrc, self.context, lld), ctypes.byref(info))
        assert info.value == 0, info.value
        return list(desc)

    def global_index(self, local, block, source, across):
        """INDXL2G, counting from 0."""
        place, count = (self.column, self.columns) if across else (self.row, self.rows)
        return LIBRARY.indxl2g_(*integers(local + 1, block, place, source, count)) - 1

    def exit(self):
        LIBRARY.Cblacs_gridexit(self.context)


def gemr2d(m, n, a, desc_a, b, desc_b, context):
    """PDGEMR2D, ScaLAPACK's own redistribution."""
    LIBRARY.pdgemr2d_(*integers(m, n), _pointer(a), *integers(1, 1), (ctypes.c_int * 9)(*desc_a), _pointer(b), *integers(1, 1),
                      (ctypes.c_int * 9)(*desc_b), *integers(context))  # fmt: skip


def gesv(n, right, a, desc_a, b, desc_b):
    """PDGESV: solves in place, `b` becomes the solution."""
    info = ctypes.c_int()
    pivots = (ctypes.c_int * (desc_a[8] + desc_a[4] + n))()
    LIBRARY.pdgesv_(*integers(n, right), _pointer(a), *integers(1, 1), (ctypes.c_int * 9)(*desc_a), pivots, _pointer(b), *integers(1, 1),
                    (ctypes.c_int * 9)(*desc_b), ctypes.byref(info))  # fmt: skip
    return info.value


def _pointer(array):
    return ctypes.c_void_p(array.__array_interface__["data"][0])
