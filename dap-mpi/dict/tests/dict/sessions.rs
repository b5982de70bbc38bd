//! Single operations, which other ranks serve.

use dap_dict::DistDict;
use dap_mpi::{Comm, Error, ErrorKind};

/// Each rank writes keys of its own and reads those that all wrote before, several sessions one
/// after the other.
pub(crate) fn random(comm: &Comm) {
    let (ranks, here) = (comm.size() as u64, comm.rank() as u64);
    let mut dict = DistDict::<(u64, u64), u64>::new(comm).expect("a dictionary");
    for round in 0..4_u64 {
        let found = dict.open(|session| {
            for at in 0..30 {
                session.set(&(here, at), &(round * 1000 + at))?;
                if at % 10 == round {
                    session.remove(&(here, at))?;
                }
            }
            // A rank sees its own operations.
            let own = session.get(&(here, 7))?;
            assert_eq!(own, Some(round * 1000 + 7));
            // Of others it sees those of this session or of the one before.
            let other = session.get(&((here + 1) % ranks, 5))?;
            session.serve_arrived()?;
            Ok(other)
        });
        let found = found.expect("a session");
        let expected = [round * 1000 + 5, round.saturating_sub(1) * 1000 + 5];
        assert!(found.is_none_or(|found| expected.contains(&found)), "{round} {found:?}");
        assert_eq!(dict.len().expect("a length"), 27 * ranks);
        let tickets: Vec<_> = (0..30).map(|at| dict.get(&((here + 1) % ranks, at)).expect("an operation")).collect();
        dict.flush().expect("a flush");
        for (at, ticket) in (0..).zip(tickets) {
            let value = (at % 10 != round).then_some(round * 1000 + at);
            assert_eq!(dict.take(ticket).expect("a value"), value);
        }
        // For the next round.
        let gone = dict.iter().map(|(key, _)| *key).collect::<Vec<_>>();
        if round == 3 {
            gone.iter().for_each(|key| dict.remove(key).expect("an operation"));
            dict.flush().expect("a flush");
            assert!(dict.is_empty().expect("a length"));
        }
    }
}

/// One rank is a client; an error of its body is one of all ranks.
pub(crate) fn client(comm: &Comm) {
    let mut dict = DistDict::<String, i32>::new(comm).expect("a dictionary");
    let client = comm.size() - 1;
    let sum = dict.open(|session| {
        let mut sum = 0;
        if comm.rank() == client {
            for at in 0..200 {
                session.set(&format!("key {at}"), &at)?;
            }
            for at in 0..200 {
                sum += session.get(&format!("key {at}"))?.unwrap_or(-1_000_000);
            }
        }
        Ok(sum)
    });
    assert_eq!(sum.expect("a session"), if comm.rank() == client { 19_900 } else { 0 });
    assert_eq!(dict.len().expect("a length"), 200);
    let failed = dict.open(|session| {
        session.set(&"before".to_owned(), &1)?;
        match comm.rank() {
            0 => Err(dap_mpi::Error::new(dap_mpi::ErrorKind::State, "the client has enough")),
            _ => session.get(&"key 7".to_owned()),
        }
    });
    let error = failed.expect_err("an error of rank 0");
    assert!(error.rank().is_none_or(|rank| rank == 0) && error.to_string().contains("has enough"), "{error}");
    assert_eq!(dict.len().expect("a length"), 201);
}

/// A session whose body is no closure; an error of one rank ends it on all.
pub(crate) fn between_calls(comm: &Comm) {
    let mut dict = DistDict::<i32, i32>::new(comm).expect("a dictionary");
    for round in 0..3 {
        let mut open = dict.open_until_closed().expect("a session");
        dict.session(&mut open).set(&comm.rank(), &round).expect("an operation");
        // A rank sees its own operations, on whichever rank the key lies.
        assert_eq!(dict.session(&mut open).get(&comm.rank()).expect("a value"), Some(round));
        let failed = if round == 1 && comm.rank() == 0 { Err(Error::new(ErrorKind::State, "mine")) } else { Ok(7) };
        let closed = dict.close_session(open, failed);
        if round == 1 {
            let error = closed.expect_err("the error of rank 0");
            assert_eq!((error.rank(), error.sentence()), (Some(0), "mine"));
        } else {
            assert_eq!(closed.expect("a result"), 7);
        }
        assert!(dict.local_values().all(|value| *value == round));
        assert_eq!(dict.len().expect("a length"), comm.size() as u64);
    }
}
