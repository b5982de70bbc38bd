//! More bytes than MPI can count, and a rank that is killed.

use dap_core::dim::Block;
use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_mpi::{Comm, Redistribution};
use dap_ndarray::{Buffer, Item};

use crate::moves::on;
use crate::support::filled;

/// Three times 2^30 bytes: more than a signed 32-bit number can count.
pub(crate) const LARGE: i64 = 3 << 30;
/// The memory of source, target and the rest of the program.
pub(crate) const LARGE_NEEDS: u64 = 2 * LARGE as u64 + (1 << 30);

/// A whole array from one process to another.
pub(crate) fn three_gibibytes(comm: &Comm) {
    let layout = Layout::new(vec![Block::new(LARGE, 1).expect("a block").into()]).expect("a layout");
    let dtype = DType::parse("|u1").expect("a type");
    let mut redistribution = Redistribution::new(comm, on(&layout, &[0]), on(&layout, &[1]), &dtype).expect("a plan");
    let mut buffer = Buffer::zeros(dtype, &[LARGE]).expect("memory");
    let bytes = buffer.as_mut_ptr().expect("it may be written");
    // A number every 4 KiB, and the last byte.
    let places = || (0..LARGE / 4096).map(|page| page * 4096 + page % 4096).chain([LARGE - 1]);
    let value = |place: i64| (place % 251) as u8;
    if comm.rank() == 0 {
        // SAFETY: `places` are less than LARGE, the bytes of the buffer, and no operation uses it.
        places().for_each(|place| unsafe { bytes.offset(place as isize).write(value(place)) });
        redistribution.execute(Some(&buffer), None).expect("it moves");
    } else {
        redistribution.execute(None, Some(&mut buffer)).expect("it moves");
        // SAFETY: `places` are less than LARGE, the bytes of the buffer, and the move is over.
        places().for_each(|place| assert_eq!(unsafe { bytes.offset(place as isize).read() }, value(place), "{place}"));
    }
}

/// Moves in an endless loop; the last rank is killed in the middle of a move.
pub(crate) fn killed(comm: &Comm) {
    let ranks = i64::from(comm.size());
    let side = |grid: [i64; 2]| {
        let dim = |at: usize| Block::new(600, grid[at]).expect("a block").into();
        Layout::new(vec![dim(0), dim(1)]).expect("a layout")
    };
    let (rows, columns) = (side([ranks, 1]), side([1, ranks]));
    let (source, mut target) = (filled(comm, &rows, |_| 0), filled(comm, &columns, |_| 0));
    for turn in 0.. {
        if turn == 100 && comm.rank() == comm.size() - 1 {
            // SAFETY: a signal to this process itself, which ends it at once.
            unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
        }
        let mut moving = Redistribution::new(comm, &rows, &columns, &i64::dtype()).expect("a plan");
        moving.execute(source.as_ref(), target.as_mut()).expect("it moves");
    }
}
