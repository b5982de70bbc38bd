//! Ranks in the names of files: the number that differs from file to file.

use std::path::{Path, PathBuf};

use super::ConvertResult;

/// A path cut into numbers and the texts between them.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum NamePiece {
    /// A number, with its digits.
    Number(u64, String),
    Text(String),
}

/// The order of the files by rank, and a note if the user may not expect it.
pub(super) fn order(paths: &[PathBuf]) -> ConvertResult<(Vec<usize>, Option<String>)> {
    let as_given: Vec<usize> = (0..paths.len()).collect();
    if paths.iter().any(|path| is_nameless(path)) {
        return Ok((as_given, None));
    }
    let names: Vec<Vec<NamePiece>> = paths.iter().map(|path| pieces(&path.to_string_lossy())).collect();
    let has_number = |name: &Vec<NamePiece>| name.iter().any(|piece| matches!(piece, NamePiece::Number(..)));
    if !names.iter().all(|name| skeleton(name) == skeleton(&names[0])) {
        if names.iter().any(has_number) && !names.is_sorted() {
            return Err(format!(
                "the names of the files say no ranks: {} and {} follow no one pattern. Name the files in rank order by one \
                 number, or add a `rank` to each description",
                shown(&paths[0]),
                paths[1..]
                    .iter()
                    .zip(&names[1..])
                    .find(|(_, name)| skeleton(name) != skeleton(&names[0]))
                    .map_or_else(String::new, |(path, _)| shown(path))
            ));
        }
        return Ok((as_given, Some(given(paths))));
    }
    let columns = varying(&names);
    if columns.is_empty() {
        // The same file occurs twice, or the names have no numbers.
        return Ok((as_given, Some(given(paths))));
    }
    let mut found: Option<Vec<usize>> = None;
    for order in columns.iter().filter_map(|column| ranks(column)) {
        if found.as_ref().is_some_and(|other| *other != order) {
            return Err(format!(
                "the names of the files have several numbers, as {}, and which one is the rank is not certain: add a \
                 `rank` to each description",
                shown(&paths[0])
            ));
        }
        found = Some(order);
    }
    let Some(order) = found else { return Err(no_ranks(paths, &columns)) };
    let note = (order != as_given).then(|| {
        let place = |rank: usize| format!("{rank} is {}", shown(&paths[order[rank]]));
        format!(
            "ranks by the number in the names of the files, not in the order given: {}, {}",
            place(0),
            place(order.len() - 1)
        )
    });
    Ok((order, note))
}

/// The place of each of `count` ranks in the order in which a shell lists their files.
pub(super) fn shell_order(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_cached_key(usize::to_string);
    order
}

fn shown(path: &Path) -> String {
    dap_report::printable(&path.display().to_string())
}

fn given(paths: &[PathBuf]) -> String {
    let last = paths.len() - 1;
    format!("ranks in the order given: 0 is {}, {last} is {}", shown(&paths[0]), shown(&paths[last]))
}

/// Standard input, and pipes whose numbers are those of descriptors.
fn is_nameless(path: &Path) -> bool {
    path == Path::new("-") || path.starts_with("/dev") || path.starts_with("/proc")
}

fn pieces(name: &str) -> Vec<NamePiece> {
    let mut pieces = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let text = rest[..end].to_owned();
        // Digits beyond any rank stay text.
        pieces.push(match text.parse() {
            Ok(number) if is_digit => NamePiece::Number(number, text),
            _ => NamePiece::Text(text),
        });
        rest = &rest[end..];
    }
    pieces
}

/// The common part of names that differ in their numbers only.
fn skeleton(name: &[NamePiece]) -> Vec<Option<&str>> {
    name.iter()
        .map(|piece| match piece {
            NamePiece::Number(..) => None,
            NamePiece::Text(text) => Some(text.as_str()),
        })
        .collect()
}

/// The numbers at each place of names with a common part, if they differ.
fn varying(names: &[Vec<NamePiece>]) -> Vec<Vec<u64>> {
    let column = |at: usize| -> Vec<u64> {
        let number = |name: &Vec<NamePiece>| {
            if let Some(NamePiece::Number(number, _)) = name.get(at) { Some(*number) } else { None }
        };
        names.iter().filter_map(number).collect()
    };
    (0..names[0].len()).map(column).filter(|column| column.iter().any(|number| *number != column[0])).collect()
}

