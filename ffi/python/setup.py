"""Builds the extension modules: `daparray._daparray`, and `daparray.array._engine` where there is
an MPI.

    DAPARRAY_MPI=no pip install ./ffi/python      leaves the second one out
    DAPARRAY_MPI=yes pip install ./ffi/python     fails where there is no MPI
    MPICC=mpicc.mpich pip install ./ffi/python    chooses the MPI
    DAPARRAY_HDF5=yes pip install ./ffi/python    fails where there is no HDF5 library (`no` leaves it out)
    HDF5_DIR=/opt/hdf5 pip install ./ffi/python   chooses the HDF5 library
    DAPARRAY_ZARR=yes pip install ./ffi/python    fails where Rust is older than 1.91 (`no` leaves Zarr out)

SETUPTOOLS_RUST_CARGO_PROFILE chooses cargo's profile.
"""

import glob
import os
import pathlib
import re
import shutil
import subprocess
import tomllib

from setuptools import setup
from setuptools_rust import Binding, RustExtension

root = pathlib.Path(__file__).resolve().parents[2]
workspace = tomllib.loads((root / "Cargo.toml").read_text())["workspace"]

# Beside the files of cargo, so that the folder of the sources stays as it is. Files of an earlier
# build would go into the wheel.
build = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", root / "target")).resolve() / "python"
shutil.rmtree(build, ignore_errors=True)
build.mkdir(parents=True)

mpicc = os.environ.get("MPICC", "mpicc")
wanted = os.environ.get("DAPARRAY_MPI", "auto")
if wanted not in ("auto", "yes", "no"):
    raise SystemExit(f"DAPARRAY_MPI is {wanted!r}: auto, yes or no")
with_mpi = wanted != "no" and shutil.which(mpicc) is not None
if not with_mpi and (wanted == "yes" or wanted == "auto" and "MPICC" in os.environ):
    raise SystemExit(f"there is no MPI compiler {mpicc!r}: install an MPI with its headers, or name its compiler by MPICC")

# The HDF5 library without MPI: the bindings take the folder that HDF5_DIR names. Debian has one for
# each kind of the library.
wanted = os.environ.get("DAPARRAY_HDF5", "auto")
if wanted not in ("auto", "yes", "no"):
    raise SystemExit(f"DAPARRAY_HDF5 is {wanted!r}: auto, yes or no")
folders = [os.environ["HDF5_DIR"]] if "HDF5_DIR" in os.environ else [*glob.glob("/usr/lib/*/hdf5/serial"), "/usr/local", "/usr"]
hdf5 = next((folder for folder in folders if os.path.exists(f"{folder}/include/hdf5.h")), None) if wanted != "no" else None
if hdf5:
    os.environ["HDF5_DIR"] = hdf5
elif wanted == "yes":
    raise SystemExit("there is no HDF5 library: install it with its headers (Debian: libhdf5-dev), or name its folder by HDF5_DIR")


# Rust's version, which the crate `zarrs` asks for.
wanted = os.environ.get("DAPARRAY_ZARR", "auto")
if wanted not in ("auto", "yes", "no"):
    raise SystemExit(f"DAPARRAY_ZARR is {wanted!r}: auto, yes or no")
compiler = os.environ.get("RUSTC") or shutil.which("rustc")
rust = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout if compiler else ""
version = [int(number) for number in re.findall(r"\d+", rust)[:2]]
zarr = wanted != "no" and version >= [1, 91]
if wanted == "yes" and not zarr:
    raise SystemExit(f"Zarr takes Rust 1.91 or later, and this is {rust.strip()!r}: update Rust")


def extension(module, folder, **options):
    return RustExtension(module, path=str(root / folder / "Cargo.toml"), binding=Binding.PyO3, debug=False, **options)


extensions = [extension("daparray._daparray", "ffi/python")]
if with_mpi:
    extensions.append(extension("daparray.array._engine", "ffi/mpi/python", features=[*["hdf5"] * bool(hdf5), *["zarr"] * zarr]))

setup(
    version=workspace["package"]["version"],
    rust_extensions=extensions,
    zip_safe=False,
    options={
        "build": {"build_base": str(build)},
        "egg_info": {"egg_base": str(build)},
        # The stable ABI of this version of Python, as pyo3's feature `abi3-py311` says.
        "bdist_wheel": {"py_limited_api": "cp311"},
    },
)
