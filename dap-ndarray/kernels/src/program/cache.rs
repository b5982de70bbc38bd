//! Programs that were compiled, by the shape of their graph.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use smallvec::SmallVec;

use super::compile::Program;
use super::error::ProgramError;
use super::graph::Graph;

/// The most programs that are kept; when there are more, all are forgotten.
const MOST: usize = 1024;

/// Programs by the hash of their graph.
type Programs = HashMap<u64, SmallVec<[Arc<Program>; 1]>, BuildHasherDefault<Mix>>;

static PROGRAMS: LazyLock<Mutex<Programs>> = LazyLock::new(Mutex::default);

impl Program {
    /// The program of a graph, compiled or known already.
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    pub fn of(graph: &Graph) -> Result<Arc<Self>, ProgramError> {
        let mut hasher = Mix::default();
        graph.entries.hash(&mut hasher);
        graph.outputs.hash(&mut hasher);
        let hash = hasher.finish();
        let same = |program: &&Arc<Program>| program.graph.is_same(graph);
        let known = |programs: &Programs| programs.get(&hash)?.iter().find(same).cloned();
        if let Some(program) = known(&PROGRAMS.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(program);
        }
        let program = Arc::new(Program::compile(graph)?);
        let mut programs = PROGRAMS.lock().unwrap_or_else(PoisonError::into_inner);
        if programs.len() >= MOST {
            programs.clear();
        }
        programs.entry(hash).or_default().push(Arc::clone(&program));
        Ok(program)
    }
}

/// A quick hash of a few small numbers: each is multiplied in. Graphs are the program's own, and
/// equal hashes cost a comparison.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
    }

    fn write_u16(&mut self, number: u16) {
        self.write_u64(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
    }
}
