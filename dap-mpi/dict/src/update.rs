//! Values that a function of the old one gives: counts and sums by key.

use std::any::type_name;
use std::collections::BTreeMap;

use dap_mpi::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bytes::{Parts, decoded, encoded, put};
use crate::dict::DistDict;
use crate::exchange::exchange;

/// An argument of an update: the bytes of its key, the key, and the argument.
type Argument<K, U> = (Box<[u8]>, K, U);

impl<K: Serialize + DeserializeOwned, V: Serialize + DeserializeOwned> DistDict<K, V> {
    /// Changes values by a function: for each key and argument that a rank gives, `f` gets the
    /// value of the key, if it has one, and the argument, and returns the new value, or `None` to
    /// take the key away. The owner of the key calls it, for the arguments of rank 0 first, in
    /// their order. Operations since the last flush are executed before. Collective.
    ///
    /// # Errors
    /// As [`flush`](DistDict::flush); a key or an argument that serde refuses, on some rank: then
    /// no value is changed.
    #[track_caller]
    pub fn update_all<U: Serialize + DeserializeOwned>(
        &mut self,
        arguments: impl IntoIterator<Item = (K, U)>,
        mut f: impl FnMut(Option<V>, U) -> Option<V>,
    ) -> Result<()> {
        let _call = self.comm().enter("DistDict::update_all", type_name::<(K, V, U)>())?;
        for (bytes, key, argument) in self.arrived(arguments)? {
            let (key, old) = match self.items.remove(&bytes) {
                Some((key, old)) => (key, Some(old)),
                None => (key, None),
            };
            if let Some(new) = f(old, argument) {
                self.items.insert(bytes, (key, new));
            }
        }
        Ok(())
    }

    /// As [`update_all`](DistDict::update_all), by a function that can fail. The new values are
    /// kept beside the old ones until all ranks have computed theirs.
    ///
    /// # Errors
    /// As `update_all`; on all ranks, the error of the function on one: then no value is changed.
    #[track_caller]
    pub fn try_update_all<U: Serialize + DeserializeOwned>(
        &mut self,
        arguments: impl IntoIterator<Item = (K, U)>,
        mut f: impl FnMut(Option<&V>, U) -> Result<Option<V>>,
    ) -> Result<()> {
        let _call = self.comm().enter("DistDict::try_update_all", type_name::<(K, V, U)>())?;
        let mut changed = BTreeMap::<Box<[u8]>, (K, Option<V>)>::new();
        let computed = self.arrived(arguments)?.into_iter().try_for_each(|(bytes, key, argument)| {
            let old = match changed.get(&bytes) {
                Some((_, value)) => value.as_ref(),
                None => self.items.get(&bytes).map(|(_, value)| value),
            };
            let new = f(old, argument)?;
            changed.insert(bytes, (key, new));
            Ok(())
        });
        self.comm().agree(computed)?;
        for (bytes, (key, value)) in changed {
            match value {
                Some(value) => drop(self.items.insert(bytes, (key, value))),
                None => drop(self.items.remove(&bytes)),
            }
        }
        Ok(())
    }

    /// Flushes, and sends arguments to the owners of their keys; returns those that this rank owns,
    /// in the order of ranks. Collective.
    fn arrived<U: Serialize + DeserializeOwned>(
        &mut self,
        arguments: impl IntoIterator<Item = (K, U)>,
    ) -> Result<Vec<Argument<K, U>>> {
        self.flush()?;
        let mut messages = vec![Vec::new(); self.group.size()];
        let queued = arguments.into_iter().try_for_each(|(key, argument)| {
            let key = encoded(&key)?;
            let message = &mut messages[self.owner_of(&key)];
            put(message, &key);
            put(message, &encoded(&argument)?);
            Ok(())
        });
        self.comm().agree(queued)?;
        let arrived = exchange(self.comm(), &messages)?;
        drop(messages);
        let mut arguments = Vec::new();
        let read = arrived.iter().try_for_each(|message| {
            let mut parts = Parts(message);
            while !parts.is_empty() {
                let key = parts.part()?;
                arguments.push((key.into(), decoded(key)?, decoded(parts.part()?)?));
            }
            Ok(())
        });
        self.comm().agree(read)?;
        Ok(arguments)
    }
}
