"""Programs for NumPy in both namespaces: all ranks run this program, `test_array.py` starts it."""

import numpy
import numpy_programs

import daparray.array as da


def main():
    field = numpy.random.default_rng(5).normal(size=(16, 16)) * 3
    for program in numpy_programs.PROGRAMS:
        expected = program(numpy, field.copy())
        for kinds in (None, ("cyclic",), ("none", "block"), (("cyclic", 3), "block")):
            found = program(da, da.asarray(field, distribution=kinds))
            for theirs, ours in zip(expected, found, strict=True):
                assert isinstance(ours, da.Array), f"{program.__name__}: {type(ours)}"
                where = f"{program.__name__} {kinds}"
                numpy.testing.assert_allclose(ours.gather(), theirs, rtol=1e-9, atol=1e-11, err_msg=where)
    if da.default_context().rank == 0:
        print(f"ranks {da.default_context().size}, programs {len(numpy_programs.PROGRAMS)}", flush=True)


main()
