//! Maps over items, on whichever rank they are computed.

use std::time::{Duration, Instant};

use dap_dict::DistDict;
use dap_mpi::Comm;

pub(crate) fn random(comm: &Comm) {
    for len in [0, 1, 2, 17, 400_u64] {
        let mine = (0..len).filter(|key| key % comm.size() as u64 == comm.rank() as u64);
        let dict = DistDict::from_items(comm, mine.map(|key| (key, key * 3))).expect("a dictionary");
        let squares = dict.map_items(|key, value| (key * value, format!("{key}"))).expect("results");
        assert_eq!(squares.len().expect("a length"), len);
        // The results lie where the items do, in their order.
        assert!(squares.local_keys().eq(dict.local_keys()));
        assert!(squares.iter().all(|(key, (product, text))| *product == 3 * key * key && *text == key.to_string()));
        let lengths = squares.map_items(|_, (_, text)| text.len()).expect("results");
        assert!(lengths.iter().all(|(key, len)| *len == key.to_string().len()));
    }
}

/// All items lie on one rank, and the others take some.
pub(crate) fn idle(comm: &Comm) {
    let dict = DistDict::<u64, u64>::new(comm).expect("a dictionary");
    let own: Vec<u64> = (0..).filter(|key| dict.owner(key).expect("an owner") == 0).take(2000).collect();
    let items = (comm.rank() == 0).then_some(own).into_iter().flatten().map(|key| (key, key + 1));
    let dict = DistDict::from_items(comm, items).expect("a dictionary");
    assert_eq!(dict.local_len(), if comm.rank() == 0 { 2000 } else { 0 });
    // A file by which the owner learns that another rank has computed an item.
    let seed = comm.gather_words(&[std::process::id().into()]).expect("all ranks are there")[0];
    let flag = std::env::temp_dir().join(format!("dap-dict-{seed}"));
    let began = Instant::now();
    let mut computed = 0_u64;
    let results = dict.map_items(|_, value| {
        computed += 1;
        if comm.rank() > 0 {
            std::fs::write(&flag, "").expect("a file");
        } else if comm.size() > 1 && began.elapsed() < Duration::from_secs(20) && !flag.exists() {
            // The owner answers requests between items: it waits for the first one.
            std::thread::sleep(Duration::from_millis(10));
        }
        value * 2
    });
    let results = results.expect("results");
    assert!(results.iter().all(|(key, result)| *result == 2 * key + 2));
    assert_eq!(results.len().expect("a length"), 2000);
    let all = comm.gather_words(&[computed]).expect("all ranks are there");
    assert_eq!(all.iter().sum::<u64>(), 2000);
    if comm.size() > 1 {
        assert!(all[0] < 2000, "no other rank has taken an item: {all:?}");
        if comm.rank() == 0 {
            std::fs::remove_file(&flag).expect("the file of another rank");
        }
    }
}
