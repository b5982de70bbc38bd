//! A placement of another shape: dimensions that keep their kind and change their size.

use super::placement::Placement;
use super::resized::resized;
use crate::error::{Error, ErrorKind, Result};
use crate::layout::Layout;

impl Placement {
    /// The same kinds of distribution for another shape, on the same ranks. A dimension of the same
    /// size stays as it is; the others are block, as even as can be, or cyclic with the same blocks
    /// and first owner.
    ///
    /// ```
    /// use dap_core::algebra::Placement;
    /// use dap_core::layout::Layout;
    /// let rows = Placement::new(Layout::builder([8, 6]).processes(2).build()?);
    /// assert_eq!(rows.resized(&[10, 6])?.to_string(), "(10, 6) over 2x1: block(5), block(6)");
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// Another number of dimensions; an extent below 0.
    pub fn resized(&self, shape: &[i64]) -> Result<Placement> {
        if shape.len() != self.ndim() {
            let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
            let error = Error::new(ErrorKind::Count).with_value("shape", count(shape.len()));
            return Err(error.with_expected(count(self.ndim())));
        }
        let dims = self.layout().dims().iter().zip(shape).enumerate();
        let dims = dims.map(|(at, (dim, &size))| {
            let same_kind = if dim.size() == size { Ok(dim.clone()) } else { resized(dim, size) };
            same_kind.map_err(|error| error.with_dim(at))
        });
        Placement::with_ranks(Layout::new(dims.collect::<Result<Vec<_>>>()?)?, self.ranks().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::DimSpec;

    #[test]
    fn kinds_stay_and_sizes_change() {
        let bounds = DimSpec::Bounds([0, 1, 8].into());
        let layout = Layout::builder([8, 6, 5]).dims([bounds, DimSpec::BlockCyclic(2)]).processes(4).build().unwrap();
        let placement = Placement::new(layout);
        assert_eq!(placement.resized(&[8, 6, 5]).unwrap(), placement);
        let resized = placement.resized(&[8, 9, 3]).unwrap();
        assert_eq!(resized.to_string(), "(8, 9, 3) over 2x2x1: block[0, 1, 8], cyclic(2), block(3)");
        assert_eq!(placement.resized(&[9, 6, 5]).unwrap().layout().dims()[0].to_string(), "block(5)");
        assert_eq!(placement.resized(&[8, 6]).unwrap_err().kind(), ErrorKind::Count);
        assert_eq!(placement.resized(&[8, -1, 5]).unwrap_err().dim(), Some(1));
    }
}
