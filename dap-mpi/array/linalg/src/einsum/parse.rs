//! The text of an Einstein summation.

use dap_array::Result;

use crate::operands::argument;

/// The labels of each operand and of the result: small numbers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) operands: Vec<Vec<usize>>,
    pub(super) out: Vec<usize>,
}

/// One mark of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Letter(char),
    Ellipsis,
}

/// Letters have the labels of their place in the alphabet, upper case first, as they are sorted.
/// The axes of ellipses follow, counted from the last one.
const LETTERS: usize = 52;

impl Terms {
    /// Parses an expression for operands with these numbers of axes.
    pub(super) fn parse(expression: &str, ndims: &[usize]) -> Result<Terms> {
        let text: String = expression.chars().filter(|it| !it.is_whitespace()).collect();
        let (inputs, out) = match text.split_once("->") {
            Some((inputs, out)) => (inputs, Some(marks(expression, out)?)),
            None => (&text[..], None),
        };
        let terms = inputs.split(',').map(|term| marks(expression, term)).collect::<Result<Vec<_>>>()?;
        if terms.len() != ndims.len() {
            return argument(format!("einsum of `{expression}`: {} terms, and {} operands", terms.len(), ndims.len()));
        }
        let mut operands = Vec::with_capacity(terms.len());
        // The axes of the longest ellipsis.
        let mut most = 0;
        for (at, (term, &ndim)) in terms.iter().zip(ndims).enumerate() {
            let letters = term.iter().filter(|mark| **mark != Mark::Ellipsis).count();
            let has_ellipsis = letters < term.len();
            if letters > ndim || letters < ndim && !has_ellipsis {
                return argument(format!(
                    "einsum of `{expression}`: term {at} names {letters} axes, the operand has {ndim}"
                ));
            }
            most = most.max(ndim - letters);
            operands.push(labels(term, ndim - letters));
        }
        let out = match out {
            Some(out) => labels(&out, most),
            None => kept(&operands),
        };
        let is_wrong = |at: usize| out[..at].contains(&out[at]) || !operands.iter().any(|it| it.contains(&out[at]));
        if (0..out.len()).any(is_wrong) {
            return argument(format!(
                "einsum of `{expression}`: the result has each of its labels once, and operands have them all"
            ));
        }
        Ok(Terms { operands, out })
    }
}

fn marks(expression: &str, term: &str) -> Result<Vec<Mark>> {
    let mut marks = Vec::new();
    let mut rest = term;
    while let Some(next) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix("...") {
            if marks.contains(&Mark::Ellipsis) {
                return argument(format!("einsum of `{expression}`: a term with two ellipses"));
            }
            marks.push(Mark::Ellipsis);
            rest = behind;
        } else if next.is_ascii_alphabetic() {
            marks.push(Mark::Letter(next));
            rest = &rest[1..];
        } else {
            return argument(format!("einsum of `{expression}`: `{next}` is no letter: write \"ij,jk->ik\""));
        }
    }
    Ok(marks)
}

/// The labels of marks, an ellipsis being this number of axes.
fn labels(marks: &[Mark], ellipsis: usize) -> Vec<usize> {
    let each = |mark: &Mark| match *mark {
        Mark::Letter(letter) if letter.is_ascii_uppercase() => vec![letter as usize - 'A' as usize],
        Mark::Letter(letter) => vec![26 + letter as usize - 'a' as usize],
        Mark::Ellipsis => (0..ellipsis).rev().map(|from_end| LETTERS + from_end).collect(),
    };
    marks.iter().flat_map(each).collect()
}

/// The labels of the result without an arrow: the ellipsis, then the letters that occur once.
fn kept(operands: &[Vec<usize>]) -> Vec<usize> {
    let all: Vec<usize> = operands.iter().flatten().copied().collect();
    let mut broadcast: Vec<usize> = all.iter().copied().filter(|&label| label >= LETTERS).collect();
    broadcast.sort_unstable_by(|a, b| b.cmp(a));
    broadcast.dedup();
    let is_single = |label: &usize| all.iter().filter(|it| *it == label).count() == 1;
    broadcast.into_iter().chain((0..LETTERS).filter(|label| all.contains(label) && is_single(label))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(expression: &str, ndims: &[usize]) -> Terms {
        Terms::parse(expression, ndims).unwrap()
    }

    #[test]
    fn a_missing_arrow_keeps_single_letters_in_order() {
        assert_eq!(parsed("ba", &[2]), parsed("ba->ab", &[2]));
        assert_eq!(parsed("ij,jk", &[2, 2]), parsed(" ij , jk -> ik ", &[2, 2]));
        assert_eq!(parsed("aB", &[2]), parsed("aB->Ba", &[2]));
        assert_eq!(parsed("i...,...i", &[3, 2]), parsed("i...,...i->...", &[3, 2]));
    }

    #[test]
    fn ellipses_are_counted_from_the_last_axis() {
        let Terms { operands, out } = parsed("...ij,...jk->...ik", &[4, 3]);
        assert_eq!(operands[0][1], operands[1][0]);
        assert_eq!(out.len(), 4);
    }

    #[test]
    fn mistakes() {
        let refused = |expression: &str, ndims: &[usize]| Terms::parse(expression, ndims).unwrap_err().to_string();
        assert_eq!(refused("ij,jk", &[2]), "einsum of `ij,jk`: 2 terms, and 1 operands");
        assert_eq!(refused("ij", &[3]), "einsum of `ij`: term 0 names 2 axes, the operand has 3");
        assert_eq!(refused("ij...", &[1]), "einsum of `ij...`: term 0 names 2 axes, the operand has 1");
        assert_eq!(refused("i1", &[2]), "einsum of `i1`: `1` is no letter: write \"ij,jk->ik\"");
        assert_eq!(refused("......", &[2]), "einsum of `......`: a term with two ellipses");
        let wrong = "the result has each of its labels once, and operands have them all";
        assert_eq!(refused("ij->ii", &[2]), format!("einsum of `ij->ii`: {wrong}"));
        assert_eq!(refused("ij->k", &[2]), format!("einsum of `ij->k`: {wrong}"));
    }
}
