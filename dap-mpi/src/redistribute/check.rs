//! The checks of a process's buffers.

use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_ndarray::{Access, Buffer};

use super::Redistribution;
use crate::error::{Error, ErrorKind, Result};

impl Redistribution {
    pub(super) fn check(&self, source: Option<&Buffer>, target: Option<&Buffer>) -> Result<()> {
        let endpoints = self.plan.endpoints();
        let side = |name: &str, layout: &Layout, rank: Option<Rank>, buffer: Option<&Buffer>| {
            let wrong = |what: String| Err(Error::new(ErrorKind::Buffer, format!("the {name} {what}")));
            let (rank, buffer) = match (rank, buffer) {
                (Some(rank), Some(buffer)) => (rank, buffer),
                (Some(rank), None) => return wrong(format!("is missing: this is rank {rank} of {layout}")),
                (None, Some(_)) => return wrong(format!("is too much: this rank holds nothing of {layout}")),
                (None, None) => return Ok(()),
            };
            let expected = layout.local_shape(rank).unwrap_or_default();
            if buffer.shape() != expected {
                return wrong(format!(
                    "has the shape {:?}, rank {rank} of {layout} needs {expected:?}",
                    buffer.shape()
                ));
            }
            if *buffer.dtype() != self.dtype {
                return wrong(format!("has items of type {}, {} is moved", buffer.dtype().name(), self.dtype.name()));
            }
            Ok(())
        };
        side("source", self.plan.from(), endpoints.source, source)?;
        side("target", self.plan.to(), endpoints.target, target)?;
        match (source, target) {
            (_, Some(target)) if target.access() == Access::ReadOnly => {
                Err(Error::new(ErrorKind::Buffer, "the target may only be read"))
            }
            (Some(source), Some(target)) if source.may_share_memory(&target.reach()) => {
                Err(Error::new(ErrorKind::Buffer, "source and target share memory: an array cannot move within itself"))
            }
            _ => Ok(()),
        }
    }
}
