//! Walking a block from its first index to its last.

use super::place::{Kind, Place, Section};
use super::stated::{How, Stated};
use super::{Complaint, ENUMERATION_LIMIT, Protocol};

/// The section of one block, or the mistakes of its bounds, padding and extent.
pub(super) fn section(
    stated: &Stated,
    start: i64,
    stop: i64,
    extent: i64,
    protocol: Protocol,
) -> Result<Section, Vec<Complaint>> {
    let mut found: Vec<Complaint> = Vec::new();
    // The text says both "greater than the start value" and that start == stop means empty: accept
    // equality.
    if stop < start {
        found.push(("DAP303", "stop before start".into()));
    }
    if stop > stated.size {
        found.push(("DAP304", "stop beyond size".into()));
    }
    // No process precedes the first or follows the last: indices that they leave out have no owner.
    if stated.is_first() && start != 0 {
        found.push(("DAP309", "the first block does not start at 0".into()));
    }
    if stated.is_last() && stop != stated.size {
        found.push(("DAP310", "the last block does not stop at size".into()));
    }
    if stop < start {
        return Err(found);
    }

    let [lo, hi] = stated.padding();
    let [below, above] = communication(stated, protocol);
    // 0.10: [start, stop) is the range of the buffer. 0.9: it is the owned range, and communication
    // padding lies outside of it.
    let (first, end) = match protocol {
        Protocol::V0_10 => (i128::from(start), i128::from(stop)),
        Protocol::V0_9 => (i128::from(start) - i128::from(below), i128::from(stop) + i128::from(above)),
    };
    let held = end - first;
    if held != i128::from(extent) {
        let rule = match protocol {
            Protocol::V0_10 => "DAP305",
            Protocol::V0_9 => "DAP312",
        };
        found.push((rule, "the block and the buffer differ in extent".into()));
    }
    if i128::from(lo) + i128::from(hi) > held {
        found.push(("DAP308", "more padding than section".into()));
    }
    if !found.is_empty() {
        return Err(found);
    }
    if held > i128::from(ENUMERATION_LIMIT) {
        return Ok(Section::TooLarge);
    }

    let mut places = Vec::new();
    for local in 0..extent {
        let beyond_size = first as i64 + local;
        // Only 0.9's wrap halo lies outside of 0..size; it holds indices that are owned at the
        // other end.
        let global = if (0..stated.size).contains(&beyond_size) || stated.size == 0 {
            beyond_size
        } else {
            beyond_size.rem_euclid(stated.size)
        };
        let kind = if local < lo {
            if below > 0 { Kind::Communication } else { Kind::Boundary }
        } else if local >= extent - hi {
            if above > 0 { Kind::Communication } else { Kind::Boundary }
        } else {
            Kind::Interior
        };
        places.push(Place { local, global, kind });
    }
    Ok(Section::Listed(places))
}

/// The widths below and above that are communication padding: all padding except that at the outer
/// ends of the grid, which is boundary padding. In 0.9 a periodic dimension has no outer ends.
fn communication(stated: &Stated, protocol: Protocol) -> [i64; 2] {
    let [lo, hi] = stated.padding();
    let endless = protocol == Protocol::V0_9 && stated.periodic;
    [if !stated.is_first() || endless { lo } else { 0 }, if !stated.is_last() || endless { hi } else { 0 }]
}

/// Checks that neighbours fit together: `ranks` are one dimension's dictionaries in the order of
/// the grid, and `owned` has the owned count of each.
pub(super) fn across(ranks: &[&Stated], owned: &[i64], protocol: Protocol) -> Vec<Complaint> {
    let mut found: Vec<Complaint> = Vec::new();
    for (left, pair) in ranks.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let (How::Block { stop, .. }, How::Block { start, .. }) = (&a.how, &b.how) else { continue };
        let (a_width, b_width) = (a.padding()[1], b.padding()[0]);
        let expected = match protocol {
            // "the stop of a shall be equal the start of b"; with communication padding each of
            // them has been moved by its own width.
            Protocol::V0_10 => i128::from(*start) + i128::from(a_width) + i128::from(b_width),
            Protocol::V0_9 => i128::from(*start),
        };
        if i128::from(*stop) != expected {
            found.push(("DAP612", format!("grid ranks {left} and {} do not abut", left + 1)));
        }
        // 0.9 does not state this, but shared indices have one width.
        if a_width != b_width {
            found.push(("DAP613", format!("padding between grid ranks {left} and {} differs", left + 1)));
        }
        if a_width > owned[left + 1] || b_width > owned[left] {
            found.push(("DAP614", format!("padding wider than what grid rank {left} or {} owns", left + 1)));
        }
    }
    // 0.9's wrap halo: the first and the last process are neighbours, perhaps one and the same.
    if let (Protocol::V0_9, Some(first), Some(last)) = (protocol, ranks.first(), ranks.last())
        && first.periodic
    {
        let (first_width, last_width) = (first.padding()[0], last.padding()[1]);
        if first_width != last_width {
            found.push(("DAP613", "the wrap halo's two widths differ".into()));
        }
        if first_width > owned[owned.len() - 1] || last_width > owned[0] {
            found.push(("DAP614", "wrap halo wider than what the other end owns".into()));
        }
    }
    found
}

/// 0.9: "if the padding keyword is present in any dimension dictionary ... then the padding keyword
/// shall be present on all processes".
pub(super) fn presence<'a>(all: impl Iterator<Item = &'a Stated>) -> Vec<Complaint> {
    let written: Vec<bool> = all.map(|stated| matches!(stated.how, How::Block { padding: Some(_), .. })).collect();
    if written.contains(&true) && written.contains(&false) {
        vec![("DAP311", "padding on some processes only".into())]
    } else {
        Vec::new()
    }
}
