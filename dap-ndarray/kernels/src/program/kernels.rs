//! The kernels, a file for each family, and the one place that finds them.
//!
//! Signed and unsigned integers share a kernel where the bits of the result are the same; bools are
//! bytes of which each but 0 is true.

mod arithmetic;
mod bits;
mod cast;
mod compare;
mod complex;
mod divide;
mod extremes;
mod function;
mod predicate;
mod rounding;
mod select;

use super::kernel::Strip;
use super::lower::Code;
use super::op::Op;
use crate::element::ElementType;
use crate::isa::Isa;

/// The kernel of a step whose operands have the type `element`; `None` if there is none.
pub(super) fn find(code: Code, element: ElementType, isa: Isa) -> Option<Strip> {
    let op = match code {
        Code::Op(op) => op,
        Code::MulAdd | Code::MulSub | Code::SubMul | Code::Accumulate(_) => {
            return arithmetic::find_fused(code, element, isa);
        }
        Code::ScaleAdd | Code::ScaleSub | Code::SubScale | Code::WithScalar(_) => {
            return arithmetic::find_scaled(code, element, isa);
        }
        Code::Cast(to) => return cast::find(element, to, isa),
        Code::Copy => return select::copy(element, isa),
        Code::False | Code::True | Code::Zero => return select::constant(code, element, isa),
    };
    if op == Op::Where {
        return select::find(element, isa);
    }
    let families = [
        arithmetic::find,
        divide::find,
        extremes::find,
        compare::find,
        bits::find,
        rounding::find,
        predicate::find,
        complex::find,
        function::find,
    ];
    families.iter().find_map(|find| find(op, element, isa))
}
