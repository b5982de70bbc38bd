//! The strips of one part, one after the other.

use std::ops::Range;

use dap_non_temporal::{LINE, Sink};
use smallvec::SmallVec;

use super::scratch::with_scratch;
use super::{Access, Job, Operand, slot_bytes};
use crate::environment::Environment;
use crate::isa::Isa;
use crate::loops::{Cursor, Nest};
use crate::program::gather::{gather, scatter};

impl Job<'_> {
    /// Computes the elements of a range, counted in the order of the loops.
    ///
    /// # Safety
    /// The views that the job was made of are borrowed, targets mutably; their types are the
    /// program's; no other thread uses the targets' elements of this range.
    pub(super) unsafe fn execute(&self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let _environment = Environment::new();
        let slot = slot_bytes(self.program, self.strip).next_multiple_of(LINE);
        with_scratch(slot * self.program.places(), |scratch| {
            // SAFETY: the scratch memory has a slot for each place, aligned to a line.
            unsafe { self.strips(range, scratch, slot) }
        });
    }

    /// # Safety
    /// As [`execute`](Self::execute); `scratch` has a slot of `slot` bytes, enough for a strip, for
    /// each place.
    unsafe fn strips(&self, range: Range<usize>, scratch: *mut u8, slot: usize) {
        let program = self.program;
        let mut table: SmallVec<[*mut u8; 16]> =
            (0..program.places()).map(|number| scratch.wrapping_add(number * slot)).collect();
        let longest = self.strip.min(range.len());
        for (number, bytes) in self.scalars.iter().enumerate() {
            let scalar = &program.scalars[number];
            let (size, times) = (scalar.element.size(), if scalar.filled { longest } else { 1 });
            // SAFETY: the slot has room for a strip; the value is aligned to 8, as no element needs
            // more, and is read again and again.
            unsafe { gather(table[self.operands.len() + number], Aligned(*bytes).0.as_ptr(), 0, size, times) };
        }
        let streamed = self.operands.iter().filter(|operand| operand.access == Access::Streamed);
        let mut sinks: SmallVec<[Sink; 1]> = streamed.map(|_| Sink::new(true)).collect();
        match &self.nest {
            // SAFETY: this function's contract; the table is complete, and each streamed target has
            // a sink.
            None => unsafe { self.line(range, &mut table, &mut sinks) },
            // SAFETY: the same.
            Some(nest) => unsafe { self.rows(nest, range, &mut table, &mut sinks) },
        }
    }

    /// The strips of operands that lie side by side.
    ///
    /// # Safety
    /// As [`strips`](Self::strips); the table has a slot for each place, those of scalars are
    /// filled. The sinks are those of this range's streamed targets.
    unsafe fn line(&self, range: Range<usize>, table: &mut [*mut u8], sinks: &mut [Sink]) {
        let mut at = range.start;
        while at < range.end {
            let n = self.length(range.end - at, |_, operand| at as isize * operand.size as isize);
            for (operand, pointer) in self.operands.iter().zip(table.iter_mut()) {
                if operand.access == Access::Direct {
                    *pointer = operand.base.wrapping_add(at * operand.size);
                }
            }
            // SAFETY: `n` elements behind the `at`-th lie before the end of the range.
            unsafe { self.steps(table, n) };
            // SAFETY: the strip's elements, in this part's range.
            unsafe { self.push(|_, operand| (at * operand.size) as isize, n, table, sinks) };
            at += n;
        }
    }

    /// The strips of operands that lie in any way.
    ///
    /// # Safety
    /// As [`line`](Self::line).
    unsafe fn rows(&self, nest: &Nest, range: Range<usize>, table: &mut [*mut u8], sinks: &mut [Sink]) {
        let (_, strides) = nest.inner();
        let indirect = self.operands.iter().any(|operand| operand.access != Access::Direct);
        let mut cursor = nest.cursor(range.start);
        let mut at = range.start;
        while at < range.end {
            let left = range.end - at;
            let left = if self.by_rows { left.min(cursor.left_in_row()) } else { left };
            let n = self.length(left, |number, _| cursor.offsets()[number]);
            for ((operand, pointer), offset) in self.operands.iter().zip(table.iter_mut()).zip(cursor.offsets()) {
                if operand.access == Access::Direct {
                    *pointer = operand.base.wrapping_offset(*offset);
                }
            }
            if indirect {
                // SAFETY: `n` elements of the nest lie before the end of the range.
                unsafe { self.gather(&cursor, n, strides, table) };
            }
            // SAFETY: the same.
            unsafe { self.steps(table, n) };
            if indirect {
                // SAFETY: the same.
                unsafe { self.scatter(&cursor, n, strides, table) };
                // SAFETY: the same; a streamed target's elements of a strip lie side by side.
                unsafe { self.push(|number, _| cursor.offsets()[number], n, table, sinks) };
            }
            advance(&mut cursor, n);
            at += n;
        }
    }

    /// All steps of the program on one strip.
    ///
    /// # Safety
    /// `n` elements of its type are at each place of the table, at most a strip.
    #[inline]
    unsafe fn steps(&self, table: &[*mut u8], n: usize) {
        let number = match self.isa {
            Isa::Baseline => 0,
            Isa::Avx2 => 1,
            Isa::Avx512 => 2,
        };
        for step in &self.program.steps {
            let [out, a, b, c] = step.pointers.map(|number| table[usize::from(number)]);
            // SAFETY: `n` elements of the kernel's types are at each pointer: in the slot, or where
            // `lay_out` found the operand's elements of a strip side by side. A place that is
            // written is no operand of the step, unless its kernel reads what it overwrites
            // (`Program::compile`); targets overlap neither inputs nor each other, as they were
            // borrowed mutably. The processor has the instruction set (`run_with`).
            unsafe { (step.kernels[number])(out, a, b, c, n) };
        }
    }

    /// The length of the next strip, of which at most `left` elements are to be computed; `offset`
    /// says where an operand's first one lies.
    #[inline]
    fn length(&self, left: usize, offset: impl Fn(usize, &Operand) -> isize) -> usize {
        if left <= self.strip {
            return left;
        }
        // Whole lines of the first streamed target: the strip ends with one.
        let targets = self.operands[..self.program.targets.len()].iter().enumerate();
        if let Some((number, operand)) = targets.into_iter().find(|(_, operand)| operand.access == Access::Streamed) {
            let beyond = operand.base.wrapping_offset(offset(number, operand)).addr() % LINE;
            return self.strip - beyond / operand.size;
        }
        // Two halves cost less than a whole strip and a short one.
        if left < 2 * self.strip { (left / 2).next_multiple_of(64).min(self.strip) } else { self.strip }
    }

    /// Copies the results of streamed targets from their slots past the cache; `offset` says where
    /// an operand's first element of the strip lies.
    ///
    /// # Safety
    /// As [`strips`](Self::strips); `n` elements of the targets lie behind the offset, and no other
    /// thread uses them until the sinks are dropped.
    #[inline]
    unsafe fn push(&self, offset: impl Fn(usize, &Operand) -> isize, n: usize, table: &[*mut u8], sinks: &mut [Sink]) {
        let targets = self.operands[..self.program.targets.len()].iter().enumerate();
        let streamed = targets.filter(|(_, operand)| operand.access == Access::Streamed);
        for ((number, operand), sink) in streamed.zip(sinks) {
            let to = operand.base.wrapping_offset(offset(number, operand));
            // SAFETY: this function's contract; the slot has room for a strip, and scratch memory
            // is no operand's.
            unsafe { sink.push(to, table[number], n * operand.size) };
        }
    }

    /// Copies the elements of a strip that do not lie side by side into their slots.
    ///
    /// # Safety
    /// As [`strips`](Self::strips); `n` elements lie behind the cursor.
    unsafe fn gather(&self, cursor: &Cursor<'_>, n: usize, strides: &[isize], table: &[*mut u8]) {
        let targets = self.program.targets.len();
        let mut walk = cursor.clone();
        let mut done = 0;
        while done < n {
            let count = walk.left_in_row().min(n - done);
            for (number, operand) in self.operands.iter().enumerate() {
                let read = number >= targets || self.program.targets[number].1;
                if operand.access == Access::Gathered && read {
                    let from = operand.base.wrapping_offset(walk.offsets()[number]);
                    let to = table[number].wrapping_add(done * operand.size);
                    // SAFETY: the cursor's offsets and the inner strides are those of elements of
                    // the view; `done + count` elements are at most a strip.
                    unsafe { gather(to, from, strides[number], operand.size, count) };
                }
            }
            walk.advance(count);
            done += count;
        }
    }

    /// Copies results from their slots to where they belong.
    ///
    /// # Safety
    /// As [`gather`](Self::gather).
    unsafe fn scatter(&self, cursor: &Cursor<'_>, n: usize, strides: &[isize], table: &[*mut u8]) {
        let targets = &self.operands[..self.program.targets.len()];
        if targets.iter().all(|operand| operand.access != Access::Gathered) {
            return;
        }
        let mut walk = cursor.clone();
        let mut done = 0;
        while done < n {
            let count = walk.left_in_row().min(n - done);
            for (number, operand) in targets.iter().enumerate() {
                if operand.access == Access::Gathered {
                    let to = operand.base.wrapping_offset(walk.offsets()[number]);
                    let from = table[number].wrapping_add(done * operand.size);
                    // SAFETY: as in `gather`, of elements of a target in this part's range.
                    unsafe { scatter(to, strides[number], from, operand.size, count) };
                }
            }
            walk.advance(count);
            done += count;
        }
    }
}

fn advance(cursor: &mut Cursor<'_>, n: usize) {
    let mut left = n;
    while left > 0 {
        let count = left.min(cursor.left_in_row());
        cursor.advance(count);
        left -= count;
    }
}

/// A value that may be read as any element.
#[repr(C, align(16))]
struct Aligned([u8; 16]);
