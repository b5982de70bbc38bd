//! Sorting: splitters, the exchange of the elements, and the sorts of each rank.

use super::{Machine, Time, all_gather, all_to_all, of_host};

/// Counters of a round of `dap-sorting`, of all ranks together, if the ranks are few.
const COUNTERS: f64 = 1_048_576.0;

/// The sort of `elements` random items of `itemsize` bytes that lie evenly on the ranks, without
/// the splitters: two passes over a rank's items for each of their bytes (a radix sort reads and
/// writes them), and one exchange between all ranks.
pub fn sort(machine: &Machine, ranks: i64, elements: f64, itemsize: f64) -> Time {
    let bytes = elements * itemsize / ranks.max(1) as f64;
    let local = Time {
        memory: 2.0 * itemsize * bytes * of_host(machine, ranks) / machine.memory_bandwidth(),
        ..Time::default()
    };
    local + if ranks > 1 { all_to_all(machine, ranks, bytes) } else { Time::default() }
}

/// The splitters of sample sort: all ranks gather `samples` items of each rank and sort them, with
/// n log2 n operations.
///
/// W. Frazer and A. McKellar, "Samplesort", JACM 17 (1970); G. Blelloch and others, "A comparison
/// of sorting algorithms for the Connection Machine CM-2", SPAA 1991.
pub fn sampled_splitters(machine: &Machine, ranks: i64, samples: f64, itemsize: f64) -> Time {
    if ranks < 2 {
        return Time::default();
    }
    let all = samples.max(1.0) * ranks as f64;
    let sorted = Time { compute: all * all.log2() / machine.operations(), ..Time::default() };
    all_gather(machine, ranks, all * itemsize) + sorted
}

/// Exact splitters, found by counting as `dap-sorting` does: in each round all ranks get each
/// rank's counters of the values that a digit has, for every splitter that is not found yet.
///
/// A round narrows each splitter by a digit. All ranks together have 2^20 counters in a round,
/// which sets the digit: at most 16 bits in the first round and 10 in a later one, at least 4
/// and 2. The rounds end after log2(`elements`) bits, which tell random elements apart.
pub fn counted_splitters(machine: &Machine, ranks: i64, elements: f64) -> Time {
    if ranks < 2 {
        return Time::default();
    }
    let count = ranks as f64;
    let known = elements.max(2.0).log2().ceil();
    let first = (COUNTERS / count).max(16.0).log2().floor().min(known).clamp(4.0, 16.0);
    let later = (COUNTERS / count / count).max(2.0).log2().floor().clamp(2.0, 10.0);
    let rounds = ((known - first) / later).ceil().max(0.0);
    let round = |counters: f64| all_gather(machine, ranks, 8.0 * counters);
    round(count * first.exp2()) + round(count * count * later.exp2()).times(rounds)
}
