//! Named values that a rank keeps between the calls of an SPMD program.

use std::any::{Any, type_name};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use dap_mpi::{Error, ErrorKind, Result};

use crate::error::argument;

/// Named values of any types, on this rank: of a [`Context`](crate::Context) or of a
/// [`Group`](super::Group). They are dropped with it, or by [`clear`](ContextStorage::clear).
///
/// A value that holds a clone of the context or group that stores it keeps both in memory: arrays
/// hold their context. Clear the storage, or take such values out of it, at the end.
///
/// ```no_run
/// # fn step(context: &dap_array::Context) -> dap_array::Result<()> {
/// context.storage().put("steps", 0_u32);
/// context.storage().with("steps", |steps: &mut u32| *steps += 1)?;
/// assert_eq!(context.storage().get::<u32>("steps")?, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct ContextStorage {
    values: RefCell<BTreeMap<String, Stored>>,
}

struct Stored {
    /// `None` while [`ContextStorage::with`] lends the value.
    value: Option<Box<dyn Any>>,
    type_name: &'static str,
}

impl ContextStorage {
    /// Stores a value. A value that had this name is dropped.
    pub fn put<T: 'static>(&self, name: impl Into<String>, value: T) {
        let stored = Stored { value: Some(Box::new(value)), type_name: type_name::<T>() };
        let replaced = self.values.borrow_mut().insert(name.into(), stored);
        // Behind the borrow: the drop of a value may use the storage.
        drop(replaced);
    }

    /// A clone of a value.
    ///
    /// # Errors
    /// As [`with`](ContextStorage::with).
    pub fn get<T: Clone + 'static>(&self, name: &str) -> Result<T> {
        self.with(name, |value: &mut T| value.clone())
    }

    /// Lends a value. `body` may use the storage; it cannot use this value a second time.
    ///
    /// # Errors
    /// No value has this name; it has another type; it is lent already.
    pub fn with<T: 'static, R>(&self, name: &str, body: impl FnOnce(&mut T) -> R) -> Result<R> {
        let mut value = self.lend::<T>(name)?;
        let result = body(&mut value);
        // Another value may have this name meanwhile, or none.
        if let Some(stored @ Stored { value: None, .. }) = self.values.borrow_mut().get_mut(name) {
            stored.value = Some(value);
        }
        Ok(result)
    }

    /// Removes a value and returns it.
    ///
    /// # Errors
    /// As [`with`](ContextStorage::with).
    pub fn take<T: 'static>(&self, name: &str) -> Result<T> {
        let value = self.lend::<T>(name)?;
        self.values.borrow_mut().remove(name);
        Ok(*value)
    }

    /// Whether a value has this name.
    pub fn contains(&self, name: &str) -> bool {
        self.values.borrow().contains_key(name)
    }

    /// The names of all values, sorted.
    pub fn names(&self) -> Vec<String> {
        self.values.borrow().keys().cloned().collect()
    }

    /// Drops all values.
    pub fn clear(&self) {
        let values = self.values.take();
        // Behind the borrow, as in `put`.
        drop(values);
    }

    fn lend<T: 'static>(&self, name: &str) -> Result<Box<T>> {
        let mut values = self.values.borrow_mut();
        let Some(stored) = values.get_mut(name) else {
            let names: Vec<&str> = values.keys().map(String::as_str).collect();
            return argument(format!("no value is named {name:?}: the storage has {names:?}"));
        };
        let Some(value) = stored.value.take() else {
            let message = format!("the value {name:?} is in use: it is lent to an outer call");
            return Err(Error::new(ErrorKind::State, message));
        };
        value.downcast().or_else(|value| {
            stored.value = Some(value);
            argument(format!("the value {name:?} is {}, not {}", stored.type_name, type_name::<T>()))
        })
    }
}

impl fmt::Debug for ContextStorage {
    /// The names and types.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values.borrow();
        f.debug_map().entries(values.iter().map(|(name, stored)| (name, stored.type_name))).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn values_are_kept_by_name_and_type() {
        let storage = ContextStorage::default();
        storage.put("count", 1_i32);
        storage.put("names", vec!["a".to_owned()]);
        storage.with("count", |count: &mut i32| *count += 4).unwrap();
        storage.with("names", |names: &mut Vec<String>| names.push(storage.names().concat())).unwrap();
        assert_eq!(storage.get::<i32>("count").unwrap(), 5);
        assert_eq!(storage.take::<Vec<String>>("names").unwrap(), ["a", "countnames"]);
        assert_eq!((storage.names(), storage.contains("names")), (vec!["count".to_owned()], false));
        assert_eq!(format!("{storage:?}"), r#"{"count": "i32"}"#);
    }

    #[test]
    fn mistakes_are_named_and_change_nothing() {
        let storage = ContextStorage::default();
        storage.put("count", 1_i32);
        let error = storage.get::<u8>("count").unwrap_err();
        assert_eq!(error.to_string(), r#"the value "count" is i32, not u8"#);
        let error = storage.take::<i32>("other").unwrap_err();
        assert_eq!(error.to_string(), r#"no value is named "other": the storage has ["count"]"#);
        let inner = storage.with("count", |_: &mut i32| storage.get::<i32>("count").map_err(|error| error.kind()));
        assert_eq!(inner.unwrap(), Err(ErrorKind::State));
        assert_eq!(storage.get::<i32>("count").unwrap(), 1);
    }

    #[test]
    fn a_lent_value_does_not_return_to_a_name_that_was_cleared_or_given_away() {
        let storage = ContextStorage::default();
        storage.put("a", 1);
        storage.with("a", |_: &mut i32| storage.clear()).unwrap();
        assert!(!storage.contains("a"));
        storage.put("a", 1);
        storage.with("a", |_: &mut i32| storage.put("a", "other")).unwrap();
        assert_eq!(storage.get::<&str>("a").unwrap(), "other");
    }

    #[test]
    fn values_are_dropped_with_the_storage_and_may_use_it_then() {
        struct Last {
            storage: Rc<ContextStorage>,
            _count: Rc<()>,
        }
        impl Drop for Last {
            fn drop(&mut self) {
                self.storage.put("dropped", true);
            }
        }
        let (storage, count) = (Rc::new(ContextStorage::default()), Rc::new(()));
        storage.put("last", Last { storage: Rc::clone(&storage), _count: Rc::clone(&count) });
        storage.clear();
        assert_eq!((Rc::strong_count(&count), storage.names()), (1, vec!["dropped".to_owned()]));
        storage.put("count", Rc::clone(&count));
        drop(storage);
        assert_eq!(Rc::strong_count(&count), 1);
    }
}
