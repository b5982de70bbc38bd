//! Plans against buffers and messages that are not theirs: a copy is refused before a byte is
//! written, or each element arrives, and no byte beside them is read or written. Under
//! AddressSanitizer also reads are seen.

use super::*;
use crate::copy::index_map::End;

/// How a buffer differs from the section that a plan is about.
#[derive(Debug, Clone)]
struct Change {
    /// The number that is added to each extent.
    extents: Vec<i64>,
    /// Dimensions more, or fewer.
    ndim: i64,
    item: usize,
    /// For the greatest number of dimensions.
    style: Style,
    is_read_only: bool,
    /// Indices cut off at the beginning of the first dimension, of a longer buffer.
    cut: i64,
}

const MOST_DIMS: usize = 6;

fn changes() -> impl Strategy<Value = Change> {
    let extent = prop_oneof![8 => Just(0_i64), 1 => -3..0_i64, 2 => 1..3_i64, 1 => Just(i64::MIN)];
    let ndim = prop_oneof![8 => Just(0_i64), 1 => Just(-1), 1 => Just(1)];
    let item = prop_oneof![6 => Just(4_usize), 1 => Just(8), 1 => 0..20_usize];
    let cut = prop_oneof![3 => Just(0_i64), 1 => 1..3_i64];
    (prop::collection::vec(extent, MOST_DIMS), ndim, item, styles(MOST_DIMS), prop::bool::weighted(0.1), cut).prop_map(
        |(extents, ndim, item, style, is_read_only, cut)| Change { extents, ndim, item, style, is_read_only, cut },
    )
}

/// A buffer of another shape than a section's, over memory whose bytes all differ from their
/// neighbours.
struct Other {
    memory: Memory,
    change: Change,
}

impl Other {
    fn new(section: &[i64], change: &Change) -> Other {
        let mut shape = section.to_vec();
        match change.ndim {
            1 => shape.push(2),
            -1 => drop(shape.pop()),
            _ => {}
        }
        for (extent, by) in shape.iter_mut().zip(&change.extents) {
            *extent = extent.saturating_add(*by).max(0);
        }
        if let Some(first) = shape.first_mut() {
            *first += change.cut;
        }
        let Style { order, gaps, backwards, ahead } = change.style.clone();
        let order = order.into_iter().filter(|&dim| dim < shape.len()).collect();
        let mut memory = Memory::new(shape, change.item, &Style { order, gaps, backwards, ahead });
        for (at, byte) in memory.bytes.borrow_mut().iter_mut().enumerate() {
            *byte = (at * 31 % 251) as u8;
        }
        if let (Some(first), Some(stride)) = (memory.shape.first_mut(), memory.strides.first()) {
            // Items in front of the first one are not the buffer's any more.
            *first -= change.cut;
            memory.first = memory.first.wrapping_add_signed((stride * change.cut) as isize);
        }
        Other { memory, change: change.clone() }
    }

    fn buffer(&self) -> Buffer {
        let buffer = self.memory.buffer();
        if self.change.is_read_only { buffer.into_read_only() } else { buffer }
    }

    fn bytes(&self) -> Vec<u8> {
        self.memory.bytes.borrow().clone()
    }

    /// Where each element of a transfer begins, in its C or Fortran order; `None` if one has no
    /// item here.
    fn offsets(&self, transfer: &Transfer<'_>, end: End, section: &[i64], order: Order) -> Option<Vec<usize>> {
        let shape = &self.memory.shape;
        let count = transfer.factors().len();
        let dims = |factor: usize| transfer.groups().map_or(factor..factor + 1, |groups| end.dims(&groups[factor]));
        if shape.len() != section.len() {
            return None;
        }
        // The byte offset of each position along each factor.
        let mut along: Vec<Vec<i64>> = Vec::new();
        for factor in 0..count {
            let dims = dims(factor);
            if dims.len() != 1 && shape[dims.clone()] != section[dims.clone()] {
                return None;
            }
            let positions = transfer.factors()[factor].iter();
            let offset = |position: i64| {
                let (mut rest, mut offset) = (position, 0);
                for dim in dims.clone().rev() {
                    offset += rest % shape[dim].max(1) * self.memory.strides[dim];
                    rest /= shape[dim].max(1);
                }
                (rest == 0 && !shape[dims.clone()].contains(&0)).then_some(offset)
            };
            let side = positions.map(|(source, target)| if matches!(end, End::Source) { source } else { target });
            along.push(side.map(offset).collect::<Option<_>>()?);
        }
        let factors: Vec<usize> = if order == Order::F { (0..count).rev().collect() } else { (0..count).collect() };
        let sums = factors.iter().fold(vec![self.memory.first as i64], |sums, &factor| {
            sums.iter().flat_map(|sum| along[factor].iter().map(move |offset| sum + offset)).collect()
        });
        Some(sums.into_iter().map(|sum| sum as usize).collect())
    }
}

