//! The libraries whose metadata is understood, and the list of them for the user.

use std::io::{self, Write};

use super::library::Library;
use super::raw::RawValue;
use super::{
    boxes, chapel, darray, dask, global_arrays, heat, jax, julia, mpi4py_fft, numpy, partitioned, petsc4py, scalapack,
    xarray, zarr,
};

/// The libraries, in the order in which descriptions are tried.
pub(super) const LIBRARIES: &[Library] = &[
    Library {
        name: "heat",
        about: "Heat: a DNDarray",
        each: "each rank",
        needed: "gshape, split, lshape",
        fields: heat::FIELDS,
        refuses: "split null on several ranks (replicas), other devices",
        counted: &[("split", -1), ("partitioned/partitions/*/start/*", -1)],
        says_its_place: |raw| raw.has("lshape_map") || raw.has("partitioned"),
        recognises: heat::recognises,
        convert: heat::convert,
    },
    Library {
        name: "mpi4py-fft",
        about: "mpi4py-fft: a DistArray or a Pencil",
        each: "each rank",
        needed: "substart, subcomm as [size, rank] of each axis (or commsizes); global_shape and shape, or shape and subshape",
        fields: mpi4py_fft::FIELDS,
        refuses: "ranks that are not in C order (but see --renumber), arrays that each rank holds whole",
        counted: &[
            ("substart/*", -1),
            ("subcomm/*/1", -1),
            ("local_slice/*/*", -1),
            ("local_slice/*/0", -1),
            ("axis", -1),
            ("alignment", -1),
        ],
        says_its_place: |_| true,
        recognises: mpi4py_fft::recognises,
        convert: mpi4py_fft::convert,
    },
    Library {
        name: "petsc4py",
        about: "PETSc: vectors of a DMDA",
        each: "each rank",
        needed: "corners, procs; ghost for local vectors; lsize where there are several degrees of freedom; boundary or lidx for periodic axes",
        fields: petsc4py::DMDA_FIELDS,
        refuses: "twisted boundaries",
        counted: &[
            ("corners/0/*", -1),
            ("ghost/0/*", -1),
            ("ranges/*/*", -1),
            ("granges/*/*", -1),
            ("gvec_range/*", -1),
            ("lidx/*", -1),
        ],
        says_its_place: |_| true,
        recognises: petsc4py::is_dmda,
        convert: petsc4py::dmda,
    },
    Library {
        name: "petsc4py",
        about: "PETSc: a Vec",
        each: "each rank",
        needed: "range",
        fields: petsc4py::VEC_FIELDS,
        refuses: "ghosts appended to a vector",
        counted: &[("range/*", -1), ("range/0", -1), ("range/1", 1), ("ranges/*", -1)],
        says_its_place: |_| true,
        recognises: petsc4py::is_vec,
        convert: petsc4py::vec,
    },
    Library {
        name: scalapack::NAME,
        about: "ScaLAPACK: a descriptor",
        each: "each rank (a list of many arrays will do)",
        needed: "desc of 9 integers, coord in the BLACS grid; order is Row or Col, rank where the list is not in rank order",
        fields: scalapack::FIELDS,
        refuses: "DTYPE other than 1",
        counted: &[("rows/*", -1), ("cols/*", -1), ("coord/*", -1), ("desc/6", -1), ("desc/7", -1)],
        says_its_place: |_| true,
        recognises: scalapack::recognises,
        convert: scalapack::convert,
    },
    Library {
        name: "xarray",
        about: "xarray: a DataArray's chunks",
        each: "once",
        needed: "chunksizes or chunks by dimension, dims for their order; owners as for Dask",
        fields: xarray::FIELDS,
        refuses: "chunks without the order of their dimensions, and what Dask refuses",
        counted: &[("owners/**", -1)],
        says_its_place: |_| true,
        recognises: xarray::recognises,
        convert: xarray::convert,
    },
    Library {
        name: "zarr",
        about: "zarr: an array's metadata, .zarray or zarr.json",
        each: "once",
        needed: "zarr_format, shape, chunks or chunk_grid; owners as for Dask",
        fields: zarr::FIELDS,
        refuses: "irregular chunk grids, groups, more than a million chunks",
        counted: &[("owners/**", -1)],
        says_its_place: |_| true,
        recognises: zarr::recognises,
        convert: zarr::convert,
    },
    Library {
        name: dask::NAME,
        about: "Dask: an array's chunks",
        each: "once",
        needed: "chunks, as JSON or as Python prints them (alone, too, with --from dask); owners, a table of ranks, where a rank has several",
        fields: dask::FIELDS,
        refuses: "unknown (nan) chunk sizes, tables that are no process grid in C order",
        counted: &[("owners/**", -1)],
        says_its_place: |_| true,
        recognises: dask::recognises,
        convert: dask::convert,
    },
    Library {
        name: "partitioned",
        about: "__partitioned__: parts and where they are",
        each: "once, or each rank",
        needed: "shape, partition_tiling, partitions; locals if each rank has its own dictionary",
        fields: partitioned::FIELDS,
        refuses: "replicas, several parts on one process, places that are not in rank order (but see --renumber)",
        counted: &[("partitions/*/start/*", -1), ("partitions/*/location/**", -1)],
        says_its_place: |_| true,
        recognises: partitioned::recognises,
        convert: partitioned::convert,
    },
    Library {
        name: "jax",
        about: "JAX: the shards of an array",
        each: "once, or each rank",
        needed: "shape, shards: of each device index as [start, stop] pairs (null: all of the axis), replica_id, platform",
        fields: jax::FIELDS,
        refuses: "replicas, unreduced axes (partial sums), devices other than CPUs, devices not in C order (but see --renumber)",
        counted: &[("shards/*/index/*/*", -1), ("shards/*/index/*/0", -1), ("shards/*/index/*/1", 1)],
        says_its_place: |_| true,
        recognises: jax::recognises,
        convert: jax::convert,
    },
    Library {
        name: "mpi",
        about: "MPI: the arguments of MPI_Type_create_darray",
        each: "once, or each rank",
        needed: "gsizes, distribs, dargs, psizes, by these names or with array_of_; constants by their names",
        fields: darray::FIELDS,
        refuses: "distributions by number, blocks that hold fewer than all indices",
        counted: &[],
        says_its_place: |_| true,
        recognises: darray::recognises,
        convert: darray::convert,
    },
    Library {
        name: "distributedarrays",
        about: "DistributedArrays.jl: localindices",
        each: "each process, or as Julia prints them",
        needed: "localindices, such as (1:5, 1:3), counted from 1; process where they are not in order",
        fields: julia::FIELDS,
        refuses: "parts that do not form a grid",
        counted: &[],
        says_its_place: |_| true,
        recognises: julia::recognises,
        convert: julia::convert,
    },
    Library {
        name: "chapel",
        about: "Chapel: localSubdomain() of each locale",
        each: "each locale, or as Chapel prints them",
        needed: "localSubdomain, such as {0..4, 0..9} or {0..9 by 2}",
        fields: chapel::FIELDS,
        refuses: "block-cyclic domains, strides that differ",
        counted: &[],
        says_its_place: |_| true,
        recognises: chapel::recognises,
        convert: chapel::convert,
    },
    Library {
        name: "global-arrays",
        about: "Global Arrays: the output of GA_Print_distribution",
        each: "once, as it is printed",
        needed: "the lines from Array Dimensions to the last process",
        fields: global_arrays::FIELDS,
        refuses: "sections that leave indices out",
        counted: &[],
        says_its_place: |_| true,
        recognises: global_arrays::recognises,
        convert: global_arrays::convert,
    },
    Library {
        name: "boxes",
        about: "any program: the box of each rank",
        each: "each rank",
        needed: "global_shape, start, shape; strides, or order C or F",
        fields: boxes::FIELDS,
        refuses: "boxes that do not form a grid, or that overlap",
        counted: &[("start/*", -1)],
        says_its_place: |_| true,
        recognises: boxes::recognises,
        convert: boxes::convert,
    },
    Library {
        name: "numpy",
        about: "NumPy with mpi4py: __array_interface__ on each rank",
        each: "each rank",
        needed: "shape, typestr; axis along which the ranks' parts follow each other (0), or grid",
        fields: numpy::FIELDS,
        refuses: "parts that do not form a grid",
        counted: &[("axis", -1)],
        says_its_place: |_| false,
        recognises: numpy::recognises,
        convert: numpy::convert,
    },
];

