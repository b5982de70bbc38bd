//! Functions that are called by name: by Python, or by a message that names one.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use dap_mpi::Result;

use super::payload::{Decode, Encode, read, write};
use crate::context::Context;
use crate::error::argument;

/// A function from the bytes of its argument to those of its result.
type Function = Rc<dyn Fn(&Context, &[u8]) -> Result<Vec<u8>>>;

/// The functions of a context.
#[derive(Default)]
pub(crate) struct Functions {
    table: RefCell<BTreeMap<String, Function>>,
}

impl fmt::Debug for Functions {
    /// The names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.table.borrow().keys()).finish()
    }
}

impl Context {
    /// Registers a function of this rank, in place of one that had this name. Several arguments are
    /// a [`Serde`](super::Serde) tuple. Local: ranks that call functions together register the same
    /// ones.
    ///
    /// ```no_run
    /// # fn example(context: &dap_array::Context) -> dap_array::Result<()> {
    /// context.register("centre", |_, mut items: Vec<f64>| {
    ///     let mean = items.iter().sum::<f64>() / items.len() as f64;
    ///     items.iter_mut().for_each(|item| *item -= mean);
    ///     Ok(items)
    /// });
    /// assert_eq!(context.call::<Vec<f64>>("centre", &[1.0, 3.0])?, [-1.0, 1.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn register<A: Decode, R: Encode>(
        &self,
        name: impl Into<String>,
        function: impl Fn(&Context, A) -> Result<R> + 'static,
    ) {
        let function: Function = Rc::new(move |context, bytes| write(&function(context, read(bytes, "the caller")?)?));
        let replaced = self.functions().table.borrow_mut().insert(name.into(), function);
        // Behind the borrow: what a function has captured may use the table when it is dropped.
        drop(replaced);
    }

    /// Calls a function of this rank by its name. It sends no message of its own.
    ///
    /// # Errors
    /// No function has this name; it takes or returns another type; its own errors.
    pub fn call<R: Decode>(&self, name: &str, argument: &(impl Encode + ?Sized)) -> Result<R> {
        read(&self.call_with_bytes(name, &write(argument)?)?, &format!("the function {name:?}"))
    }

    /// As [`call`](Context::call), with the argument and the result as the bytes of messages, for
    /// callers that know no types.
    ///
    /// # Errors
    /// As `call`.
    pub fn call_with_bytes(&self, name: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        let function = self.functions().table.borrow().get(name).cloned();
        match function {
            Some(function) => function(self, bytes),
            None => argument(format!("no function is named {name:?}: the context has {:?}", self.function_names())),
        }
    }

    /// The names of all functions, sorted.
    pub fn function_names(&self) -> Vec<String> {
        self.functions().table.borrow().keys().cloned().collect()
    }
}