/// A message between guards, `more` bytes longer than its elements.
fn message(len: usize, more: i64) -> (Vec<u8>, Range<usize>) {
    let len = len.saturating_add_signed(more as isize);
    ((0..len + 2 * GUARD).map(|at| (at * 7 % 253) as u8).collect(), GUARD..GUARD + len)
}

type Case = (Made, Layout, Layout, Change, Change, Order, i64);

fn cases() -> impl Strategy<Value = Case> {
    let pairs = prop_oneof![
        1 => pairs(4).prop_map(|pair| (Plan::new as Made, pair)),
        1 => reshapes(4).prop_map(|pair| (Plan::reshape as Made, pair)),
    ];
    let more = prop_oneof![8 => Just(0_i64), 1 => -9..9_i64];
    (pairs, changes(), changes(), any::<bool>(), more).prop_map(|((make, (from, to)), source, target, f, more)| {
        (make, from, to, source, target, if f { Order::F } else { Order::C }, more)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn other_buffers((make, from, to, source_change, target_change, order, more) in cases(), non_temporal in any::<bool>()) {
        NON_TEMPORAL.set(Some(non_temporal));
        for who in 0..from.processes().max(to.processes()) {
            let plan = plan(make, &from, &to, who as usize);
            let (kept, target_rank) = (plan.kept(), plan.endpoints().target);
            let section = |layout: &Layout, rank: Rank| layout.local_shape(rank).unwrap();
            let of_sends = plan.sends().map(|send| {
                let to_rank = send.peer();
                (send, Rank(who), to_rank)
            });
            let of_receives = plan.receives().map(|receive| {
                let from_rank = receive.peer();
                (receive, from_rank, Rank(who))
            });
            let of_kept = kept.into_iter().map(|kept| (kept, Rank(who), target_rank.unwrap()));
            for (transfer, from_rank, to_rank) in of_sends.chain(of_receives).chain(of_kept) {
                let (source_section, target_section) = (section(&from, from_rank), section(&to, to_rank));
                let source = Other::new(&source_section, &source_change);
                let target = Other::new(&target_section, &target_change);
                let from_at = source.offsets(&transfer, End::Source, &source_section, order);
                let to_at = target.offsets(&transfer, End::Target, &target_section, order);
                let (item, target_item) = (source.change.item, target.change.item);
                let elements = transfer.elements() as usize;

                let (mut found, range) = message(elements * item, more);
                let mut expected = found.clone();
                let before = source.bytes();
                let packed = pack(&transfer, &source.buffer(), order, &mut found[range.clone()]);
                let may = from_at.as_ref().filter(|_| range.len() == elements * item);
                prop_assert_eq!(packed.is_ok(), may.is_some(), "{:?}", packed);
                for (k, &at) in may.into_iter().flatten().enumerate() {
                    expected[GUARD + k * item..][..item].copy_from_slice(&before[at..at + item]);
                }
                prop_assert!(found == expected && source.bytes() == before);
                if let Some(at) = contiguous_source(&transfer, &source.buffer(), order) {
                    let first = source.memory.first.wrapping_add_signed(at as isize);
                    let expected: Vec<usize> = (0..elements).map(|k| first + k * item).collect();
                    prop_assert_eq!(from_at.as_ref(), Some(&expected));
                }

                let (found, range) = message(elements * target_item, more);
                let mut expected = target.bytes();
                let unpacked = unpack(&transfer, &found[range.clone()], order, &mut target.buffer());
                let is_long = range.len() == elements * target_item;
                let may = to_at.as_ref().filter(|_| is_long && !target.change.is_read_only);
                prop_assert_eq!(unpacked.is_ok(), may.is_some(), "{:?}", unpacked);
                for (k, &at) in may.into_iter().flatten().enumerate() {
                    expected[at..at + target_item].copy_from_slice(&found[GUARD + k * target_item..][..target_item]);
                }
                prop_assert!(target.bytes() == expected);
                if let Some(at) = contiguous_target(&transfer, &target.buffer(), order) {
                    let first = target.memory.first.wrapping_add_signed(at as isize);
                    let expected: Vec<usize> = (0..elements).map(|k| first + k * target_item).collect();
                    prop_assert_eq!(to_at.as_ref(), Some(&expected));
                }

                let copied = copy_local(&transfer, &source.buffer(), &mut target.buffer());
                let may = from_at.zip(to_at).filter(|_| item == target_item && !target.change.is_read_only);
                prop_assert_eq!(copied.is_ok(), may.is_some(), "{:?}", copied);
                for (from, to) in may.into_iter().flat_map(|(from, to)| from.into_iter().zip(to)) {
                    expected[to..to + item].copy_from_slice(&before[from..from + item]);
                }
                prop_assert!(target.bytes() == expected && source.bytes() == before);
            }
        }
    }
}

/// 12 items in two blocks, which become two cyclic parts.
fn cyclic() -> Plan {
    use dap_core::dim::{Block, Cyclic};
    let line = |dim: Dim| Layout::new(vec![dim]).unwrap();
    let (from, to) = (line(Block::new(12, 2).unwrap().into()), line(Cyclic::new(12, 2, 1).unwrap().into()));
    Plan::new(&from, &to, Endpoints::both(Rank(0))).unwrap()
}

/// The strides and messages that a pull or a push is given are counted, and nothing is written when
/// one of them is wrong, be it the last.
#[test]
fn another_number_of_strides_or_bytes() {
    let plan = Arc::new(cyclic());
    let [none, two]: [&[i64]; 2] = [&[], &[8, 8]];
    for strides in [none, two] {
        let error = Some(CopyError::Ndim { found: strides.len(), expected: 1 });
        assert_eq!(Pull::new(Arc::clone(&plan), 8, strides).err(), error);
        assert_eq!(Push::new(&plan, 8, strides).err(), error);
    }
    let beyond = Some(CopyError::Strides { dim: 0, found: i64::MAX });
    assert_eq!(Pull::new(Arc::clone(&plan), 8, &[i64::MAX]).err(), beyond);
    assert_eq!(Push::new(&plan, 8, &[i64::MAX]).err(), beyond);

    let (pull, push) = (Pull::new(Arc::clone(&plan), 8, &[8]).unwrap(), Push::new(&plan, 8, &[8]).unwrap());
    let mut own = [7_u64; 6];
    let theirs = [[1_u64; 6]; 2];
    let data = |rank: Rank| theirs[rank.0 as usize].as_ptr().cast::<u8>();
    let strides_of = |rank: Rank, last: &'static [i64]| if rank == Rank(1) { last } else { &[8][..] };
    let supplied = |last: &'static [i64]| {
        move |transfer: &Transfer<'_>| {
            let rank = transfer.peer();
            Some(Supply::Buffer(Source { data: data(rank), strides: strides_of(rank, last) }))
        }
    };
    for (last, error) in [
        (none, Err(CopyError::Ndim { found: 0, expected: 1 })),
        (two, Err(CopyError::Ndim { found: 2, expected: 1 })),
        (&[i64::MIN], Err(CopyError::Strides { dim: 0, found: i64::MIN })),
    ] {
        // SAFETY: all buffers have six items; the wrong strides are refused before they are used.
        assert_eq!(unsafe { pull.run(supplied(last), own.as_mut_ptr().cast()) }, error);
        assert_eq!(own, [7; 6]);
    }
    for room in [0, 8, 23] {
        let supply = |transfer: &Transfer<'_>| {
            let data = data(transfer.peer());
            Some(match transfer.peer() {
                Rank(1) => Supply::Message { data, len: room, order: Order::C },
                _ => Supply::Buffer(Source { data, strides: &[8] }),
            })
        };
        // SAFETY: as the buffers have six items and messages at most 23 bytes, all of them are
        // there.
        let pulled = unsafe { pull.run(supply, own.as_mut_ptr().cast()) };
        assert_eq!((pulled, own), (Err(CopyError::Length { found: room, expected: 24 }), [7; 6]));
    }
    let mut targets = [[9_u64; 6]; 2];
    let positions = targets.each_mut().map(|target| target.as_mut_ptr().cast::<u8>());
    for (strides, room, error) in [
        (none, 24, Err(CopyError::Ndim { found: 0, expected: 1 })),
        (&[8], 23, Err(CopyError::Length { found: 23, expected: 24 })),
    ] {
        let demand = |transfer: &Transfer<'_>| {
            let data = positions[transfer.peer().0 as usize];
            Some(match transfer.peer() {
                Rank(1) if room < 24 => Demand::Message { data, len: room, order: Order::C },
                Rank(1) => Demand::Buffer(Target { data, strides }),
                _ => Demand::Buffer(Target { data, strides: &[8] }),
            })
        };
        // SAFETY: all buffers have six items; the wrong strides and the short message are refused
        // before they are used.
        assert_eq!(unsafe { push.run(demand, own.as_ptr().cast(), Reuse::Soon) }, error);
    }
    assert_eq!(targets, [[9; 6]; 2]);
    // SAFETY: all buffers have six items of eight bytes.
    assert_eq!(unsafe { pull.run(supplied(&[8]), own.as_mut_ptr().cast()) }, Ok(()));
    assert_eq!(own, [1; 6]);
}

