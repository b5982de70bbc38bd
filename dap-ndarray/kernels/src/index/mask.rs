//! Partition by a mask: a byte for each element, of which each but 0 is true.

use crate::element::Element;
use crate::isa::{Kernel, dispatch};

/// Mask bytes that are looked at together.
const BLOCK: usize = 64;

/// The number of bytes that are not 0.
#[must_use]
pub fn count_true(mask: &[u8]) -> usize {
    struct Count<'a>(&'a [u8]);
    impl Kernel for Count<'_> {
        type Output = usize;

        #[inline(always)]
        fn run(self) -> usize {
            // Lanes of bytes count to 255.
            let blocks = self.0.chunks(BLOCK * 255).map(|block| {
                let mut lanes = [0_u8; BLOCK];
                let (chunks, tail) = block.as_chunks::<BLOCK>();
                for chunk in chunks {
                    for lane in 0..BLOCK {
                        lanes[lane] += u8::from(chunk[lane] != 0);
                    }
                }
                lanes.iter().map(|lane| usize::from(*lane)).sum::<usize>()
                    + tail.iter().filter(|byte| **byte != 0).count()
            });
            blocks.sum()
        }
    }
    dispatch(Count(mask))
}

/// Appends the items where the mask is true.
///
/// # Panics
/// Items and mask have different lengths.
pub fn compress<T: Element>(items: &[T], mask: &[u8], to: &mut Vec<T>) {
    assert_eq!(items.len(), mask.len(), "a byte of the mask for each item");
    let mut kept = [T::default(); BLOCK];
    for (items, mask) in items.chunks(BLOCK).zip(mask.chunks(BLOCK)) {
        let count = mask.iter().filter(|byte| **byte != 0).count();
        if count == items.len() {
            to.extend_from_slice(items);
        } else if count > 0 {
            // Without branches: an item that is not kept is overwritten by the next one.
            let mut at = 0;
            for (item, byte) in items.iter().zip(mask) {
                kept[at] = *item;
                at += usize::from(*byte != 0);
            }
            to.extend_from_slice(&kept[..count]);
        }
    }
}

/// Writes values, in order, where the mask is true; returns the number of values written.
///
/// # Panics
/// Target and mask have different lengths, or there are fewer values than the mask is true.
pub fn expand<T: Element>(values: &[T], mask: &[u8], target: &mut [T]) -> usize {
    assert_eq!(target.len(), mask.len(), "a byte of the mask for each item");
    let mut left = values;
    for (target, mask) in target.chunks_mut(BLOCK).zip(mask.chunks(BLOCK)) {
        let count = mask.iter().filter(|byte| **byte != 0).count();
        assert!(count <= left.len(), "{} values, expected more: one for each true byte of the mask", values.len());
        let (now, later) = left.split_at(count);
        left = later;
        if count == target.len() {
            target.copy_from_slice(now);
        } else {
            let mut now = now.iter();
            for (to, _) in target.iter_mut().zip(mask).filter(|(_, byte)| **byte != 0) {
                if let Some(value) = now.next() {
                    *to = *value;
                }
            }
        }
    }
    values.len() - left.len()
}
