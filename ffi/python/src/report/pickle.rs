//! Reports in pickles: all that is shown, as JSON, beside the layout, the item type and the
//! picture.

use dap_core::check::{Profile, Ranks};
use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::ranks::RankSet;
use dap_core::rules::{Rule, Severity};
use dap_report::{ArrayFacts, Excerpt, RelatedSpot, ReportEntry, RunReport, SetReport, Spot};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::{Report, ReportPicture};
use crate::layout::Layout;
use crate::memory::dtype_text;
use crate::pickle::{Reduced, by_function};

/// The item type as text, and its size, which the text of a struct leaves out.
type Item = Option<(String, i64)>;

pub(super) fn reduce<'py>(py: Python<'py>, report: &Report) -> PyResult<Reduced<'py>> {
    let layout = report.layout.clone().map(Layout::new);
    let item: Item = report.dtype.as_ref().map(|dtype| (dtype_text(dtype), dtype.itemsize()));
    let (picture, failure) = match report.picture.svg() {
        Ok(picture) => (Some(picture), None),
        Err(failure) => (None, Some(failure)),
    };
    by_function(py, "_report", (state(&report.rendered).to_string(), layout, item, picture, failure))
}

/// The report of a pickle.
#[pyfunction]
pub(crate) fn _report(
    state: &str,
    layout: Option<&Layout>,
    item: Item,
    picture: Option<String>,
    failure: Option<String>,
) -> PyResult<Report> {
    let wrong = || PyValueError::new_err("the pickle of a `Report` is damaged: its state is not that of one");
    let state: Value = serde_json::from_str(state).map_err(|_| wrong())?;
    let layout = layout.map(|layout| layout.layout().clone());
    let dtype = item.and_then(|(text, size)| match DType::parse(&text) {
        Ok(dtype @ DType::Scalar(_)) => Some(dtype),
        _ => DType::from_buffer(&text, size).ok(),
    });
    let mut rendered = rendered(&state).ok_or_else(wrong)?;
    for set in &mut rendered.sets {
        let facts = layout.as_ref().map(|layout| ArrayFacts::new(layout, dtype.as_ref()));
        set.array = facts.map(|facts| ArrayFacts { bytes: state["bytes"].as_i64(), ..facts });
    }
    let picture = ReportPicture::Drawn(picture.ok_or_else(|| failure.unwrap_or_default()));
    Ok(Report { layout, dtype, rendered, picture })
}

/// The content of a report, without its layout.
pub(super) fn state(report: &RunReport) -> Value {
    let set = report.sets.first();
    json!({
        "strict": report.profile == Profile::Strict,
        "all": set.is_some_and(|set| set.claim == Ranks::All),
        "name": set.map(|set| &set.name),
        "ranks": set.map(|set| ranks(&set.ranks)),
        "processes": set.and_then(|set| set.processes),
        "protocol": set.and_then(|set| set.protocol.as_ref()),
        "dtype": set.and_then(|set| set.dtype.as_ref()),
        "bytes": set.and_then(|set| set.array.as_ref()?.bytes),
        "entries": set.map(|set| set.entries.iter().map(entry).collect::<Vec<_>>()),
    })
}

fn entry(entry: &ReportEntry) -> Value {
    let related = |place: &RelatedSpot| json!([place.rank.0, place.label, spot(&place.spot)]);
    json!({
        "rule": entry.rule.id.to_string(),
        "message": entry.message,
        "help": entry.help,
        "notes": entry.notes,
        "spot": spot(&entry.spot),
        "related": entry.related.iter().map(related).collect::<Vec<_>>(),
        "rank": entry.rank.0,
        "ranks": ranks(&entry.ranks),
        "count": entry.count,
    })
}

fn spot(spot: &Spot) -> Value {
    let excerpt = spot.excerpt.as_ref().map(|excerpt| json!([excerpt.text, excerpt.mark.start, excerpt.mark.end]));
    json!({ "path": spot.path, "position": spot.position, "excerpt": excerpt, "pointer": spot.pointer })
}

fn ranks(set: &RankSet) -> Value {
    set.ranges().iter().map(|range| json!([range.start, range.end])).collect()
}

fn rendered(state: &Value) -> Option<RunReport> {
    let set = SetReport {
        name: text(&state["name"])?,
        claim: if state["all"].as_bool()? { Ranks::All } else { Ranks::Some },
        ranks: read_ranks(&state["ranks"])?,
        processes: state["processes"].as_i64(),
        protocol: text(&state["protocol"]),
        dtype: text(&state["dtype"]),
        array: None,
        entries: list(&state["entries"], read_entry)?,
        left_out: Vec::new(),
    };
    let profile = if state["strict"].as_bool()? { Profile::Strict } else { Profile::Auto };
    Some(RunReport { profile, fail_on: Severity::Error, sets: vec![set] })
}

fn read_entry(value: &Value) -> Option<ReportEntry> {
    Some(ReportEntry {
        rule: Rule::find(value["rule"].as_str()?)?,
        message: text(&value["message"])?,
        help: text(&value["help"])?,
        notes: list(&value["notes"], text)?,
        spot: read_spot(&value["spot"])?,
        related: list(&value["related"], |place| {
            Some(RelatedSpot { rank: Rank(place[0].as_i64()?), label: text(&place[1])?, spot: read_spot(&place[2])? })
        })?,
        rank: Rank(value["rank"].as_i64()?),
        ranks: read_ranks(&value["ranks"])?,
        count: value["count"].as_u64()?,
    })
}

fn read_spot(value: &Value) -> Option<Spot> {
    let number = |value: &Value| usize::try_from(value.as_u64()?).ok();
    let position = |value: &Value| Some((number(&value[0])?, number(&value[1])?));
    let excerpt = |value: &Value| {
        let (text, mark) = (text(&value[0])?, number(&value[1])?..number(&value[2])?);
        // The renderers cut the text there.
        text.get(mark.clone())?;
        Some(Excerpt { text, mark })
    };
    Some(Spot {
        path: text(&value["path"])?,
        position: position(&value["position"]),
        excerpt: excerpt(&value["excerpt"]),
        pointer: text(&value["pointer"])?,
    })
}

fn read_ranks(value: &Value) -> Option<RankSet> {
    let mut set = RankSet::default();
    for range in value.as_array()? {
        let (start, end) = (range[0].as_i64()?, range[1].as_i64()?);
        // A whole range at once: it may hold more ranks than could be inserted one by one.
        set.insert_all(&RankSet::default().missing_from(end).beyond(start));
    }
    Some(set)
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(read).collect()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
