"""Compare a validator's verdicts with those of the oracle.

    python compare_verdicts.py DIRECTORY --validator target/release/dap-validate

`DIRECTORY/index.json` gives the verdict for each directory beside it (made by
`distarray_exports.py`, or `conformance/examples/index.json`). The validator is run once for each,
as `VALIDATOR check --output-format json DIRECTORY/<case>`, and must exit with 0 for a valid array
and with 1 for an invalid one. For an invalid array, the report must hold at least one diagnostic of
severity error, and one of each rule that the index lists under `rules`.

Prints the disagreements and a count. Exit status 0: all agree; 1: some do not; 2: the comparison
could not run.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys


def main(arguments=None):
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(description="Compare a validator's verdicts with an index.")
    parser.add_argument("directory", metavar="DIRECTORY", help="holds index.json and the cases")
    parser.add_argument("--validator", required=True, metavar="PATH", help="the dap-validate to run")
    parser.add_argument("--only", default="", metavar="TEXT", help="only cases whose name holds this")
    parser.add_argument("--show", type=int, default=20, metavar="N", help="disagreements to print")
    options = parser.parse_args(arguments)
    try:
        with open(os.path.join(options.directory, "index.json")) as file:
            index = json.load(file)
        disagreements, compared = compare(options, index)
    except OSError as error:
        print("compare_verdicts: %s" % error, file=sys.stderr)
        return 2
    if not compared:
        print("compare_verdicts: no case to compare", file=sys.stderr)
        return 2
    for line in disagreements[: options.show]:
        print(line)
    if len(disagreements) > options.show:
        print("... and %d more" % (len(disagreements) - options.show))
    print("%d of %d verdicts agree" % (compared - len(disagreements), compared))
    return 1 if disagreements else 0


def compare(options, index):
    """Return the disagreements as sentences, and the number of compared cases."""
    names = [name for name in sorted(index) if "valid" in index[name] and options.only in name]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = pool.map(lambda name: checked(options.validator, options.directory, name), names)
        found = [disagreement(name, index[name], answer) for name, answer in zip(names, answers)]
    return [text for text in found if text], len(names)


def checked(validator, directory, name):
    """Run the validator; return its exit status, its report (or None) and its other output."""
    command = [validator, "check", "--output-format", "json", os.path.join(directory, name)]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    try:
        report = json.loads(run.stdout)
    except ValueError:
        report = None
    return run.returncode, report, run.stderr.decode(errors="replace").strip()


def disagreement(name, entry, answer):
    """Return the fault of the validator's answer, or None."""
    status, report, complaint = answer
    expected = 0 if entry["valid"] else 1
    if report is None:
        return "%s: exit %d and no JSON report: %s" % (name, status, complaint[:200])
    errors = [d for d in report.get("diagnostics", []) if d.get("severity") == "error"]
    if status != expected:
        why = errors[0].get("message") if errors else "; ".join(reasons(entry)) or "nothing"
        return "%s: exit %d, expected %d: %s" % (name, status, expected, why)
    if bool(errors) == entry["valid"]:
        return "%s: exit %d with %d errors in the report" % (name, status, len(errors))
    missing = set(entry.get("rules", [])) - {d.get("rule") for d in errors}
    if missing:
        return "%s: no %s among %s" % (name, ", ".join(sorted(missing)), sorted({d.get("rule") for d in errors}))
    return None


def reasons(entry):
    return entry.get("violations") or [entry.get("reason") or ""]


if __name__ == "__main__":
    sys.exit(main())
