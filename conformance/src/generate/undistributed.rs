//! Undistributed dimensions in their short forms: `{}` of 0.10 and `n` of 0.9.

use proptest::option;
use proptest::prelude::*;

use super::Line;
use crate::model::DimDict;
use crate::oracle::Protocol;

pub(super) fn line(protocol: Protocol) -> BoxedStrategy<Line> {
    let size = 0..=20i64;
    match protocol {
        Protocol::V0_10 => {
            size.prop_map(|size| Line { dicts: vec![DimDict::empty()], extents: vec![size], outer_room: None }).boxed()
        }
        Protocol::V0_9 => (size, option::of((0..=3i64, 0..=3i64)), option::of(any::<bool>()))
            .prop_map(|(size, padding, periodic)| {
                let mut dict = DimDict::undistributed(size);
                let mut extent = size;
                if let Some((lo, hi)) = padding {
                    // If periodic, a wrap halo around the whole dimension; otherwise a boundary
                    // within it.
                    let (lo, hi) = if periodic == Some(true) {
                        (lo.min(size), lo.min(size))
                    } else {
                        (lo.min(size), hi.min(size - lo.min(size)))
                    };
                    dict = dict.with("padding", [lo, hi]);
                    if periodic == Some(true) {
                        extent += lo + hi;
                    }
                }
                if let Some(periodic) = periodic {
                    dict = dict.with("periodic", periodic);
                }
                Line { dicts: vec![dict], extents: vec![extent], outer_room: None }
            })
            .boxed(),
    }
}
