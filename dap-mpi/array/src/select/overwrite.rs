//! Rows that are overwritten: of several values for one row, the last in C order counts.

use dap_mpi::Result;
use dap_ndarray::{Buffer, Item};

use super::copy;
use super::rows::{Sink, Updates};

/// Overwrites rows.
#[derive(Default)]
pub(super) struct Overwrite {
    /// For each row, 1 + the place in C order of the value that was written last; 0 before. The
    /// system gives memory for the pages of rows that are written.
    written: Option<Buffer>,
}

impl Sink for Overwrite {
    fn is_ordered(&self) -> bool {
        true
    }

    fn begin_in_order(&mut self, rows: usize) -> Result<()> {
        self.written = Some(Buffer::zeros(u64::dtype(), &[rows as i64])?);
        Ok(())
    }

    fn take(&mut self, places: &mut [u8], updates: Updates<'_>) -> Result<()> {
        let Updates { numbers, orders, rows, bytes } = updates;
        let (Some(orders), Some(written)) = (orders, &mut self.written) else {
            copy::scatter(rows, bytes, numbers.iter().map(|&number| number as usize), places);
            return Ok(());
        };
        let mut written = written.view_mut::<u64>()?;
        let written = written.as_slice_mut().unwrap_or_default();
        for ((&number, &order), row) in numbers.iter().zip(orders).zip(rows.chunks_exact(bytes.max(1))) {
            let last = &mut written[number as usize];
            if *last <= order {
                *last = order + 1;
                places[number as usize * bytes..][..bytes].copy_from_slice(row);
            }
        }
        Ok(())
    }

    fn finish(&mut self, _places: &mut Buffer, _bytes: usize) -> Result<()> {
        Ok(())
    }
}
