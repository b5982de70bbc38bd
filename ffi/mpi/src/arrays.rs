//! The structs of all ranks: their descriptions make a layout, and the memory of each a buffer.

use dap_core::algebra::{Placement, RankMap};
use dap_core::check::{Checker, Profile, Ranks};
use dap_core::dtype::DType;
use dap_core::export::{DimDict, Export, Field};
use dap_core::finding::{irregular, plural};
use dap_core::index::Rank;
use dap_core::json;
use dap_core::rules::Severity;
use dap_ffi::{Code, DapArray, Refusal, describe, lend};
use dap_mpi::Comm;
use dap_ndarray::{Access, Buffer};

use crate::agree::agree;

/// The array that the structs of all ranks describe: of the ranks that gave a struct the first has
/// section 0.
pub(crate) struct Whole {
    pub(crate) placement: Placement,
    pub(crate) dtype: DType,
}

/// Makes a layout from the structs of all ranks; null on a rank that has no section. `name` is the
/// argument's. Collective; all ranks get the same result or fail.
///
/// # Safety
/// `array` is null, misaligned, or points to a struct that obeys `spec/abi.md`.
pub(crate) unsafe fn gather(comm: &Comm, array: *const DapArray, name: &str) -> Result<Whole, Refusal> {
    // SAFETY: null, misaligned, or a struct that obeys `spec/abi.md`, as the caller guarantees.
    let mine = unsafe { text(array) };
    let mine = agree(comm, mine)?;
    let texts = comm.gather_all(&mine).map_err(|error| crate::agree::refusal(comm, &error))?;
    let mut checker = Checker::new(Profile::Auto);
    let (mut holders, mut dtype, mut processes) = (Vec::new(), None, 0);
    for (holder, text) in (0..).zip(&texts).filter(|(_, text)| !text.is_empty() && *text != NO_SECTION) {
        let export = json::read(text);
        if let (Field::Is(buffer), None) = (&export.buffer, &dtype)
            && let Field::Is(Ok(found)) = &buffer.dtype
        {
            dtype = Some(found.clone());
        }
        processes = processes.max(processes_of(&export));
        let local = checker.local(&export);
        checker.push(Some(Rank(holders.len() as i64)), local);
        holders.push(holder);
    }
    // All ranks have the same texts, so all get the same result from here on.
    let without: Vec<i32> = (0..).zip(&texts).filter(|(_, text)| text.is_empty()).map(|(rank, _)| rank).collect();
    if let (Some(&first), true) = (without.first(), (holders.len() as i64) < processes.max(1)) {
        return Err(missing(name, &without, holders.len(), processes).rank_at(Rank(first.into())));
    }
    let mut report = checker.finish(Ranks::All);
    match (report.layout.take(), dtype) {
        (Some(layout), Some(dtype)) => {
            let holders: Vec<i64> = holders.into_iter().map(i64::from).collect();
            let placement = RankMap::listed(layout.grid(), holders)
                .and_then(|ranks| Placement::with_ranks(layout, ranks))
                .map_err(|error| Refusal::new(Code::INCOMPLETE).what(error.to_string()))?;
            Ok(Whole { placement, dtype })
        }
        _ => {
            let first = report.diagnostics.into_iter().find(|found| found.finding.rule().severity == Severity::Error);
            Err(first.map_or_else(
                || Refusal::new(Code::INCOMPLETE).what(format!("no rank has a section of `{name}`")),
                |first| {
                    let holder = usize::try_from(first.rank.0).ok().and_then(|rank| holders.get(rank)).copied();
                    Refusal::of_findings(vec![first.finding]).rank_at(Rank(holder.unwrap_or(-1).into()))
                },
            ))
        }
    }
}

/// The ranks that gave null although the others' structs need theirs.
fn missing(name: &str, without: &[i32], given: usize, processes: i64) -> Refusal {
    let ranks = match without {
        [one] => format!("rank {one}"),
        _ => format!("ranks {}", without.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")),
    };
    let what = match given {
        0 => format!("`{name}` is NULL on all ranks: each process of the array must give its struct"),
        _ => format!(
            "`{name}` is NULL on {ranks}, and the structs of {} describe {}: each process must give its struct",
            plural(given, "other rank"),
            irregular(processes, "process", "processes")
        ),
    };
    Refusal::new(Code::INCOMPLETE).what(what)
}

/// The number of processes of the array, as stated by this part.
fn processes_of(export: &Export) -> i64 {
    let dims = export.dim_data.get().map_or(&[][..], Vec::as_slice);
    let along = |dim: &Field<DimDict>| dim.get().and_then(|dim| dim.proc_grid_size.get().copied()).unwrap_or(1);
    dims.iter().map(along).fold(1, i64::saturating_mul)
}

/// The memory of this rank's struct; `None` if the rank has no section.
///
/// # Safety
/// As for [`gather`]; the buffer is dropped before the struct is released. `ReadWrite` demands
/// exclusive access.
pub(crate) unsafe fn buffer(array: *const DapArray, access: Access) -> Result<Option<Buffer>, Refusal> {
    if array.is_null() {
        return Ok(None);
    }
    // SAFETY: not null here; a struct that obeys `spec/abi.md` and outlives the buffer, with
    // exclusive access for `ReadWrite`, as the caller guarantees.
    match unsafe { lend(array, access) } {
        Err(refusal) if refusal.code() == Code::NO_SECTION => Ok(None),
        lent => lent.map(Some),
    }
}

/// The description of a process outside of the process grid.
const NO_SECTION: &[u8] = b"-";

/// The description of a struct; empty for null.
///
/// # Safety
/// As for [`gather`].
unsafe fn text(array: *const DapArray) -> Result<Vec<u8>, Refusal> {
    if array.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: not null here; misaligned, or a struct that obeys `spec/abi.md`, as the caller
    // guarantees.
    match unsafe { describe(array) } {
        Err(refusal) if refusal.code() == Code::NO_SECTION => Ok(NO_SECTION.to_vec()),
        Err(refusal) => Err(refusal),
        Ok(export) => {
            let text =
                json::write(&export).ok_or_else(|| Refusal::new(Code::INEXPRESSIBLE).what("JSON cannot express it"))?;
            Ok(text.into_bytes())
        }
    }
}
