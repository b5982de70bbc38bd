//! The beginning of a collective call: [`dap_mpi::watch`] has what follows from it.

use std::hash::{Hash, Hasher};

use dap_kernels::program::Value;
use dap_mpi::Result;
use dap_mpi::watch::Call;

use crate::array::DynArray;
use crate::context::Context;

/// An argument that is hashed for `DAP_CHECK=1`: all that must be the same on every rank.
pub(crate) struct Same<T>(pub(crate) T);

impl Context {
    /// Begins a collective call on the context: for functions that other crates add. `arguments`
    /// are the same on all ranks; the call ends when the guard is dropped. It sends no message,
    /// unless `DAP_CHECK=1` compares the call with that of the other ranks.
    ///
    /// # Errors
    /// A call that differs from that of another rank, a rank that has left.
    #[track_caller]
    pub fn enter(&self, name: &'static str, arguments: impl Hash) -> Result<Call> {
        self.comm().enter(name, arguments)
    }
}

impl DynArray {
    /// Begins a collective call on the array; its type and distribution are compared, too. See
    /// [`Context::enter`].
    ///
    /// # Errors
    /// As [`Context::enter`].
    #[track_caller]
    pub fn enter(&self, name: &'static str, arguments: impl Hash) -> Result<Call> {
        self.context().enter(name, (Same(self), arguments))
    }
}

impl Hash for Same<&DynArray> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.dtype().hash(state);
        self.0.placement().hash(state);
    }
}

impl Hash for Same<&[&DynArray]> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().for_each(|&array| Same(array).hash(state));
    }
}

impl Hash for Same<Value> {
    /// The bits: a NaN equals itself.
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.0 {
            Value::Bool(value) => (0_u8, value).hash(state),
            Value::Int(value) => (1_u8, value).hash(state),
            Value::Float(value) => (2_u8, value.to_bits()).hash(state),
            Value::Complex(re, im) => (3_u8, re.to_bits(), im.to_bits()).hash(state),
        }
    }
}