/// The positions of ranks 0, 1, ..., if these are the numbers.
fn ranks(numbers: &[u64]) -> Option<Vec<usize>> {
    let mut order = vec![None; numbers.len()];
    for (at, &number) in numbers.iter().enumerate() {
        let slot = order.get_mut(usize::try_from(number).ok()?)?;
        if slot.replace(at).is_some() {
            return None;
        }
    }
    order.into_iter().collect()
}

/// The reason why the numbers are no ranks.
fn no_ranks(paths: &[PathBuf], columns: &[Vec<u64>]) -> String {
    let count = paths.len() as u64;
    let [column] = columns else {
        return format!(
            "none of the numbers in the names of the files, as {}, goes from 0 to {}: add a `rank` to each description",
            shown(&paths[0]),
            count - 1
        );
    };
    let mut sorted = column.clone();
    sorted.sort_unstable();
    if sorted.iter().copied().eq(1..=count) {
        return format!(
            "the files are numbered from 1 to {count}: is rank 0 missing, or are they counted from 1? Number them from 0, or add \
             a `rank` to each description"
        );
    }
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return format!("two files have the number {}, and each rank has one file", pair[0]);
    }
    let missing = (0..count).find(|number| sorted.binary_search(number).is_err()).unwrap_or(0);
    format!(
        "there is no file of rank {missing}: the numbers in the names go to {}, and the number of files is {count}. Name the files of all \
         ranks, or add a `rank` to each description",
        sorted.last().copied().unwrap_or(0)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> ConvertResult<Vec<usize>> {
        order(&names.iter().map(PathBuf::from).collect::<Vec<_>>()).map(|(order, _)| order)
    }

    #[test]
    fn numbers_are_ranks() {
        let shell = shell_order(12);
        let files: Vec<String> = shell.iter().map(|rank| format!("m_{rank}.json")).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        assert_eq!(files[2], "m_10.json");
        let order = of(&files).unwrap();
        assert_eq!(order.iter().map(|&at| files[at]).take(3).collect::<Vec<_>>(), ["m_0.json", "m_1.json", "m_2.json"]);
        for (names, expected) in [
            (&["m_1.json", "m_0.json"][..], &[1, 0][..]),
            (&["m-00.json", "m-01.json", "m-02.json"], &[0, 1, 2]),
            (&["8x8/run3-rank1.json", "8x8/run3-rank0.json"], &[1, 0]),
            (&["rank1/rank1.json", "rank0/rank0.json"], &[1, 0]),
            (&["rank1/meta.json", "rank0/meta.json"], &[1, 0]),
            (&["n0_r0", "n0_r1", "n1_r3", "n1_r2"], &[0, 1, 3, 2]),
            (&["m_2_of_3", "m_0_of_3", "m_1_of_3"], &[1, 2, 0]),
            (&["left.json", "right.json"], &[0, 1]),
            (&["right.json", "left.json"], &[0, 1]),
            (&["main.json", "worker1.json", "worker2.json"], &[0, 1, 2]),
            (&["/dev/fd/63", "/dev/fd/62"], &[0, 1]),
            (&["m_1.json", "-"], &[0, 1]),
        ] {
            assert_eq!(of(names).as_deref(), Ok(expected), "{names:?}");
        }
    }

    #[test]
    fn other_numbers_are_refused() {
        for (names, words) in [
            (&["m_1", "m_2"][..], "counted from 1?"),
            (&["m_0", "m_2"], "no file of rank 1"),
            (&["m_0", "m_0", "m_1"], "two files have the number 0"),
            (&["a0_b1", "a1_b0"], "several numbers"),
            (&["p_0_0", "p_0_1", "p_1_0", "p_1_1"], "none of the numbers"),
            (&["w1", "main", "w10", "w2"], "no one pattern"),
        ] {
            let why = of(names).unwrap_err();
            assert!(why.contains(words), "{names:?}: {why}");
        }
    }
}
