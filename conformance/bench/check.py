"""Checks exports, beside the 2014 validator and at the size of a million ranks.

    python conformance/bench/check.py [--ranks N] [--pairs N]

Prints three tables, and writes the same figures to `target/bench/check.json`:

1. One export by itself: the reference validator (`distarray.externals.protocol_validator`, run from
   DistArray 0.6) and dap-core's checker on the same dictionaries, in pairs, one after the other.
   The reference checks less: it never looks at extents, nor at other ranks. The ratio is the median
   over the pairs.
2. A million ranks as text, one export per line: the time and the memory of `dap-validate check`,
   with no errors, and with errors on every rank.
3. The same at a quarter and a half of the size: cost should grow with the text.
"""

import argparse
import array
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
sys.path.insert(0, str(ROOT / "conformance" / "dump"))


def reference():
    """The real 2014 validator."""
    warnings.simplefilter("ignore")
    import distarray_shim  # noqa: F401  lets DistArray import on current Pythons
    from distarray.externals import protocol_validator

    return protocol_validator


def examples(validator):
    """The valid examples that the reference accepts, as text and as its dictionaries."""
    import numpy

    lines, dictionaries = [], []
    folder = ROOT / "conformance" / "examples"
    index = json.loads((folder / "index.json").read_text())
    for path in sorted(folder.glob("*/rank-*.json")):
        if not index[path.parent.name]["valid"]:
            continue
        export = json.loads(path.read_text())
        try:
            buffer = memoryview(numpy.empty(export["buffer"]["shape"], export["buffer"]["dtype"]))
        except (TypeError, ValueError):
            continue
        dim_data = tuple(dict(dim) for dim in export["dim_data"])
        for dim in dim_data:
            if "padding" in dim:
                dim["padding"] = tuple(dim["padding"])
            if "indices" in dim:
                dim["indices"] = array.array("q", dim["indices"])
        dictionary = {"__version__": export["__version__"], "buffer": buffer, "dim_data": dim_data}
        try:
            accepted = validator.validate(dictionary)[0]
        except Exception:
            accepted = False
        if accepted:
            lines.append(json.dumps(export))
            dictionaries.append(dictionary)
    return lines, dictionaries


def time_reference(validator, dictionaries):
    """Nanoseconds for one export: the lowest of many passes."""
    best = float("inf")
    begin = time.perf_counter()
    while time.perf_counter() - begin < 0.3:
        start = time.perf_counter()
        for dictionary in dictionaries:
            validator.validate(dictionary)
        best = min(best, time.perf_counter() - start)
    return best / len(dictionaries) * 1e9


def pairs(count):
    """Both checkers on the same exports, one after the other, `count` times, by number of
    dimensions."""
    validator = reference()
    lines, dictionaries = examples(validator)
    program = TARGET / "release" / "examples" / "time_check"
    rows = []
    groups = {"all": range(len(lines))}
    for ndim in (1, 2, 3):
        groups[f"{ndim}-D"] = [i for i, d in enumerate(dictionaries) if len(d["dim_data"]) == ndim]
    with tempfile.TemporaryDirectory() as folder:
        for name, group in groups.items():
            path = pathlib.Path(folder, "exports.ndjson")
            path.write_text("".join(lines[i] + "\n" for i in group))
            chosen = [dictionaries[i] for i in group]
            measured = []
            for _ in range(count):
                ours = float(subprocess.check_output([program, path], text=True).split()[0])
                measured.append((time_reference(validator, chosen), ours))
            ratios = [theirs / ours for theirs, ours in measured]
            rows.append({
                "exports": name,
                "count": len(chosen),
                "reference_ns": statistics.median(theirs for theirs, _ in measured),
                "ours_ns": statistics.median(ours for _, ours in measured),
                "ratio": statistics.median(ratios),
                "ratio_lowest": min(ratios),
                "ratio_highest": max(ratios),
            })
    return rows


def check(path):
    """Seconds, peak memory in bytes and exit status of `dap-validate check`."""
    program = TARGET / "release" / "dap-validate"
    begin = time.perf_counter()
    process = subprocess.Popen([program, "check", "--no-progress", path], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - begin, usage.ru_maxrss * 1024, os.waitstatus_to_exitcode(status)


def generate(path, ranks, wrong):
    """Write at most `ranks` exports of a padded block, a block-cyclic and a block dimension."""
    width = min(ranks, 100)
    grid = max(ranks // (width * width), 1), width, width
    shape = 10 * grid[0], 20 * grid[1], 9 * grid[2]
    program = TARGET / "release" / "dap-validate"
    recipe = ["--shape=%d,%d,%d" % shape, "--grid=%d,%d,%d" % grid, "--dist=b,c:4,b"]
    padding = ["--halo=0:1", "--boundary=0:1,1"]
    mistake = ["--break=DAP404", "--everywhere"] if wrong else []
    subprocess.run([program, "gen", *recipe, *padding, *mistake, "-o", path], check=True)


def bulk(ranks, count):
    """A million ranks, and parts of a million."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "ranks.ndjson")
        for part, wrong in ((4, False), (2, False), (1, False), (1, True)):
            generate(path, ranks // part, wrong)
            size = path.stat().st_size
            runs = [check(path) for _ in range(count)]
            expected = 1 if wrong else 0
            assert all(status == expected for _, _, status in runs), runs
            rows.append({
                "ranks": ranks // part,
                "every_rank_wrong": wrong,
                "bytes": size,
                "seconds": statistics.median(seconds for seconds, _, _ in runs),
                "seconds_best": min(seconds for seconds, _, _ in runs),
                "peak_memory_bytes": max(memory for _, memory, _ in runs),
                "memory_over_file": max(memory for _, memory, _ in runs) / size,
            })
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ranks", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=7)
    arguments = parser.parse_args()

    single = pairs(arguments.pairs)
    print("one export by itself, median of", arguments.pairs, "pairs")
    print(f"{'exports':>8} {'count':>6} {'reference':>12} {'ours':>10} {'ratio':>7}  lowest to highest")
    for row in single:
        print(f"{row['exports']:>8} {row['count']:>6} {row['reference_ns']:>9.0f} ns {row['ours_ns']:>7.1f} ns "
              f"{row['ratio']:>6.0f}x  {row['ratio_lowest']:.0f} to {row['ratio_highest']:.0f}")

    text = bulk(arguments.ranks, 3)
    print("\nall ranks from text, one export per line, median of 3")
    print(f"{'ranks':>9} {'file':>9} {'wrong':>6} {'time':>8} {'best':>8} {'memory':>9} {'of file':>8}")
    for row in text:
        print(f"{row['ranks']:>9} {row['bytes'] / 1e6:>6.0f} MB {'every' if row['every_rank_wrong'] else 'none':>6} "
              f"{row['seconds']:>6.2f} s {row['seconds_best']:>6.2f} s {row['peak_memory_bytes'] / 1e6:>6.0f} MB "
              f"{row['memory_over_file']:>7.2f}x")

    folder = TARGET / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"cores": os.cpu_count(), "python": sys.version.split()[0]}
    result = {"machine": machine, "single": single, "text": text}
    (folder / "check.json").write_text(json.dumps(result, indent=2) + "\n")
    print("\nwritten:", folder / "check.json")


if __name__ == "__main__":
    main()
