//! The hash of an expression: all that must be the same on every rank.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use dap_mpi::Result;
use dap_mpi::watch::Call;

use super::Expr;
use super::node::{Content, Node};
use crate::array::DynArray;
use crate::calls::Same;

impl Expr<'_> {
    /// Begins a collective call that computes this; without an array there is none.
    #[track_caller]
    pub(crate) fn enter(&self, name: &'static str, arguments: impl Hash) -> Result<Option<Call>> {
        let node = self.node()?;
        // No closure, which would be the caller.
        match node.first_array() {
            Some(array) => Ok(Some(array.context().enter(name, (node.same(), arguments))?)),
            None => Ok(None),
        }
    }
}

impl Node {
    /// The node as an argument that is hashed.
    pub(super) fn same(&self) -> Same<&Node> {
        Same(self)
    }

    /// The hash of the expression.
    pub(super) fn hash_of_all(&self) -> u64 {
        hash(self, &mut HashMap::new())
    }

    fn first_array(&self) -> Option<DynArray> {
        self.with_content(|content| match content {
            Content::Array(array) | Content::Kept { array, .. } => Some(array.clone()),
            Content::Scalar(_) | Content::Weak(_) => None,
            Content::Cast(operand) => operand.first_array(),
            // Only where there is one: an operand may occur again and again below.
            Content::Apply(_, operands) => operands.iter().find(|operand| operand.has_array())?.first_array(),
        })
    }
}

impl Hash for Same<&Node> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash_of_all());
    }
}

/// The hash of a node; `known` has those of nodes that are operands several times.
fn hash(node: &Node, known: &mut HashMap<*const Node, u64>) -> u64 {
    if let Some(&known) = known.get(&std::ptr::from_ref(node)) {
        return known;
    }
    let hash = node.with_content(|content| {
        let mut state = DefaultHasher::new();
        node.element().hash(&mut state);
        match content {
            Content::Kept { hash, .. } => return *hash,
            Content::Array(array) => Same(array).hash(&mut state),
            Content::Scalar(value) | Content::Weak(value) => Same(*value).hash(&mut state),
            Content::Cast(operand) => state.write_u64(hash(operand, known)),
            Content::Apply(op, operands) => {
                op.hash(&mut state);
                operands.iter().for_each(|operand| state.write_u64(hash(operand, known)));
            }
        }
        state.finish()
    });
    known.insert(std::ptr::from_ref(node), hash);
    hash
}
