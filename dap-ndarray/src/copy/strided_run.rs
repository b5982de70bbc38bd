//! Strided runs: the unit of a copy.

/// Elements along one factor: `count` runs of `len`. All distances in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StridedRun {
    pub(super) src: i64,
    pub(super) dst: i64,
    pub(super) len: i64,
    pub(super) count: i64,
    /// From element to element of a run.
    pub(super) src_step: i64,
    pub(super) dst_step: i64,
    /// From run to run.
    pub(super) src_stride: i64,
    pub(super) dst_stride: i64,
}

impl StridedRun {
    /// A single run.
    pub(super) fn run(src: i64, dst: i64, len: i64, src_step: i64, dst_step: i64) -> StridedRun {
        StridedRun { src, dst, len, count: 1, src_step, dst_step, src_stride: 0, dst_stride: 0 }
    }

    /// The same elements as one run, where they are.
    pub(super) fn simplified(self) -> StridedRun {
        let follows = |stride: i64, step: i64| stride == step * self.len;
        if self.count == 1 {
            self
        } else if self.len == 1 {
            StridedRun::run(self.src, self.dst, self.count, self.src_stride, self.dst_stride)
        } else if follows(self.src_stride, self.src_step) && follows(self.dst_stride, self.dst_step) {
            StridedRun::run(self.src, self.dst, self.len * self.count, self.src_step, self.dst_step)
        } else {
            self
        }
    }
}
