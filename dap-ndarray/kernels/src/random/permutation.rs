//! A random permutation of 0 to n - 1, index by index: any part of it, on any rank, without the
//! rest.
//!
//! | n | method | memory |
//! |---|---|---|
//! | up to 2^16 | a shuffle (Fisher and Yates): each permutation has the same probability | n numbers |
//! | more | a Feistel network of 12 rounds on pairs (row, column) of about sqrt(n) each, repeated while the number is n or more (cycle walking) | 12 sqrt(n) numbers, none from 2^36 on |
//!
//! The network follows J. Black and P. Rogaway, "Ciphers with arbitrary finite domains", 2002; its
//! round functions are words of a stream of its own. Rows and columns are added modulo their
//! numbers, so the pairs are at most 2 sqrt(n) more than n, and a repetition is rare.

use super::integers::below;
use super::philox::Philox;

/// The greatest size that is shuffled.
const SHUFFLED: u64 = 1 << 16;
const ROUNDS: usize = 12;
/// The most values of a round function that are tabulated.
const TABULATED: u64 = 1 << 18;

/// A permutation of 0 to n - 1.
#[derive(Debug, Clone)]
pub struct Permutation {
    len: u64,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Shuffled(Vec<u32>),
    Network(Network),
}

/// Pairs of a row and a column, with one function of the rounds.
#[derive(Debug, Clone)]
struct Network {
    stream: Philox,
    rows: u64,
    columns: u64,
    /// For each round its values, if they are tabulated.
    tables: Vec<Vec<u32>>,
}

impl Permutation {
    /// A permutation of `len` numbers. The stream is used for nothing else.
    #[must_use]
    pub fn new(stream: &Philox, len: u64) -> Self {
        if len > SHUFFLED {
            return Self { len, kind: Kind::Network(Network::new(stream, len)) };
        }
        let mut list: Vec<u32> = (0..len as u32).collect();
        for last in (1..list.len()).rev() {
            let number = last as u128;
            let other = below(stream, stream.word(number), || number, number + 1);
            list.swap(last, other as usize);
        }
        Self { len, kind: Kind::Shuffled(list) }
    }

    /// The number of numbers.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number at a place.
    ///
    /// # Panics
    /// The place is `len` or more.
    #[must_use]
    pub fn get(&self, at: u64) -> u64 {
        assert!(at < self.len, "place {at} of a permutation of {} numbers", self.len);
        match &self.kind {
            Kind::Shuffled(list) => list[at as usize].into(),
            Kind::Network(network) => {
                let mut number = network.apply(at);
                // The numbers form cycles, and that of `at` returns to a number below `len`.
                while number >= self.len {
                    number = network.apply(number);
                }
                number
            }
        }
    }
}

impl Network {
    fn new(stream: &Philox, len: u64) -> Self {
        let root = len.isqrt();
        let rows = if root * root == len { root } else { root + 1 };
        let mut network = Self { stream: *stream, rows, columns: len.div_ceil(rows), tables: Vec::new() };
        if rows <= TABULATED {
            let table = |round| {
                let arguments = if round % 2 == 0 { network.columns } else { network.rows };
                // Below the number of rows or columns, hence of 2^18.
                (0..arguments).map(|argument| network.value(round, argument) as u32).collect()
            };
            network.tables = (0..ROUNDS).map(table).collect();
        }
        network
    }

    /// The function of a round: of the column in even rounds, to be added to the row; of the row in
    /// odd ones. Its bias is below `rows` times 2^-64.
    fn value(&self, round: usize, argument: u64) -> u64 {
        let word = self.stream.block([argument, round as u64, 0, 1])[0];
        let size = if round.is_multiple_of(2) { self.rows } else { self.columns };
        ((u128::from(word) * u128::from(size)) >> 64) as u64
    }

    fn apply(&self, number: u64) -> u64 {
        let (mut row, mut column) = (number / self.columns, number % self.columns);
        for round in 0..ROUNDS {
            let argument = if round % 2 == 0 { column } else { row };
            let more = match self.tables.get(round) {
                Some(table) => table[argument as usize].into(),
                None => self.value(round, argument),
            };
            let (target, size) = if round % 2 == 0 { (&mut row, self.rows) } else { (&mut column, self.columns) };
            *target += more;
            if *target >= size {
                *target -= size;
            }
        }
        row * self.columns + column
    }
}
