"""The profile `reference-0.10` gives the 2014 validator's verdicts on thousands of bad exports."""

import array
import copy
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest
import warnings

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

VALIDATE = os.environ.get("DAP_VALIDATE")

BLOCK = {"dist_type": "b", "size": 20, "proc_grid_size": 4, "proc_grid_rank": 1, "start": 5, "stop": 10}
CYCLIC = {"dist_type": "c", "size": 20, "proc_grid_size": 4, "proc_grid_rank": 1, "start": 2, "block_size": 2}
UNSTRUCTURED = {"dist_type": "u", "size": 5, "proc_grid_size": 1, "proc_grid_rank": 0, "indices": [3, 1, 0, 4, 2]}
KEYS = sorted({*BLOCK, *CYCLIC, *UNSTRUCTURED, "padding", "periodic", "one_to_one", "spelling"})
VALUES = [-1, 0, 1, 2, 5, 21, 2**70, True, 1.5, 4.0, "b", "c", "u", "n", "x", None, [], [1, 1], [0, 0.5], [1, 2, 3], {}]
VERSIONS = ["0.10.0", "0.10", "0.9.0", "1.0.0", "0.11.0", "x", 10, None]


def reference():
    warnings.simplefilter("ignore")
    import distarray_shim  # noqa: F401
    from distarray.externals import protocol_validator

    return protocol_validator


def broken(rng):
    """An export with up to three mistakes."""
    dims = [copy.deepcopy(rng.choice([BLOCK, CYCLIC, UNSTRUCTURED, {}])) for _ in range(rng.randint(0, 3))]
    export = {"__version__": "0.10.0", "buffer": {"dtype": "<f8", "shape": [5] * len(dims)}, "dim_data": dims}
    for _ in range(rng.randint(0, 3)):
        what = rng.random()
        if what < 0.06:
            export["__version__"] = rng.choice(VERSIONS)
        elif what < 0.09:
            export.pop(rng.choice(list(export)), None)
        elif what < 0.11:
            export["spelling"] = 1
        elif what < 0.14 and "buffer" in export:
            export["buffer"]["shape"] = [5] * rng.randint(0, 3)
        elif dims:
            dim = rng.choice(dims)
            if what < 0.35 and dim:
                dim.pop(rng.choice(list(dim)))
            else:
                dim[rng.choice(KEYS)] = copy.deepcopy(rng.choice(VALUES))
    return export


def as_python(export):
    """The objects that a Python producer of this JSON would have returned: tuples, and buffers."""
    import numpy

    result = dict(export)
    if "buffer" in result:
        result["buffer"] = memoryview(numpy.empty(result["buffer"]["shape"]))
    if "dim_data" in result:
        dims = []
        for dim in result["dim_data"]:
            dim = dict(dim)
            if isinstance(dim.get("padding"), list):
                dim["padding"] = tuple(dim["padding"])
            if isinstance(dim.get("indices"), list):
                whole = all(isinstance(index, int) for index in dim["indices"])
                dim["indices"] = array.array("q" if whole else "d", dim["indices"])
            dims.append(dim)
        result["dim_data"] = tuple(dims)
    return result


def verdict(validator, export):
    try:
        return "accepts" if validator.validate(as_python(export))[0] else "rejects"
    except Exception:
        return "crashes"


@unittest.skipUnless(VALIDATE, "DAP_VALIDATE names no dap-validate to compare with")
class Reference(unittest.TestCase):
    def test_profile_gives_the_verdicts_of_the_2014_validator(self):
        rng = random.Random(2014)
        exports = [broken(rng) for _ in range(6000)]
        validator = reference()
        expected = [verdict(validator, export) for export in exports]
        self.assertGreater(min(expected.count(word) for word in ("accepts", "rejects", "crashes")), 100)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "exports.ndjson")
            path.write_text("".join(json.dumps(export) + "\n" for export in exports))
            found = ["accepts"] * len(exports)
            command = [VALIDATE, "check", "--profile", "reference-0.10", "--partial", "--output-format", "json", str(path)]
            report = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
        for diagnostic in report["diagnostics"]:
            word = {"DAP198": "rejects", "DAP199": "crashes"}[diagnostic["rule"]]
            for first, last in diagnostic["ranks"]:
                found[first:last + 1] = [word] * (last + 1 - first)
        differing = [(e, f, json.dumps(x)) for e, f, x in zip(expected, found, exports) if e != f]
        self.assertEqual(differing[:5], [], f"{len(differing)} differ (reference, ours, export)")


if __name__ == "__main__":
    unittest.main()
