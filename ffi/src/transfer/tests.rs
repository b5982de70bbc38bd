use dap_core::dim::{Block, Cyclic, Unstructured};
use dap_core::dtype::DType;
use dap_core::plan::Endpoints;
use dap_ndarray::Section;

use super::*;
use crate::{Code, Refusal};

/// Layouts of 8 x 6 items, many parts of which have the same shape.
fn layouts() -> Vec<Layout> {
    let whole = |size| Dim::from(Block::new(size, 1).unwrap());
    let block = |size, processes| Dim::from(Block::new(size, processes).unwrap());
    let cyclic = |size, processes, width| Dim::from(Cyclic::new(size, processes, width).unwrap());
    let lists = Unstructured::new(8, true, &[[0, 2, 4, 6], [7, 5, 3, 1]]).unwrap();
    let halo = Block::new(8, 4).unwrap().with_halo(1).unwrap();
    let wrap = Block::new(8, 2).and_then(|block| block.with_halo(1)).and_then(|block| block.with_periodic(true));
    let dims = [
        [block(8, 2), block(6, 2)],
        [block(8, 4), whole(6)],
        [whole(8), block(6, 3)],
        [cyclic(8, 2, 1), block(6, 2)],
        [cyclic(8, 2, 2), cyclic(6, 2, 3)],
        [lists.into(), block(6, 2)],
        [halo.into(), whole(6)],
        [wrap.unwrap().into(), whole(6)],
    ];
    dims.into_iter().map(|dims| Layout::new(dims.to_vec()).unwrap()).collect()
}

fn section(layout: &Layout, rank: Rank) -> Section {
    let shape = layout.local_shape(rank).unwrap();
    Section::of(layout, rank, Buffer::zeros(DType::parse("<i4").unwrap(), &shape).unwrap()).unwrap()
}

fn check(plan: &Plan, side: Side, section: &Section) -> Result<(), TransferError> {
    let described = Described { version: section.version(), dim_data: section.dim_data() };
    check_part(plan, side, section.buffer(), Some(described))
}

/// The own part is accepted; the part of another rank is refused, whatever its shape, and the
/// message names both ranks.
#[test]
fn the_part_of_another_rank() {
    for layout in layouts() {
        let ranks = || (0..layout.processes()).map(Rank);
        for mine in ranks() {
            let plan = Plan::new(&layout, &layout, Endpoints::both(mine)).unwrap();
            for found in ranks() {
                for side in [Side::Source, Side::Target] {
                    let checked = check(&plan, side, &section(&layout, found));
                    let expected = if found == mine {
                        Ok(())
                    } else {
                        Err(TransferError::OtherRank { role: Role::Of(side), found, expected: mine })
                    };
                    assert_eq!(checked, expected, "{layout}");
                }
            }
        }
    }
}

/// The part of another distribution is refused, also if it has the shape of the own part.
#[test]
fn the_part_of_another_distribution() {
    let layouts = layouts();
    let mut of_the_same_shape = 0;
    for (at, layout) in layouts.iter().enumerate() {
        let plan = Plan::new(layout, layout, Endpoints::both(Rank(0))).unwrap();
        for other in layouts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other) {
            let error = check(&plan, Side::Source, &section(other, Rank(0))).unwrap_err();
            let same = layout.local_shape(Rank(0)) == other.local_shape(Rank(0));
            of_the_same_shape += usize::from(same);
            let expected = TransferError::OtherLayout { role: Role::Of(Side::Source), expected: layout.to_string() };
            assert_eq!(error == expected, same, "{layout}, {other}: {error}");
        }
    }
    assert!(of_the_same_shape >= 8, "{of_the_same_shape}");
}

/// Any distribution type except a list may describe a dimension on one process.
#[test]
fn all_of_a_dimension() {
    let line = |dim: Dim| Layout::new(vec![dim]).unwrap();
    let (block, cyclic) = (Block::new(8, 1).unwrap(), Cyclic::new(8, 1, 3).unwrap());
    let lists = Unstructured::new(8, true, &[[7, 6, 5, 4, 3, 2, 1, 0]]).unwrap();
    let [block, cyclic, lists] = [block.into(), cyclic.into(), lists.into()].map(line);
    let plan = |layout: &Layout| Plan::new(layout, layout, Endpoints::both(Rank(0))).unwrap();
    for (of_plan, of_part, is_fine) in
        [(&block, &cyclic, true), (&cyclic, &block, true), (&block, &lists, false), (&lists, &block, false)]
    {
        let checked = check(&plan(of_plan), Side::Source, &section(of_part, Rank(0)));
        assert_eq!(checked.is_ok(), is_fine, "{of_plan}, {of_part}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let layout = Layout::new(vec![Block::new(8, 2).unwrap().into()]).unwrap();
    let says = |error: TransferError| (error.to_string(), Refusal::from(error).code());
    let (one, other) = (section(&layout, Rank(0)), section(&layout, Rank(1)));
    let plan = |endpoints| Plan::new(&layout, &layout, endpoints).unwrap();
    let error = check(&plan(Endpoints::both(Rank(0))), Side::Source, &other).unwrap_err();
    let text =
        "the source is the part of rank 1, the plan is of rank 0: pass the part of rank 0, or make the plan for rank 1";
    assert_eq!(says(error), (text.to_owned(), Code::ARGUMENT));
    let error = check(&plan(Endpoints { source: None, target: Some(Rank(0)) }), Side::Source, &one).unwrap_err();
    assert_eq!(says(error), ("this process has no part of the source".to_owned(), Code::ARGUMENT));
    let objects = Buffer::zeros(DType::from_format("T{i:n:O:a:}").unwrap(), &[4]).unwrap();
    for side in [Side::Source, Side::Target] {
        let (text, code) = says(check_part(&plan(Endpoints::both(Rank(0))), side, &objects, None).unwrap_err());
        assert!(text.contains("addresses of objects") && text.contains(Role::Of(side).name()), "{text}");
        assert_eq!(code, Code::DTYPE);
    }
    let fixed = Buffer::zeros(DType::parse("<i4").unwrap(), &[4]).unwrap().into_read_only();
    let plan = plan(Endpoints::both(Rank(0)));
    assert_eq!(check_part(&plan, Side::Source, &fixed, None), Ok(()));
    let error = check_part(&plan, Side::Target, &fixed, None).unwrap_err();
    assert_eq!(says(error), ("the target may only be read".to_owned(), Code::READ_ONLY));
    let short = Buffer::zeros(DType::parse("<i4").unwrap(), &[3]).unwrap();
    let error = check_part(&plan, Side::Source, &short, None).unwrap_err();
    assert_eq!(says(error), ("the source has the shape (3,), its layout (4,)".to_owned(), Code::TENSOR));
}
