//! The points beyond a DMDA's boundary: none, ghost points, or the other end of a periodic axis.

use super::super::library::LibraryCase;
use super::super::raw::{ConvertResult, RawValue};
use super::DmdaAxis;

/// The number of ghost points beyond the domain on either side of each axis.
pub(super) fn edges(everyone: &[Vec<DmdaAxis>], sizes: &[i64]) -> Vec<[i64; 2]> {
    let beyond = |axis: usize, size: i64| {
        let low = everyone.iter().map(|axes| -axes[axis].ghost_start).max().unwrap_or(0).max(0);
        let high = everyone.iter().map(|axes| axes[axis].ghost_stop - size).max().unwrap_or(0).max(0);
        [low, high]
    };
    sizes.iter().enumerate().map(|(axis, &size)| beyond(axis, size)).collect()
}

/// The periodic axes: as stated, or as PETSc's numbering of the ghost points shows, or else by the
/// name of the case.
pub(super) fn periodic(
    case: &LibraryCase<'_>,
    everyone: &[Vec<DmdaAxis>],
    sizes: &[i64],
    edges: &[[i64; 2]],
) -> ConvertResult<Vec<bool>> {
    let raw = &case.ranks[0];
    if let Some(stated) = raw.maybe("boundary").or_else(|| raw.maybe("boundary_type")) {
        return stated_kinds(&stated, edges);
    }
    let mut known = vec![None; sizes.len()];
    for (rank, raw) in case.ranks.iter().enumerate() {
        let Some(numbers) = raw.maybe("lidx") else { continue };
        for (at, number) in numbers.ints()?.into_iter().enumerate() {
            let Some(point) = point(&everyone[rank], at as i64) else { break };
            // A point beyond one axis only: a star-shaped stencil has no corners.
            let mut beyond = (0..sizes.len()).filter(|&axis| point[axis] < 0 || point[axis] >= sizes[axis]);
            let (Some(axis), None) = (beyond.next(), beyond.next()) else { continue };
            let own = |other: usize| (everyone[rank][other].start..everyone[rank][other].stop).contains(&point[other]);
            if (0..sizes.len()).all(|other| other == axis || own(other)) {
                known[axis].get_or_insert(number >= 0);
            }
        }
    }
    let named = case.name.to_ascii_lowercase().contains("periodic");
    Ok((0..sizes.len()).map(|axis| edges[axis] != [0, 0] && known[axis].unwrap_or(named)).collect())
}

/// `none`, `ghosted`, `periodic` or `mirror` for each axis, or PETSc's numbers for them.
fn stated_kinds(stated: &RawValue<'_>, edges: &[[i64; 2]]) -> ConvertResult<Vec<bool>> {
    let list = stated.list().unwrap_or_else(|_| vec![stated.clone(); edges.len()]);
    if list.len() != edges.len() {
        return Err(format!("{stated} has {} kinds for {} axes", list.len(), edges.len()));
    }
    list.iter()
        .zip(edges)
        .map(|(kind, edge)| {
            let name = kind.value().as_str().map(str::to_ascii_lowercase);
            let name = name.map_or_else(|| kind.int().map(|number| number.to_string()), Ok)?;
            match name.trim_start_matches("dm_boundary_") {
                "none" | "0" if *edge == [0, 0] => Ok(false),
                "none" | "0" => Err(format!("{kind} is none, and ghost points go beyond the domain")),
                "ghosted" | "mirror" | "1" | "2" => Ok(false),
                "periodic" | "3" => Ok(*edge != [0, 0]),
                "twist" | "4" => Err(format!("{kind} is a twisted boundary, which has no form in protocol 0.10: convert the global vector, without `ghost`")),
                other => Err(format!("{kind} is `{other}`; known are none, ghosted, mirror, periodic and twist")),
            }
        })
        .collect()
}

/// Compares PETSc's global number of each local point, as far as it is given, with the number that
/// follows from the corners.
pub(super) fn check_numbering(
    raw: &RawValue<'_>,
    rank: usize,
    everyone: &[Vec<DmdaAxis>],
    sizes: &[i64],
    periodic: &[bool],
) -> ConvertResult<()> {
    let Some(numbers) = raw.maybe("lidx") else { return Ok(()) };
    for (at, said) in numbers.ints()?.into_iter().enumerate() {
        let Some(point) = point(&everyone[rank], at as i64) else {
            return Err(format!("{numbers}[{at}] is beyond the local vector's points"));
        };
        // -1 is a point that does not exist, or a corner that a star-shaped stencil does not fill.
        if said < 0 {
            continue;
        }
        let number = number(&point, everyone, sizes, periodic);
        let number = number
            .ok_or_else(|| format!("{numbers}[{at}] is {said}, and the point {point:?} is outside of the domain"))?;
        if number != said {
            return Err(format!(
                "{numbers}[{at}] is {said}, but the corners make the point {point:?} PETSc's number {number}"
            ));
        }
    }
    Ok(())
}

/// The grid point at a place of the local vector, x first.
fn point(axes: &[DmdaAxis], mut at: i64) -> Option<Vec<i64>> {
    let mut point = Vec::new();
    for axis in axes {
        let extent = axis.ghost_stop - axis.ghost_start;
        point.push(axis.ghost_start + at.checked_rem(extent)?);
        at = at.checked_div(extent)?;
    }
    (at == 0).then_some(point)
}

/// A point's number in PETSc's global order: all of rank 0's points, then all of rank 1's.
fn number(point: &[i64], everyone: &[Vec<DmdaAxis>], sizes: &[i64], periodic: &[bool]) -> Option<i64> {
    let wrapped = |axis: usize| if periodic[axis] { point[axis].rem_euclid(sizes[axis].max(1)) } else { point[axis] };
    let point: Vec<i64> = (0..point.len()).map(wrapped).collect();
    let mut before = 0_i64;
    for axes in everyone {
        if axes.iter().zip(&point).all(|(axis, at)| (axis.start..axis.stop).contains(at)) {
            let within = axes.iter().zip(&point).rev().fold(0, |sum, (axis, at)| {
                i64::saturating_mul(sum, axis.stop - axis.start).saturating_add(at - axis.start)
            });
            return Some(before.saturating_add(within));
        }
        before = axes
            .iter()
            .fold(1, |product, axis| i64::saturating_mul(product, axis.stop - axis.start))
            .saturating_add(before);
    }
    None
}
