//! Values of any type on the ranks of a group: local parts that are no arrays.

use dap_mpi::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::group::Group;
use super::serde::{Serde, from_bytes, to_bytes};

/// One or several values of any type on each member of a group; the number differs by member.
///
/// Values stay where they are made. Types that serde serialises can be gathered.
///
/// ```no_run
/// # fn example(context: &dap_array::Context) -> dap_array::Result<()> {
/// use dap_array::spmd::DData;
/// let group = context.all_ranks()?;
/// let names = DData::from_fn(&group, |member| format!("member {member}"));
/// let lengths = names.map(|name| name.len());
/// assert_eq!(lengths.gather_all()?.len(), group.size());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct DData<T> {
    group: Group,
    values: Vec<T>,
}

impl<T> DData<T> {
    /// One value on each member. It sends no message.
    pub fn from_fn(group: &Group, value: impl FnOnce(usize) -> T) -> DData<T> {
        DData { group: group.clone(), values: group.member().map(value).into_iter().collect() }
    }

    /// This member's values. It sends no message. Values that a rank gives that is no member are
    /// dropped.
    pub fn from_local(group: &Group, values: Vec<T>) -> DData<T> {
        let values = if group.member().is_some() { values } else { Vec::new() };
        DData { group: group.clone(), values }
    }

    /// This member's values, which a function makes that can fail. Collective over the members.
    ///
    /// # Errors
    /// On all members: the error of one. On this rank: it is no member.
    pub fn try_from_fn(group: &Group, values: impl FnOnce(usize) -> Result<Vec<T>>) -> Result<DData<T>> {
        let made = group.member().map_or_else(|| Ok(Vec::new()), values);
        let values = group.rank_group().agree("DData::try_from_fn", made)?;
        Ok(DData { group: group.clone(), values })
    }

    /// The group.
    pub fn group(&self) -> &Group {
        &self.group
    }

    /// This member's values; none on a rank that is no member.
    pub fn local(&self) -> &[T] {
        &self.values
    }

    /// This member's values, to be changed, and to become more or fewer.
    pub fn local_mut(&mut self) -> &mut Vec<T> {
        &mut self.values
    }

    /// This member's values.
    pub fn into_local(self) -> Vec<T> {
        self.values
    }

    /// A function of each value. It sends no message.
    pub fn map<U>(&self, f: impl FnMut(&T) -> U) -> DData<U> {
        DData { group: self.group.clone(), values: self.values.iter().map(f).collect() }
    }

    /// A function of each value that can fail. Collective over the members.
    ///
    /// # Errors
    /// On all members: the error of one. On this rank: it is no member.
    pub fn try_map<U>(&self, f: impl FnMut(&T) -> Result<U>) -> Result<DData<U>> {
        let mapped = self.values.iter().map(f).collect::<Result<Vec<U>>>();
        let values = self.group.rank_group().agree("DData::try_map", mapped)?;
        Ok(DData { group: self.group.clone(), values })
    }

    /// The number of values of each member, on all members. Collective over the members.
    ///
    /// # Errors
    /// On all members: another call of one. On this rank: it is no member.
    pub fn counts(&self) -> Result<Vec<usize>> {
        let counts = self.group.gather_all(&(self.values.len() as u64))?;
        // Each is the length of a vector on a machine of this kind.
        Ok(counts.into_iter().map(|count| count as usize).collect())
    }
}

impl<T: Serialize + DeserializeOwned> DData<T> {
    /// The values of member `root` in order, as evenly over the members as can be: the first
    /// members have one more. The others give `None`. Collective over the members.
    ///
    /// # Errors
    /// On all members: no values on `root`; a value that serde refuses; another type, root or call
    /// on one. On this rank: it is no member.
    pub fn distribute(group: &Group, root: usize, values: Option<Vec<T>>) -> Result<DData<T>> {
        let parts = values.map(|values| in_parts(values, group.size()).into_iter().map(Serde).collect());
        let Serde(values) = group.scatter::<Serde<Vec<T>>>(root, parts)?;
        Ok(DData { group: group.clone(), values })
    }

    /// Each member's values, on member `root`; `None` on the others. Collective over the members.
    ///
    /// # Errors
    /// On all members: a value that serde refuses; another type, root or call on one. On this rank:
    /// it is no member.
    pub fn gather(&self, root: usize) -> Result<Option<Vec<Vec<T>>>> {
        self.group.rank_group().gather(&call::<T>("DData::gather"), root, to_bytes(&self.values), read_all)
    }

    /// Each member's values, on all members. Collective over the members.
    ///
    /// # Errors
    /// As [`gather`](DData::gather).
    pub fn gather_all(&self) -> Result<Vec<Vec<T>>> {
        self.group.rank_group().gather_all(&call::<T>("DData::gather_all"), to_bytes(&self.values), read_all)
    }

    /// All values combined by a function, on all members; `None` if there is no value. First each
    /// member combines its own values from the left, then member 0 the results in the order of
    /// members, from the left, so that all members have the same bits. Collective over the members.
    ///
    /// # Errors
    /// As [`gather`](DData::gather).
    pub fn reduce(&self, mut f: impl FnMut(T, T) -> T) -> Result<Option<T>>
    where
        T: Clone,
    {
        let here = self.values.iter().cloned().reduce(&mut f);
        let combine = |Serde(left): Serde<Option<T>>, Serde(right): Serde<Option<T>>| {
            Serde(match (left, right) {
                (Some(left), Some(right)) => Some(f(left, right)),
                (left, right) => left.or(right),
            })
        };
        Ok(self.group.reduce(Serde(here), combine)?.0)
    }
}

fn call<T>(name: &str) -> String {
    format!("{name} of {}", std::any::type_name::<T>())
}

fn read_all<T: DeserializeOwned>(all: Vec<Vec<u8>>) -> Result<Vec<Vec<T>>> {
    all.iter().map(|bytes| from_bytes(bytes)).collect()
}

/// Values in consecutive parts whose lengths differ by at most one, the longer ones first.
fn in_parts<T>(values: Vec<T>, parts: usize) -> Vec<Vec<T>> {
    let (len, longer) = (values.len() / parts, values.len() % parts);
    let mut values = values.into_iter();
    (0..parts).map(|part| values.by_ref().take(len + usize::from(part < longer)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::in_parts;

    #[test]
    fn parts_are_consecutive_and_even() {
        for (len, parts) in (0..20_usize).flat_map(|len| (1..7).map(move |parts| (len, parts))) {
            let found = in_parts((0..len).collect(), parts);
            assert_eq!(found.len(), parts);
            assert_eq!(found.concat(), (0..len).collect::<Vec<_>>());
            let lengths: Vec<usize> = found.iter().map(Vec::len).collect();
            assert!(lengths.is_sorted_by(|left, right| left >= right) && lengths[0] - lengths[parts - 1] <= 1);
        }
    }
}
