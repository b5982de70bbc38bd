//! Expressions that several others are made of: what is computed twice is kept.

use std::collections::HashSet;
use std::rc::Rc;

use dap_mpi::Result;

use super::node::{Content, Node, Uses};
use super::{Expr, Moves, compute};
use crate::array::DynArray;

impl Expr<'_> {
    /// The same expression, which others are made of. The first evaluation that computes it, alone
    /// or as a part of another, does not store its elements; the second one does, and those that
    /// follow read them. All arrays below lie alike: only then a rank can keep it by itself.
    #[must_use]
    pub fn shared(self) -> Self {
        if let Ok(node) = &self.node {
            node.uses.set(Uses::Never);
        }
        self
    }

    /// The result as a new array, in a call that has noted the computation. Collective.
    pub(crate) fn computed(&self) -> Result<DynArray> {
        compute::new_array(self.node()?, self.moves)
    }

    /// The elements, if they are kept.
    pub fn kept(&self) -> Option<DynArray> {
        self.node.as_ref().ok()?.with_content(|content| match content {
            Content::Kept { array, .. } => Some(array.clone()),
            _ => None,
        })
    }
}

/// Notes that an expression is computed: keeps the elements of shared parts that were computed
/// before, the largest ones only. Local.
pub(super) fn keep_parts(root: &Rc<Node>) -> Result<()> {
    let mut seen: HashSet<*const Node> = HashSet::from([Rc::as_ptr(root)]);
    let mut waiting = root.operands();
    let mut is_less_deep = false;
    while let Some(node) = waiting.pop() {
        if seen.insert(Rc::as_ptr(&node)) {
            is_less_deep |= keep(&node)?;
            waiting.extend(node.operands());
        }
    }
    if is_less_deep {
        root.count_depth(&mut HashSet::new());
    }
    Ok(())
}

/// As [`keep_parts`], and of the whole expression.
pub(super) fn keep_all(root: &Rc<Node>) -> Result<()> {
    keep(root)?;
    keep_parts(root)
}

/// Keeps the elements of a shared expression at its second computation; returns whether it did.
fn keep(node: &Rc<Node>) -> Result<bool> {
    match node.uses.get() {
        Uses::Uncounted => Ok(false),
        Uses::Never => {
            node.uses.set(Uses::Once);
            Ok(false)
        }
        Uses::Once => {
            let array = compute::new_array(node, Moves::Allowed)?;
            node.keep(array, node.hash_of_all());
            Ok(true)
        }
    }
}
