//! Pending expressions: what is computed later, and when it must be.
//!
//! An operation stays pending if all arrays that it reads lie alike (one placement) and no code
//! outside has their memory. Evaluating it then sends no message, so that it does not matter on
//! which rank it happens, or when, as long as its operands are what they were: a write evaluates
//! the expressions that read that memory first.
//!
//! A part that several expressions share is stored when it is computed for the second time
//! ([`Expr::shared`]): in a loop that decides by `any()` at each step, for example.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use dap_array::{DynArray, Expr, Result};

use crate::array::{Inner, State};

/// An expression that is not evaluated yet.
pub(crate) struct Pending {
    pub(crate) expr: Expr<'static>,
    /// One of the operands: the result lies as it does.
    pub(crate) like: DynArray,
}

/// A deeper expression is evaluated at once, so that a loop without a reduction ends in elements.
pub(crate) const MOST_DEPTH: usize = 48;

thread_local! {
    /// The arrays of this thread that were pending when they were made.
    static ALL: RefCell<All> = const { RefCell::new(All { arrays: Vec::new(), tidy_at: 64 }) };
}

struct All {
    arrays: Vec<Weak<Inner>>,
    /// The number of entries at which those that are pending no more are removed.
    tidy_at: usize,
}

fn is_pending(array: &Inner) -> bool {
    matches!(&*array.state().borrow(), State::Pending(_) | State::Masked(_))
}

/// Notes a pending array.
pub(crate) fn note(array: &Rc<Inner>) {
    ALL.with_borrow_mut(|all| {
        if all.arrays.len() >= all.tidy_at {
            all.arrays.retain(|it| it.upgrade().is_some_and(|it| is_pending(&it)));
            all.tidy_at = 64.max(2 * all.arrays.len());
        }
        all.arrays.push(Rc::downgrade(array));
    });
}

/// Evaluates all pending expressions that read the memory of an array.
///
/// # Errors
/// None that a program can cause: an expression was checked when it was made, and a lack of memory
/// is kept for the next collective call.
pub(crate) fn evaluate_readers(array: &DynArray) -> Result<()> {
    let arrays: Vec<Rc<Inner>> = ALL.with_borrow(|all| all.arrays.iter().filter_map(Weak::upgrade).collect());
    for it in arrays {
        let reads = match &*it.state().borrow() {
            State::Pending(pending) => pending.expr.reads(array),
            State::Masked(masked) => masked.reads(array),
            _ => false,
        };
        if reads {
            it.settled()?;
        }
    }
    Ok(())
}