/// A message may be uninitialised before it is packed, and is initialised afterwards.
#[test]
fn into_uninitialised_memory() {
    let plan = cyclic();
    let send = plan.sends().next().unwrap();
    let source = Buffer::from_array(ndarray::Array1::from_iter(0..6_u16));
    let mut message = Box::<[u8]>::new_uninit_slice(6);
    pack_for(&send, &source, Order::C, &mut message, Reuse::Soon).unwrap();
    // SAFETY: packing has initialised all of it.
    let message = unsafe { message.assume_init() };
    let items: Vec<u16> = message.chunks(2).map(|item| u16::from_ne_bytes([item[0], item[1]])).collect();
    assert_eq!(items, [1, 3, 5]);
}

/// Items that are, or hold, addresses are not copied: of Python objects, in structs, nested ones,
/// and arrays within items.
#[test]
fn addresses_are_not_copied() {
    let plan = cyclic();
    let (send, kept, receive) = (plan.sends().next().unwrap(), plan.kept().unwrap(), plan.receives().next().unwrap());
    for format in ["O", "T{O:a:}", "T{i:n:O:a:}", "T{T{O:a:}:b:}", "T{(2)O:a:}", "T{d:x:T{i:n:(3)O:a:}:b:}", "&d"] {
        let dtype = DType::from_format(format).unwrap();
        let item = dtype.itemsize() as usize;
        let memory = RefCell::new(vec![1_u8; 6 * item]);
        let buffer = || {
            let data = memory.borrow_mut().as_mut_ptr();
            // SAFETY: six items, and the memory outlives the buffer.
            unsafe { Buffer::from_raw(data, dtype.clone(), &[6], None, Access::ReadWrite, ()) }.unwrap()
        };
        let mut message = vec![0; 3 * item];
        let refused = Err(CopyError::Addresses { found: dtype.name() });
        assert_eq!(pack(&send, &buffer(), Order::C, &mut message), refused, "{format}");
        assert_eq!(unpack(&receive, &message, Order::C, &mut buffer()), refused, "{format}");
        assert_eq!(contiguous_source(&send, &buffer(), Order::C), None);
        assert_eq!(contiguous_target(&receive, &buffer(), Order::C), None);
        let mut plain = Buffer::zeros(DType::parse(&format!("|V{item}")).unwrap(), &[6]).unwrap();
        assert_eq!(copy_local(&kept, &buffer(), &mut plain), refused, "{format}");
        assert_eq!(copy_local(&kept, &plain, &mut buffer()), refused, "{format}");
        assert!(message.iter().all(|&byte| byte == 0) && memory.borrow().iter().all(|&byte| byte == 1));
    }
}
