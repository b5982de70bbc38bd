//! A dictionary of any version in the one form of 0.10: no aliases, and communication padding
//! within `start` and `stop`.
//!
//! ```
//! use dap_core::export::{DimDict, Field, Version};
//! // By version 0.9 this process owns 4 to 8, and the buffer has one element more on either side.
//! let dict = DimDict { padding: Field::Is([1, 1]), ..DimDict::block(12, 4, 8).on_grid(1, 3) };
//! let restated = dict.restated(Version::V0_9, 6)?;
//! assert_eq!((restated.start, restated.stop), (Field::Is(3), Field::Is(9)));
//! # Ok::<(), dap_core::error::Error>(())
//! ```

use super::{DimDict, DistType, Field, Version};
use crate::error::{Error, ErrorKind, Result};

impl DimDict {
    /// The dictionary in the form of version 0.10, beside a buffer of this extent. It is checked
    /// neither before nor afterwards.
    ///
    /// # Errors
    /// A halo of version 0.9 that wraps round the ends ([`ErrorKind::WrapNotInVersion`]), and
    /// padding beyond 64-bit integers.
    pub fn restated(&self, version: Version, extent: i64) -> Result<DimDict> {
        let is_0_9 = version.is_0_9();
        match self.dist_type.get() {
            None if self.is_alias() => Ok(Self::block(extent, 0, extent)),
            // In version 0.10, which has no such letter, it is taken for `{}`.
            Some(DistType::Undistributed) if !is_0_9 => Ok(Self::block(extent, 0, extent)),
            Some(DistType::Undistributed) => {
                let size = self.size.get().copied().unwrap_or(extent);
                let (padding, periodic) = (self.padding.clone(), self.periodic.clone());
                Self { padding, periodic, ..Self::block(size, 0, size) }.block_of_0_9()
            }
            Some(DistType::Block) if is_0_9 => self.clone().block_of_0_9(),
            // There, any dimension may be periodic; in 0.10 only a block is.
            Some(DistType::Cyclic | DistType::Unstructured) if is_0_9 => {
                Ok(Self { periodic: Field::Missing, ..self.clone() })
            }
            _ => Ok(self.clone()),
        }
    }

    /// A block of version 0.9, where `start` and `stop` bound what is owned.
    fn block_of_0_9(mut self) -> Result<DimDict> {
        let Field::Is([lo, hi]) = self.padding else { return Ok(self) };
        let is_first = self.proc_grid_rank == Field::Is(0);
        let is_last = match (self.proc_grid_rank.get(), self.proc_grid_size.get()) {
            (Some(rank), Some(size)) => rank.checked_add(1) == Some(*size),
            _ => false,
        };
        let outer = if is_first { lo } else { 0 }.max(if is_last { hi } else { 0 });
        if self.periodic == Field::Is(true) && outer > 0 {
            return Err(Error::new(ErrorKind::WrapNotInVersion).with_value("padding", outer));
        }
        let beyond = |key, value| Error::new(ErrorKind::Overflow).with_value(key, value);
        if let (Field::Is(start), false) = (&mut self.start, is_first) {
            *start = start.checked_sub(lo).ok_or(beyond("start", *start))?;
        }
        if let (Field::Is(stop), false) = (&mut self.stop, is_last) {
            *stop = stop.checked_add(hi).ok_or(beyond("stop", *stop))?;
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undistributed(size: i64, padding: [i64; 2], periodic: bool) -> DimDict {
        DimDict {
            dist_type: Field::Is(DistType::Undistributed),
            size: Field::Is(size),
            padding: Field::Is(padding),
            periodic: Field::Is(periodic),
            ..DimDict::default()
        }
    }

    #[test]
    fn an_undistributed_dimension_keeps_its_boundary_and_its_size() {
        let boundary = undistributed(10, [1, 2], false).restated(Version::V0_9, 10).unwrap();
        assert_eq!(boundary.padding, Field::Is([1, 2]));
        assert_eq!((boundary.start, boundary.stop, boundary.size), (Field::Is(0), Field::Is(10), Field::Is(10)));
        // The buffer has the images of both ends beside the 10 elements.
        let wraps = undistributed(10, [1, 1], true).restated(Version::V0_9, 12).unwrap_err();
        assert_eq!(wraps.kind(), ErrorKind::WrapNotInVersion);
        let periodic = undistributed(10, [0, 0], true).restated(Version::V0_9, 10).unwrap();
        assert_eq!((periodic.dist_type, periodic.periodic), (Field::Is(DistType::Block), Field::Is(true)));
    }

    #[test]
    fn padding_is_not_believed() {
        let dict = |padding| DimDict { padding: Field::Is(padding), ..DimDict::block(9, 3, 6).on_grid(1, 3) };
        for padding in [[i64::MIN, 0], [0, i64::MAX]] {
            assert_eq!(
                dict(padding).restated(Version::V0_9, 3).unwrap_err().kind(),
                ErrorKind::Overflow,
                "{padding:?}"
            );
        }
    }
}
