//! The binomial tree of the members, from any root: the parent of a member, and its children.
//!
//! Members are numbered from the root on. A member's parent has its number without the lowest bit
//! that is set, so that a message passes at most log2 of the size, rounded up, of ranks.

/// The neighbours of a member in the tree.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Neighbours {
    /// `None` of the root.
    pub(super) parent: Option<usize>,
    /// The child with the fewest descendants first.
    pub(super) children: Vec<usize>,
}

/// The neighbours of a member in the tree of `size` members from `root`.
pub(super) fn neighbours(member: usize, root: usize, size: usize) -> Neighbours {
    let number = (member + size - root) % size;
    let member = |number: usize| (number + root) % size;
    let lowest = if number == 0 { size.next_power_of_two() } else { 1 << number.trailing_zeros() };
    let bits = (0..usize::BITS).map(|bit| 1 << bit).take_while(|&bit: &usize| bit < lowest);
    let children = bits.map(|bit| number + bit).filter(|&child| child < size).map(member).collect();
    Neighbours { parent: (number > 0).then(|| member(number - lowest)), children }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_is_the_child_of_its_parent_and_reaches_the_root() {
        for (size, root) in (1..40).flat_map(|size| (0..size).map(move |root| (size, root))) {
            let mut children = 0;
            for member in 0..size {
                let found = neighbours(member, root, size);
                for &child in &found.children {
                    assert_eq!(neighbours(child, root, size).parent, Some(member));
                }
                children += found.children.len();
                let mut depth = 0;
                let mut at = member;
                while let Some(parent) = neighbours(at, root, size).parent {
                    at = parent;
                    depth += 1;
                }
                assert_eq!(at, root);
                assert!(1 << depth <= size.next_power_of_two(), "{member} of {size} is {depth} from {root}");
            }
            assert_eq!(children, size - 1);
        }
    }
}
