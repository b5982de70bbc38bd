//! Sizes of distributed lines: two factors, and numbers that are easy to factor.

/// The factors `n = n1 * n2` of a line over `ranks` ranks: each at least `ranks`, the first one the
/// largest that is no larger than the second. `None` if there are no such factors.
pub(crate) fn factors(n: i64, ranks: i64) -> Option<(i64, i64)> {
    let root = n.isqrt();
    // Divisors from the prime factors: a search down from the root would take its time.
    let divisors = divisors(n);
    let first = divisors.into_iter().filter(|&it| it >= ranks && it <= root).max()?;
    Some((first, n / first))
}

/// The factors of the least number that is at least `least`, whose prime factors are 2, 3 and 5,
/// and that has factors for `ranks` ranks.
pub(crate) fn easy(least: i64, ranks: i64) -> Option<(i64, i64)> {
    let least = least.max(ranks.checked_mul(ranks)?);
    let bound = least.checked_mul(2)?;
    let mut sizes: Vec<i64> = Vec::new();
    let times = |factor: i64| move |&size: &i64| size.checked_mul(factor).filter(|&size| size <= bound);
    for five in std::iter::successors(Some(1), times(5)) {
        for three in std::iter::successors(Some(five), times(3)) {
            sizes.extend(std::iter::successors(Some(three), times(2)).filter(|&size| size >= least));
        }
    }
    sizes.sort_unstable();
    sizes.into_iter().find_map(|size| factors(size, ranks))
}

/// All divisors, by trial division: n is a number of elements.
fn divisors(n: i64) -> Vec<i64> {
    let mut divisors = vec![1];
    let mut rest = n.max(1);
    let mut prime = 2;
    while prime <= rest / prime {
        let known = divisors.len();
        let mut power = 1;
        while rest % prime == 0 {
            (rest, power) = (rest / prime, power * prime);
            for at in 0..known {
                divisors.push(divisors[at] * power);
            }
        }
        prime += if prime == 2 { 1 } else { 2 };
    }
    if rest > 1 {
        for at in 0..divisors.len() {
            divisors.push(divisors[at] * rest);
        }
    }
    divisors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_those_of_a_search() {
        for n in 1..2000 {
            for ranks in [2, 3, 7] {
                let expected = (ranks..=n).take_while(|first| first * first <= n).filter(|first| n % first == 0).max();
                assert_eq!(factors(n, ranks), expected.map(|first| (first, n / first)), "{n} over {ranks}");
            }
        }
    }

    #[test]
    fn easy_sizes_are_the_least() {
        let is_easy = |mut n: i64| {
            for prime in [2, 3, 5] {
                while n % prime == 0 {
                    n /= prime;
                }
            }
            n == 1
        };
        for least in 1..500 {
            for ranks in [2, 3, 6] {
                let expected = (least..).find(|&n| is_easy(n) && factors(n, ranks).is_some());
                let found = easy(least, ranks).map(|(first, second)| first * second);
                assert_eq!(found, expected, "{least} over {ranks}");
            }
        }
        assert_eq!(easy(i64::MAX, 2), None);
    }
}
