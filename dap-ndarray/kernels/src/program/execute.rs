//! Running a program: checks, loops, strips, threads.
//!
//! All operands share one order of loops, by the strides of the targets. A strip is a part of a row
//! (the innermost loop), or, if rows are short, of several. An operand whose elements of a strip
//! lie side by side is read or written where it lies; another one is gathered into its strip of
//! scratch memory before the steps, or scattered after them.

mod scratch;
mod strips;

use dap_non_temporal::{AVAILABLE, LINE};
use smallvec::SmallVec;

use super::compile::{Program, Scalar};
use super::error::{ProgramError, ProgramErrorKind};
use super::value::{Bytes, Value};
use crate::isa::Isa;
use crate::loops::{Nest, Order};
use crate::memory::PAST_CACHE;
use crate::threads;
use crate::view::{View, ViewMut};

/// The operands of a program that are read.
#[derive(Debug, Clone, Copy)]
pub struct Operands<'o, 'a> {
    /// The inputs; each is broadcast to the shape of the targets.
    pub inputs: &'o [View<'a>],
    /// The scalars.
    pub scalars: &'o [Value],
}

/// How a program runs. The results do not depend on it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The number of threads; 0: that of [`threads::threads`].
    pub threads: usize,
    /// The instruction set, or the best one below it that the machine has; `None`: that of
    /// [`Isa::in_use`].
    pub isa: Option<Isa>,
    /// The least number of elements that a thread is given; `None`: by the cost of the program.
    pub grain: Option<usize>,
    /// Whether results are written past the cache; `None`: if they are larger than it.
    pub stream: Option<bool>,
}

/// How a strip of a target or an input is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Where it lies.
    Direct,
    /// By way of scratch memory.
    Gathered,
    /// A target: in scratch memory, copied past the cache.
    Streamed,
}

/// One target or input.
#[derive(Debug, Clone, Copy)]
struct Operand {
    /// The element whose indices are all 0.
    base: *mut u8,
    size: usize,
    access: Access,
}

/// A program with its operands.
struct Job<'p> {
    program: &'p Program,
    len: usize,
    /// The loops; `None`: all operands lie side by side, in one order.
    nest: Option<Nest>,
    /// Targets, then inputs.
    operands: SmallVec<[Operand; 4]>,
    scalars: SmallVec<[Bytes; 4]>,
    /// The greatest number of elements of a strip.
    strip: usize,
    /// Whether a strip ends with its row.
    by_rows: bool,
    isa: Isa,
}

// SAFETY: the pointers of a job are those of views that `Program::run_with` borrows for as long as
// the job lives; several threads read inputs, and write different elements of targets.
unsafe impl Sync for Job<'_> {}

/// The bytes of a strip's widest operand: large enough that the steps' calls cost little, small
/// enough that the processor overlaps the memory accesses of consecutive steps (at 8 KiB half of
/// the bandwidth is gone).
const STRIP_BYTES: usize = 1024;
/// The same for operands that are in the first-level cache, where longer strips cost less.
const CACHED_STRIP_BYTES: usize = 8 << 10;
/// Operands of at most this size each are taken for cached.
const CACHED: usize = 32 << 10;
/// A program of at most this number of additions for each operand in memory is bound by memory. It
/// uses vectors of 256 bits: on a Zen 5 core a triad in place took 0.98 of the fused loop's time
/// with them, and 1.2 with vectors of 512 bits.
const BOUND_BY_MEMORY: usize = 4;
/// Additions of a part that are worth a thread's wake-up.
const GRAIN: usize = 1 << 17;

