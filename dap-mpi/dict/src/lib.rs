//! A distributed dictionary: keys and values of any type that serde knows, spread over the ranks of
//! a communicator.
//!
//! | task | here |
//! |---|---|
//! | operations in batches: all ranks exchange them at once | [`DistDict::set`], [`DistDict::get`], [`DistDict::remove`], then [`DistDict::flush`] |
//! | values that a function of the old one gives (counts of words) | [`DistDict::update_all`], [`DistDict::try_update_all`] |
//! | single operations of any rank, while the others serve | [`DistDict::open`], [`DistDict::open_until_closed`] |
//! | this rank's part | [`DistDict::local_get`], [`DistDict::iter`], [`DistDict::local_keys`], [`DistDict::local_values`] |
//! | a function of each item, by whichever rank is idle | [`DistDict::map_items`], [`DistDict::try_map_items`] |
//!
//! ```no_run
//! # fn example(comm: &dap_mpi::Comm, text: &str) -> dap_mpi::Result<()> {
//! use dap_dict::DistDict;
//! let mut count = DistDict::<String, u64>::new(comm)?;
//! // Each rank has a text of its own.
//! let words = text.split_whitespace().map(|word| (word.to_owned(), 1));
//! count.update_all(words, |so_far, one| Some(so_far.unwrap_or(0) + one))?;
//! let the = count.get(&"the".to_owned())?;
//! count.flush()?;
//! println!("{} words, of which the: {:?}", count.len()?, count.take(the)?);
//! # Ok(())
//! # }
//! ```
//!
//! # Keys
//!
//! Two keys are equal if they have the same bytes in postcard's format, so a key needs neither
//! [`Eq`] nor [`Hash`]: floats are keys, NaN among them. A key whose bytes differ from time to
//! time, such as a [`HashSet`](std::collections::HashSet), is none. A hash of the bytes, which is
//! the same on every machine, chooses the rank that owns the key.
//!
//! # Order
//!
//! A flush has the effect of all operations one after the other: first those of rank 0 in the order
//! in which it called them, then those of rank 1, and so on. So the result does not depend on the
//! time at which messages arrive. Local items are in the order of the bytes of their keys.
//!
//! # Cost
//!
//! | function | messages | memory beyond the items |
//! |---|---|---|
//! | `set`, `get`, `remove`, `take` | none | the operation, until the next flush |
//! | `flush` | the number of bytes for each pair of ranks, to all; the bytes, at most 4 MiB a message; the same for the answers, if there are any | the operations of this rank and those that it owns |
//! | `update_all` | as a flush | the same |
//! | `len` | one word from each rank | none |
//! | `open` | two messages for a `get`, one for a `set` or `remove` of a key of another rank; at the end one to each other rank | one operation |
//! | `map_items` | two messages for each time that an idle rank takes items (half of those that are left), one for their results; at the end one to each other rank | the items that were taken, and their results |
//!
//! # Limits
//!
//! A key and a value together have at most 2^31 bytes. The memory of a flush is in proportion to
//! the operations since the last one: flush in time.
#![forbid(unsafe_code)]

mod bytes;
mod dict;
mod exchange;
mod map;
mod owner;
mod session;
mod update;

pub use dict::{DistDict, Ticket};
pub use session::{OpenSession, Session};
