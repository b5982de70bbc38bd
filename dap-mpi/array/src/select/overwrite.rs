//! Rows that are overwritten: of several values for one row, the last in C order counts.

use dap_mpi::Result;
use dap_ndarray::Buffer;

use super::copy;
use super::rows::{Sink, Updates};

/// Overwrites rows.
#[derive(Default)]
pub(super) struct Overwrite {
    /// For each row, 1 + the place in C order of the value that was written last; 0 before. The
    /// system gives memory for the pages of rows that are written.
    written: Vec<u64>,
}

impl Sink for Overwrite {
    fn is_ordered(&self) -> bool {
        true
    }

    fn take(&mut self, places: &mut [u8], updates: Updates<'_>) {
        let Updates { numbers, orders, rows, bytes } = updates;
        let Some(orders) = orders else {
            copy::scatter(rows, bytes, numbers.iter().map(|&number| number as usize), places);
            return;
        };
        if self.written.is_empty() {
            self.written = vec![0; places.len().checked_div(bytes).unwrap_or(0)];
        }
        for ((&number, &order), row) in numbers.iter().zip(orders).zip(rows.chunks_exact(bytes.max(1))) {
            let last = &mut self.written[number as usize];
            if *last <= order {
                *last = order + 1;
                places[number as usize * bytes..][..bytes].copy_from_slice(row);
            }
        }
    }

    fn finish(&mut self, _places: &mut Buffer, _bytes: usize) -> Result<()> {
        Ok(())
    }
}
