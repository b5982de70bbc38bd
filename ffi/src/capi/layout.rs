//! The layout of a whole array, made from the descriptions of all processes: the distribution of
//! the elements.

use std::collections::BTreeMap;
use std::ffi::c_char;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use dap_core::check::{Checker, Profile, Ranks, Report};
use dap_core::export::Export;
use dap_core::finding::Finding;
use dap_core::index::{GridRank, Rank};
use dap_core::json::{self, Document};
use dap_core::layout::Layout;
use dap_core::rules::Severity;

use super::call::{Text, bytes, call, free, list, set};
use crate::consume::good;
use crate::{Code, DapArray, DapError, Refusal, describe};

/// A layout: opaque, made and freed here, and read by any number of threads.
#[derive(Debug)]
pub struct DapLayout {
    pub(super) layout: Layout,
    /// The lists that structs of its dimensions point to: made on request.
    lists: Mutex<Lists>,
}

/// Lists of indices by dimension and grid rank.
type Lists = BTreeMap<(usize, GridRank), Arc<[i64]>>;

impl DapLayout {
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout, lists: Mutex::default() }
    }

    /// A list with the lifetime of the layout: the existing one, or this one.
    pub(super) fn kept(&self, place: (usize, GridRank), list: &Arc<[i64]>) -> Arc<[i64]> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lists.entry(place).or_insert_with(|| Arc::clone(list)))
    }
}

/// Checks the structs of all processes, in rank order, together, and makes the layout of the whole
/// array. They need no tensors. A process outside of the process grid, whose `n_blocks` is 0, is
/// not accepted: `DAP_E_NO_SECTION`. All findings, warnings too, are written to `report` as lines.
/// If the memory is too small, the report is truncated without an error, and `needed` gives the
/// full size. The first error's code is returned, and its rank is in `error`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_from_arrays(
    count: i64,
    arrays: *const *const DapArray,
    out: *mut *mut DapLayout,
    report: *mut c_char,
    capacity: usize,
    needed: *mut usize,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: `out` was checked; `list` checks `arrays`, which has `count` pointers, and
        // `describe` each struct; `report` has `capacity` bytes.
        unsafe {
            good(out, "out")?;
            let mut checker = Checker::new(Profile::Auto);
            for (rank, &array) in (0..).map(Rank).zip(list(arrays, count, "arrays")?) {
                let export = describe(array).map_err(|refusal| refusal.rank_at(rank))?;
                push(&mut checker, rank, &export);
            }
            finish(checker, out, Text { text: report, capacity, needed })
        }
    })
}

/// The same from JSON, `length` bytes: a bundle {"ranks": [...]}, or one export per line, in rank
/// order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_from_json(
    text: *const c_char,
    length: usize,
    out: *mut *mut DapLayout,
    report: *mut c_char,
    capacity: usize,
    needed: *mut usize,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: `out` was checked; `text` has `length` bytes, and a null one is refused by
        // `bytes`; `report` has `capacity` bytes.
        unsafe {
            good(out, "out")?;
            let text = bytes(text, length)?;
            let mut checker = Checker::new(Profile::Auto);
            match json::split(text) {
                Document::Bundle { exports, problems } => {
                    problems.into_iter().for_each(|problem| checker.add(Rank(0), problem));
                    for (rank, at) in (0..).map(Rank).zip(exports) {
                        push(&mut checker, rank, &json::read(&text[at]));
                    }
                }
                Document::Export => {
                    let exports = json::lines(text).unwrap_or_else(|| vec![text]);
                    for (rank, export) in (0..).map(Rank).zip(exports) {
                        push(&mut checker, rank, &json::read(export));
                    }
                }
            }
            finish(checker, out, Text { text: report, capacity, needed })
        }
    })
}

/// Frees a layout; null is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_free(layout: *mut DapLayout) {
    // SAFETY: a layout that is neither null nor misaligned is a box of `finish` or
    // `dap_layout_new`; its owner frees it once.
    unsafe { free(layout) }
}

fn push(checker: &mut Checker, rank: Rank, export: &Export) {
    let local = checker.local(export);
    checker.push(Some(rank), local);
}

/// # Safety
/// `out` and `text` may be written.
unsafe fn finish(checker: Checker, out: *mut *mut DapLayout, text: Text) -> Result<(), Refusal> {
    let mut report = checker.finish(Ranks::All);
    let layout = report.layout.take();
    // SAFETY: `text` has `capacity` bytes and `needed` is null or may be written: both callers hand
    // on what their caller gave.
    unsafe { text.shortened(&sentences(&report)) }?;
    if let Some(layout) = layout {
        // SAFETY: both callers checked `out` by `good`; a caller's `DapLayout **` that is neither
        // null nor misaligned may be written.
        return unsafe { set(out, "out", Box::into_raw(Box::new(DapLayout::new(layout)))) };
    }
    let is_error = |finding: &Finding| finding.rule().severity == Severity::Error;
    match report.diagnostics.into_iter().find(|diagnostic| is_error(&diagnostic.finding)) {
        Some(first) => Err(Refusal::of_findings(vec![first.finding]).rank_at(first.rank)),
        None => Err(Refusal::new(Code::INCOMPLETE).what("some of the distribution is not known")),
    }
}

/// A line for each finding, with its advice.
fn sentences(report: &Report) -> String {
    let mut out = String::new();
    for diagnostic in &report.diagnostics {
        let finding = &diagnostic.finding;
        let dim = finding.place.dim.map_or_else(String::new, |dim| format!(", dimension {dim}"));
        let severity = finding.rule().severity.as_str();
        let more = if diagnostic.count > 1 { format!(" (and {} more)", diagnostic.count - 1) } else { String::new() };
        let _ = writeln!(
            out,
            "{severity}[{}]: rank {}{dim}: {}{more}; help: {}",
            finding.rule,
            diagnostic.rank,
            finding.message(),
            finding.help()
        );
    }
    out
}