impl Program {
    /// Computes all elements of the targets, with default options.
    ///
    /// # Errors
    /// Operands do not fit the graph: their number, types, shapes, or a scalar's value. Nothing is
    /// written then.
    pub fn run(&self, targets: &mut [ViewMut<'_>], operands: &Operands<'_, '_>) -> Result<(), ProgramError> {
        self.run_with(targets, operands, &Options::default())
    }

    /// Computes all elements of the targets.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_with(
        &self,
        targets: &mut [ViewMut<'_>],
        operands: &Operands<'_, '_>,
        options: &Options,
    ) -> Result<(), ProgramError> {
        self.check(targets, operands)?;
        let scalars = self.scalar_bytes(operands.scalars)?;
        let len = targets[0].len();
        let bytes = self.widest * len;
        let longest = if bytes <= CACHED { CACHED_STRIP_BYTES } else { STRIP_BYTES };
        let strip = (longest / self.widest).max(64);
        let isa = options.isa.map_or_else(Isa::in_use, |isa| isa.min(Isa::best()));
        let operands_in_memory = targets.len() + operands.inputs.len();
        let narrow = bytes > CACHED && self.weight <= BOUND_BY_MEMORY * operands_in_memory;
        let isa = if narrow { isa.min(Isa::Avx2) } else { isa };
        let mut job =
            Job { program: self, len, nest: None, operands: SmallVec::new(), scalars, strip, by_rows: true, isa };
        job.lay_out(targets, operands.inputs)?;
        if len == 0 {
            return Ok(());
        }
        job.stream(options.stream);
        let wanted = if options.threads == 0 { threads::threads() } else { options.threads };
        let grain = options.grain.unwrap_or_else(|| (GRAIN / self.weight.max(1)).max(4 * job.strip));
        let parts = threads::parts(len, grain, wanted);
        threads::for_parts(parts, |part| {
            let range = threads::range_of(part, parts, len, job.strip);
            // SAFETY: `check` compared types and shapes with the program's, `lay_out` made the
            // loops from the views' strides; ranges of different parts have no element in common.
            unsafe { job.execute(range) };
        });
        Ok(())
    }

    fn check(&self, targets: &[ViewMut<'_>], operands: &Operands<'_, '_>) -> Result<(), ProgramError> {
        let count = |what, found, expected| {
            if found == expected { Ok(()) } else { Err(ProgramErrorKind::Count { what, found, expected }) }
        };
        count("targets", targets.len(), self.targets.len())?;
        count("inputs", operands.inputs.len(), self.inputs.len())?;
        count("scalars", operands.scalars.len(), self.graph.scalars())?;
        for (number, (target, &(expected, _))) in targets.iter().zip(&self.targets).enumerate() {
            let found = target.element();
            if found != expected {
                return Err(ProgramErrorKind::Type { what: "target", number, found, expected }.into());
            }
            if target.shape() != targets[0].shape() {
                return Err(ProgramErrorKind::TargetShape { target: number }.into());
            }
        }
        for (number, (input, &expected)) in operands.inputs.iter().zip(&self.inputs).enumerate() {
            let found = input.element();
            // An input that no operation uses may have any type, but one is named.
            if found != expected {
                return Err(ProgramErrorKind::Type { what: "input", number, found, expected }.into());
            }
        }
        Ok(())
    }

    /// Whether the program can run with these scalars: their number, and that each has a value of
    /// the type that it meets.
    ///
    /// # Errors
    /// Another number of scalars; an integer out of the type's range, a float for an integer type,
    /// a complex number for a real one.
    pub fn check_scalars(&self, scalars: &[Value]) -> Result<(), ProgramError> {
        let (found, expected) = (scalars.len(), self.graph.scalars());
        if found != expected {
            return Err(ProgramErrorKind::Count { what: "scalars", found, expected }.into());
        }
        self.scalar_bytes(scalars).map(drop)
    }

    fn scalar_bytes(&self, scalars: &[Value]) -> Result<SmallVec<[Bytes; 4]>, ProgramError> {
        let bytes = |register: &Scalar| {
            let (scalar, expected) = (usize::from(register.number), register.element);
            scalars[scalar].bytes(expected).ok_or_else(|| ProgramErrorKind::Scalar { scalar, expected }.into())
        };
        self.scalars.iter().map(bytes).collect()
    }
}

impl Job<'_> {
    /// Makes the loops, and finds out how each operand is reached.
    fn lay_out(&mut self, targets: &mut [ViewMut<'_>], inputs: &[View<'_>]) -> Result<(), ProgramError> {
        let sizes = targets.iter().map(|target| target.element().size());
        let sizes: SmallVec<[usize; 4]> = sizes.chain(inputs.iter().map(|input| input.element().size())).collect();
        let simple = targets.iter().all(ViewMut::is_contiguous)
            && inputs.iter().all(|input| input.is_contiguous() && input.shape() == targets[0].shape());
        if simple {
            let bases = targets.iter_mut().map(ViewMut::as_mut_ptr);
            let bases = bases.chain(inputs.iter().map(|input| input.as_ptr().cast_mut()));
            let operand = |(base, &size)| Operand { base, size, access: Access::Direct };
            self.operands = bases.zip(&sizes).map(operand).collect();
            return Ok(());
        }
        let mut wide: SmallVec<[View<'_>; 8]> = SmallVec::new();
        for (number, input) in inputs.iter().enumerate() {
            let view = input.broadcast_to(targets[0].shape());
            wide.push(view.map_err(|error| ProgramErrorKind::Shape { input: number, error })?);
        }
        let strides: SmallVec<[&[isize]; 8]> =
            targets.iter().map(ViewMut::strides).chain(wide.iter().map(View::strides)).collect();
        let nest = Nest::new(targets[0].shape(), &strides, Order::Any);
        drop(strides);
        let (inner, steps) = nest.inner();
        self.by_rows = nest.shape().len() == 1 || inner >= self.strip / 2;
        let bases = targets.iter_mut().map(ViewMut::as_mut_ptr);
        let bases = bases.chain(wide.iter().map(|input| input.as_ptr().cast_mut()));
        self.operands = bases
            .zip(sizes)
            .enumerate()
            .map(|(number, (base, size))| {
                let dense = steps[number] == size as isize
                    && (self.by_rows
                        || (1..nest.shape().len()).all(|dim| {
                            let row = nest.strides(dim)[number].checked_mul(nest.shape()[dim] as isize);
                            row == Some(nest.strides(dim - 1)[number])
                        }));
                let access = if dense || inner == 1 && nest.len() == 1 { Access::Direct } else { Access::Gathered };
                Operand { base, size, access }
            })
            .collect();
        self.nest = Some(nest);
        Ok(())
    }

    /// Chooses the targets that are written past the cache.
    fn stream(&mut self, wanted: Option<bool>) {
        let len = self.len;
        for (operand, (_, read)) in self.operands.iter_mut().zip(&self.program.targets) {
            let large = wanted.unwrap_or(AVAILABLE && len * operand.size >= PAST_CACHE);
            if large && !read && operand.access == Access::Direct {
                operand.access = Access::Streamed;
            }
        }
    }
}

/// The scalars' registers, and all others, are strips of scratch memory: one for each place.
fn slot_bytes(program: &Program, strip: usize) -> usize {
    // A line more than a power of two: slots at equal distances from their pages' beginnings would
    // wait for each other's stores.
    strip * program.widest + LINE
}
