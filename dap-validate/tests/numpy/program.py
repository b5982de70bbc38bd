"""Runs `dap-validate`."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("DAP_VALIDATE") or ROOT / "target/release/dap-validate"


def outcome(*args, stdin=""):
    """Exit status, standard output and standard error."""
    done = subprocess.run([PROGRAM, *map(str, args)], input=stdin, capture_output=True, text=True, timeout=600)
    return done.returncode, done.stdout, done.stderr


def run(*args, stdin=""):
    """Standard output of a run that succeeds."""
    status, out, err = outcome(*args, stdin=stdin)
    if status:
        raise AssertionError(f"{args} ended with {status}: {err}{out}")
    return out