/// The library that `--from` names, or all.
#[derive(Clone, Copy)]
pub(super) struct LibraryChoice<'a>(pub(super) Option<&'a str>);

impl LibraryChoice<'_> {
    /// The library whose description this is.
    pub(super) fn of(self, raw: &RawValue<'_>) -> Option<&'static Library> {
        let wanted = |library: &&Library| self.0.is_none_or(|name| library.name == name);
        LIBRARIES.iter().filter(wanted).find(|library| raw.is_object() && (library.recognises)(raw))
    }
}

/// The notes below the list.
const NOTES: &str = "\
A file holds the ranks of an array as a list, or under `ranks`, or one after another. It holds several arrays by name, on
each rank or under `cases`. If there is a file for each rank, it holds one description. The rank of a description is its
`rank`, or else the number in the name of its file. Printed Python is read as well. Two statements of one fact must agree.
";

/// `--list`.
pub(super) fn list(out: &mut impl Write) -> io::Result<()> {
    for library in LIBRARIES {
        writeln!(out, "{:<17} {}", library.name, library.about)?;
        writeln!(out, "    asked      {}", library.each)?;
        writeln!(out, "    needed     {}", library.needed)?;
        writeln!(out, "    understood {}", library.fields.join(", "))?;
        writeln!(out, "    refused    {}", library.refuses)?;
    }
    writeln!(out)?;
    out.write_all(NOTES.as_bytes())
}
