//! The order in which operands are multiplied, two at a time.
//!
//! Of at most [`MOST`] operands all orders are compared, by the best order of each subset; of more,
//! the pair with the fewest multiplications is next.

/// The order of the products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tree {
    /// An operand.
    Leaf(usize),
    /// The product of two.
    Pair(Box<Tree>, Box<Tree>),
}

/// The number of operands of which all orders are compared: 3^8 pairs of subsets.
const MOST: usize = 8;

impl Tree {
    /// The operands.
    pub(super) fn leaves(&self) -> Vec<usize> {
        match self {
            Tree::Leaf(at) => vec![*at],
            Tree::Pair(left, right) => [left.leaves(), right.leaves()].concat(),
        }
    }
}

/// The labels of a set of operands that the result or other operands need.
fn needed(set: &[usize], operands: &[Vec<usize>], out: &[usize]) -> Vec<usize> {
    let outside = |label: &usize| {
        out.contains(label) || (0..operands.len()).any(|at| !set.contains(&at) && operands[at].contains(label))
    };
    let mut labels: Vec<usize> = set.iter().flat_map(|&at| &operands[at]).copied().filter(outside).collect();
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// The multiplications of a product: the extents of all labels of both.
fn multiplications(left: &[usize], right: &[usize], extents: &[i64]) -> f64 {
    let mut labels = [left, right].concat();
    labels.sort_unstable();
    labels.dedup();
    labels.iter().map(|&label| extents[label] as f64).product()
}

/// The order of the fewest multiplications, for the labels of each operand and of the result, and
/// the extent of each label. Of no operand it is the first one.
pub(super) fn order(operands: &[Vec<usize>], out: &[usize], extents: &[i64]) -> Tree {
    if operands.len() > MOST { greedy(operands, out, extents) } else { best(operands, out, extents) }
}

fn best(operands: &[Vec<usize>], out: &[usize], extents: &[i64]) -> Tree {
    let members = |set: usize| (0..operands.len()).filter(|at| set >> at & 1 == 1).collect::<Vec<_>>();
    let count = 1_usize << operands.len();
    // Of each subset: the least multiplications, the order, and the labels that stay.
    let mut known: Vec<(f64, Tree, Vec<usize>)> = vec![(0.0, Tree::Leaf(0), Vec::new()); count];
    for set in 1..count {
        let inside = members(set);
        let labels = needed(&inside, operands, out);
        if let [only] = inside[..] {
            known[set] = (0.0, Tree::Leaf(only), labels);
            continue;
        }
        let mut least: Option<(f64, usize)> = None;
        // All subsets with the lowest operand, so that each pair is seen once.
        let lowest = set & set.wrapping_neg();
        let mut part = (set - 1) & set;
        while part > 0 {
            if part & lowest != 0 {
                let (left, right) = (&known[part], &known[set ^ part]);
                let cost = left.0 + right.0 + multiplications(&left.2, &right.2, extents);
                if least.is_none_or(|(so_far, _)| cost < so_far) {
                    least = Some((cost, part));
                }
            }
            part = (part - 1) & set;
        }
        if let Some((cost, part)) = least {
            let pair = Tree::Pair(Box::new(known[part].1.clone()), Box::new(known[set ^ part].1.clone()));
            known[set] = (cost, pair, labels);
        }
    }
    known.swap_remove(count - 1).1
}

fn greedy(operands: &[Vec<usize>], out: &[usize], extents: &[i64]) -> Tree {
    let mut rest: Vec<(Tree, Vec<usize>)> =
        (0..operands.len()).map(|at| (Tree::Leaf(at), needed(&[at], operands, out))).collect();
    while rest.len() > 1 {
        let mut least = (f64::INFINITY, 0, 1);
        for right in 1..rest.len() {
            for left in 0..right {
                let cost = multiplications(&rest[left].1, &rest[right].1, extents);
                if cost < least.0 {
                    least = (cost, left, right);
                }
            }
        }
        let right = rest.remove(least.2).0;
        let left = rest.remove(least.1).0;
        let pair = Tree::Pair(Box::new(left), Box::new(right));
        let labels = needed(&pair.leaves(), operands, out);
        rest.push((pair, labels));
    }
    rest.pop().map_or(Tree::Leaf(0), |(tree, _)| tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(tree: &Tree, operands: &[Vec<usize>], out: &[usize], extents: &[i64]) -> f64 {
        let Tree::Pair(left, right) = tree else { return 0.0 };
        let labels = |tree: &Tree| needed(&tree.leaves(), operands, out);
        cost(left, operands, out, extents)
            + cost(right, operands, out, extents)
            + multiplications(&labels(left), &labels(right), extents)
    }

    /// All orders, one after the other.
    fn all(trees: Vec<Tree>) -> Vec<Tree> {
        if trees.len() < 2 {
            return trees;
        }
        let mut found = Vec::new();
        for right in 1..trees.len() {
            for left in 0..right {
                let mut rest = trees.clone();
                let (one, other) = (rest.remove(right), rest.remove(left));
                rest.push(Tree::Pair(Box::new(other), Box::new(one)));
                found.extend(all(rest));
            }
        }
        found
    }

    #[test]
    fn no_order_has_fewer_multiplications() {
        // Chains of matrices, and a star.
        for (operands, out) in [
            (vec![vec![0, 1], vec![1, 2], vec![2, 3], vec![3, 4]], vec![0, 4]),
            (vec![vec![0, 1], vec![0, 2], vec![0, 3], vec![1, 2, 3]], vec![0]),
            (vec![vec![0], vec![1], vec![0, 1], vec![2]], vec![2]),
        ] {
            for extents in [[10, 2, 30, 4, 50], [2, 100, 3, 7, 1], [1, 1, 9, 8, 7]] {
                let leaves = (0..operands.len()).map(Tree::Leaf).collect();
                let costs = all(leaves).into_iter().map(|tree| cost(&tree, &operands, &out, &extents));
                let least = costs.fold(f64::INFINITY, f64::min);
                assert_eq!(cost(&order(&operands, &out, &extents), &operands, &out, &extents), least);
            }
        }
    }

    #[test]
    fn many_operands_are_all_in_the_order() {
        let chain: Vec<Vec<usize>> = (0..12).map(|at| vec![at, at + 1]).collect();
        let mut leaves = order(&chain, &[0, 12], &[3; 13]).leaves();
        leaves.sort_unstable();
        assert_eq!(leaves, (0..12).collect::<Vec<_>>());
    }
}
