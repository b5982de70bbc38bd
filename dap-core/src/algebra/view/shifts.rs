//! Views of one array that differ by shifts along their axes, and the view that holds them all.
//!
//! `a[2:]` and `a[:-2]` have one extent, and indices at the same distances: they are `a` shifted by
//! 2 and by 0.

use smallvec::SmallVec;

use super::{View, ViewAxis};
use crate::algebra::progression::Progression;
use crate::error::{Error, ErrorKind, Result};

impl View {
    /// The shift from another view of the same array to this one: element (i, j, ...) of this view
    /// is element `(i + shift[0], j + shift[1], ...)` of the other one, continued beyond its ends.
    /// `None` if there is no such shift. Along repeated axes it is 0.
    ///
    /// ```
    /// use dap_core::algebra::{Placement, Subscript, View};
    /// use dap_core::layout::Layout;
    /// let a = View::of(&Placement::new(Layout::builder([11, 4]).build()?));
    /// let [from, to] = [a.index(&Subscript::parse("1:7:2")?)?, a.index(&Subscript::parse("5::2")?)?];
    /// assert_eq!(to.shift_from(&from).as_deref(), Some(&[2, 0][..]));
    /// assert_eq!(a.index(&Subscript::parse("2:8:2")?)?.shift_from(&from), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shift_from(&self, other: &View) -> Option<SmallVec<[i64; 4]>> {
        if self.ndim() != other.ndim() || self.picked != other.picked || self.base != other.base {
            return None;
        }
        self.axes.iter().zip(&other.axes).map(|(to, from)| shift(to, from)).collect()
    }

    /// The view with `before` more indices in front of each axis and `behind` more behind it, at
    /// the same distances.
    ///
    /// # Errors
    /// Indices outside of the base's dimension; another number of widths than of axes; a repeated
    /// axis that is to grow.
    pub fn widened(&self, before: &[i64], behind: &[i64]) -> Result<View> {
        let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
        for widths in [before, behind] {
            if widths.len() != self.ndim() {
                let error = Error::new(ErrorKind::Count).with_value("widths", count(widths.len()));
                return Err(error.with_expected(count(self.ndim())));
            }
        }
        let mut view = self.clone();
        for (at, (axis, (&before, &behind))) in view.axes.iter_mut().zip(before.iter().zip(behind)).enumerate() {
            if before == 0 && behind == 0 {
                continue;
            }
            let ViewAxis::Dim { dim, slice } = *axis else {
                return Err(Error::new(ErrorKind::NotBroadcastable).with_dim(at).with_value("size", axis.len()));
            };
            let overflow = || Error::new(ErrorKind::Overflow).with_dim(at).with_value("size", slice.len());
            let start = before.checked_mul(slice.step()).and_then(|ahead| slice.start().checked_sub(ahead));
            let len = slice.len().checked_add(before).and_then(|len| len.checked_add(behind));
            let (start, len) = start.zip(len).ok_or_else(overflow)?;
            let size = self.dim(dim)?.size();
            let slice = Progression::new(size, start, slice.step(), len).map_err(|error| error.with_dim(at))?;
            *axis = ViewAxis::Dim { dim, slice };
        }
        Ok(view)
    }
}

/// The shift along one axis.
fn shift(to: &ViewAxis, from: &ViewAxis) -> Option<i64> {
    match (to, from) {
        (ViewAxis::Repeated(to), ViewAxis::Repeated(from)) => (to == from).then_some(0),
        (ViewAxis::Dim { dim, slice }, ViewAxis::Dim { dim: other, slice: from }) => {
            let is_alike = dim == other && slice.len() == from.len() && slice.step() == from.step();
            // Both starts lie in one dimension, so that their distance fits.
            let distance = slice.start() - from.start();
            (is_alike && distance % slice.step() == 0).then(|| distance / slice.step())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::algebra::{Placement, Subscript};
    use crate::layout::Layout;

    proptest! {
        /// Each element of a shifted view is the element of the other one at its shifted index.
        #[test]
        fn elements_are_shifted(
            starts in [0..6_i64, 0..6], step in prop::sample::select(vec![-3_i64, -2, -1, 1, 2, 3]), len in 1..4_i64,
        ) {
            let base = View::of(&Placement::new(Layout::builder([16]).build().unwrap()));
            let [from, to] = starts.map(|start| {
                let start = if step < 0 { 15 - start } else { start };
                base.along(0, &Progression::new(16, start, step, len).unwrap()).unwrap()
            });
            match to.shift_from(&from) {
                Some(shift) => {
                    let widths = [[(-shift[0]).max(0)], [shift[0].max(0)]];
                    let hull = from.widened(&widths[0], &widths[1]).unwrap();
                    for k in 0..len {
                        prop_assert_eq!(to.base_index(&[k]), hull.base_index(&[k + shift[0] + widths[0][0]]));
                        prop_assert_eq!(from.base_index(&[k]), hull.base_index(&[k + widths[0][0]]));
                    }
                }
                None => prop_assert!(len > 1 && (starts[0] - starts[1]) % step != 0),
            }
        }
    }

    #[test]
    fn other_arrays_axes_and_ends_are_refused() {
        let view = |shape: &[i64], text: &str| {
            let base = View::of(&Placement::new(Layout::builder(shape.to_vec()).build().unwrap()));
            base.index(&Subscript::parse(text).unwrap()).unwrap()
        };
        let from = view(&[6, 6], "1:4, 2");
        assert_eq!(view(&[6, 6], "0:3, 2").shift_from(&from).as_deref(), Some(&[-1][..]));
        for (shape, text) in [([6, 6], "1:4, 3"), ([6, 7], "1:4, 2"), ([6, 6], "2, 1:4"), ([6, 6], "1:5, 2")] {
            assert_eq!(view(&shape, text).shift_from(&from), None, "{shape:?} {text}");
        }
        assert!(from.widened(&[1], &[2]).is_ok());
        assert!(from.widened(&[2], &[0]).is_err() && from.widened(&[0], &[3]).is_err());
        assert!(from.widened(&[i64::MAX], &[0]).is_err() && from.widened(&[], &[]).is_err());
        assert!(view(&[6, 6], "None, 0, 0").widened(&[1], &[0]).is_err());
    }
}
