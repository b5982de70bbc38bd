//! Sizes that no enumeration could reach.

use dap_core::algebra::{Placement, Subscript, View};
use dap_core::dim::{Block, Cyclic, Dim};
use dap_core::index::{GlobalIndex, Rank};
use dap_core::layout::Layout;
use dap_core::plan::{Endpoints, Plan, Totals};

const SIZE: i64 = 1 << 50;

/// A view of 2^50 elements: single elements lie where the base has them.
#[test]
fn views() {
    let dims: [Dim; 5] = [
        Block::balanced(SIZE, 7).unwrap().into(),
        Cyclic::new(SIZE, 7, 1).unwrap().into(),
        Cyclic::new(SIZE, 5, 12).unwrap().into(),
        Cyclic::new(SIZE, 3, 1 << 30).unwrap().into(),
        Cyclic::new(SIZE, 1 << 40, 1 << 20).unwrap().into(),
    ];
    for dim in dims {
        let base = Placement::new(Layout::new(vec![dim.clone()]).unwrap());
        for index in ["1:", "::-1", "::-3", "5::4", "7:-9:6", "::1000003", "-2:3:-12"] {
            let view = View::of(&base).index(&Subscript::parse(index).unwrap()).unwrap();
            let placement = match view.placement() {
                Ok(placement) => placement,
                // A step of a million in blocks of a billion falls into a million runs, or more.
                Err(error) => {
                    assert_eq!((index, dim.to_string().as_str()), ("::1000003", "cyclic(1073741824)"), "{error}");
                    continue;
                }
            };
            let len = placement.shape()[0];
            for k in [0, 1, 2, len / 3, len - 1] {
                let (section, local) = placement.layout().owner(&[GlobalIndex(k)]).unwrap();
                let at = view.base_index(&[k]).unwrap();
                let (base_rank, base_local) = base.layout().owner(&[GlobalIndex(at[0])]).unwrap();
                assert_eq!(
                    placement.ranks().holder(section),
                    base.ranks().holder(base_rank),
                    "{k} of [{index}] of {dim}"
                );
                let window = view.window(section).unwrap().unwrap();
                assert_eq!(window.base_rank(), base_rank);
                assert_eq!(window.base_local(&[local[0].0]), Some(vec![base_local[0].0]), "{k} of [{index}] of {dim}");
            }
        }
    }
}

/// A slice without a closed form moves to a block distribution by a few groups.
#[test]
fn plans() {
    let base = Placement::new(Layout::new(vec![Cyclic::new(SIZE, 4, 6).unwrap().into()]).unwrap());
    for index in ["1:", "-2::-1", "::4", "3:-7:-5", "::13"] {
        let Ok(subscripts) = Subscript::parse(index) else { continue };
        let from = View::of(&base).index(&subscripts).unwrap().placement().unwrap();
        if from.shape()[0] == 0 {
            continue;
        }
        let to = Layout::new(vec![Block::new(from.shape()[0], 4).unwrap().into()]).unwrap();
        let totals = Totals::new(from.layout(), &to).unwrap();
        let mut sent = 0;
        for rank in (0..4).map(Rank) {
            let plan = Plan::new(from.layout(), &to, Endpoints::both(rank)).unwrap();
            let groups: usize = plan.outgoing()[0].peers().iter().map(|(_, it)| it.groups().unwrap().len()).sum();
            assert!(groups < 100, "{groups} groups for [{index}]");
            sent += plan.sends().map(|send| send.elements()).sum::<i64>();
        }
        assert_eq!(sent, totals.moved());
    }
}
