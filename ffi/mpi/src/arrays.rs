//! The structs of all ranks: what each describes makes a layout, and its memory a buffer.

use dap_core::check::{Checker, Profile, Ranks as Count};
use dap_core::dtype::DType;
use dap_core::export::Field;
use dap_core::index::Rank;
use dap_core::json;
use dap_core::layout::Layout;
use dap_core::rules::Severity;
use dap_mpi::Comm;
use dap_ndarray::{Access, Buffer};
use daparray::{Code, DapArray, Refusal, describe, lend};

use crate::agree::agree;

/// A layout, and who has its sections: of those ranks that gave a struct the first has section 0.
pub(crate) struct Whole {
    pub(crate) layout: Layout,
    pub(crate) dtype: DType,
    pub(crate) holders: Vec<i32>,
}

/// What all ranks' structs make; null on a rank that has no section. Collective, and all get the same or fail.
///
/// # Safety
/// `array` is null, misaligned, or points to a struct that obeys `spec/abi.md`.
pub(crate) unsafe fn gather(comm: &Comm, array: *const DapArray) -> Result<Whole, Refusal> {
    // SAFETY: as the caller promises.
    let mine = unsafe { text(array) };
    let mine = agree(comm, mine)?;
    let texts = comm.gather_all(&mine).map_err(|error| crate::agree::refusal(comm, &error))?;
    let mut checker = Checker::new(Profile::Auto);
    let (mut holders, mut dtype) = (Vec::new(), None);
    for (holder, text) in (0..).zip(&texts).filter(|(_, text)| !text.is_empty()) {
        let export = json::read(text);
        if let (Field::Is(buffer), None) = (&export.buffer, &dtype)
            && let Field::Is(Ok(found)) = &buffer.dtype
        {
            dtype = Some(found.clone());
        }
        let local = checker.local(&export);
        checker.push(Some(Rank(holders.len() as i64)), local);
        holders.push(holder);
    }
    let mut report = checker.finish(Count::All);
    match (report.layout.take(), dtype) {
        (Some(layout), Some(dtype)) => Ok(Whole { layout, dtype, holders }),
        _ => {
            let first = report.diagnostics.into_iter().find(|found| found.finding.rule().severity == Severity::Error);
            Err(first.map_or_else(
                || Refusal::new(Code::INCOMPLETE).what("no rank gave a struct"),
                |first| {
                    let holder = usize::try_from(first.rank.0).ok().and_then(|rank| holders.get(rank)).copied();
                    Refusal::of_findings(vec![first.finding]).rank_at(Rank(holder.unwrap_or(-1).into()))
                },
            ))
        }
    }
}

/// The memory of this rank's struct; none where it has no section.
///
/// # Safety
/// As for [`gather`]; the buffer is dropped before the struct is. `ReadWrite` asks for the only access.
pub(crate) unsafe fn buffer(array: *const DapArray, access: Access) -> Result<Option<Buffer>, Refusal> {
    if array.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller promises.
    match unsafe { lend(array, access) } {
        Err(refusal) if refusal.code() == Code::NO_SECTION => Ok(None),
        lent => lent.map(Some),
    }
}

/// The description of a struct; empty for none.
unsafe fn text(array: *const DapArray) -> Result<Vec<u8>, Refusal> {
    if array.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: as the caller promises.
    match unsafe { describe(array) } {
        Err(refusal) if refusal.code() == Code::NO_SECTION => Ok(Vec::new()),
        Err(refusal) => Err(refusal),
        Ok(export) => {
            let text =
                json::write(&export).ok_or_else(|| Refusal::new(Code::INEXPRESSIBLE).what("JSON cannot say it"))?;
            Ok(text.into_bytes())
        }
    }
}
