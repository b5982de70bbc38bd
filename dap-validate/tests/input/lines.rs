//! One export per line: numbering, blank lines, and lines across the edges of chunks, against a
//! reader of lines.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use dap_core::check::{Profile, Ranks};
use dap_core::index::Rank;
use dap_report::RankTexts;
use dap_validate::input::{CheckedSet, Progress, Unit};

use crate::dir::Dir;
use crate::{assert_valid, block, check, check_with, findings, sets, text};

fn lines(ranks: i64) -> String {
    (0..ranks).map(|rank| block(rank, ranks) + "\n").collect()
}

#[test]
fn line_ends() {
    let text_of = lines(5);
    let dir = Dir::new("line-ends")
        .with("a.ndjson", &text_of)
        .with("b.ndjson", text_of.trim_end())
        .with("c.ndjson", text_of.replace('\n', "\r\n"))
        .with("d.ndjson", text_of.clone() + "\n \r\n\t\n");
    for name in ["a.ndjson", "b.ndjson", "c.ndjson", "d.ndjson"] {
        let checked = check(&[dir.path(name)]);
        assert_valid(&checked, "0-4", Ranks::All);
        let found = checked.texts.of(Rank(4)).unwrap();
        assert_eq!((found.path, found.first_line, found.first_column), (dir.path(name).display().to_string(), 5, 1));
        assert_eq!(text(&checked, 4).unwrap().trim_end(), block(4, 5));
    }
}

#[test]
fn blank_lines() {
    let with_blank = lines(4).replacen('\n', "\n \r\n\n", 1);
    let checked = check_with(&["-".into()], &with_blank);
    let found = findings(&checked);
    assert_eq!(found[0], "DAP012 1-2: the line for rank 1 is blank");
    assert_eq!(text(&checked, 3).unwrap(), block(1, 4));
    assert_eq!(checked.report.ranks.to_string(), "0-5");
    let dir = Dir::new("blank").with("a.ndjson", " \n\n\n").with("b.ndjson", "");
    for name in ["a.ndjson", "b.ndjson"] {
        assert_eq!(findings(&check(&[dir.path(name)])), ["DAP010 set: the file holds no export"], "{name}");
    }
}

#[test]
fn a_broken_line_is_one_rank() {
    let text_of = lines(4).replacen("\"size\": 10, \"proc_grid_size\": 4, \"proc_grid_rank\": 2", "\"size\": 10,,", 1);
    let checked = check_with(&["-".into()], &text_of);
    let found = findings(&checked);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("DAP002 2: "), "{found:?}");
}

/// Numbers that look random and are not.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Lines of very different lengths: white space stretches them.
fn stretched(seed: u64) -> String {
    let mut numbers = Numbers(seed);
    let mut text = String::new();
    let count = 1 + numbers.below(60);
    for rank in 0..count {
        match numbers.below(12) {
            0 => {}
            1 => text.push_str("\t "),
            kind => {
                let longest = if kind < 4 { 1 << 22 } else { 1 << 10 };
                let stretch = numbers.below(longest) as usize;
                let (front, back) = if kind % 2 == 0 { (stretch, 0) } else { (0, stretch) };
                text.push_str(&" ".repeat(front));
                text.push_str(&block(rank as i64 % 10, 10));
                text.push_str(&" ".repeat(back));
            }
        }
        // Sometimes exactly to the edge of a chunk, or a byte beside it.
        let edge = (1 << 20) - text.len() % (1 << 20);
        if numbers.below(8) == 0 {
            text.push_str(&" ".repeat((edge - 1).saturating_add_signed(numbers.below(3) as isize - 1)));
        }
        if rank + 1 < count || numbers.below(2) == 0 {
            text.push('\n');
        }
    }
    text
}

/// The expected ranks with an export, and the blank ranks before the last export.
fn expected(text: &str) -> (Vec<i64>, Vec<i64>) {
    let of = |wanted: bool| {
        let lines = (0..).zip(text.lines());
        lines.filter(|(_, line)| line.trim_ascii().is_empty() != wanted).map(|(rank, _)| rank).collect::<Vec<i64>>()
    };
    let exports = of(true);
    let blank = of(false).into_iter().filter(|rank| exports.last().is_some_and(|last| rank < last)).collect();
    (exports, blank)
}

fn assert_as_lines(checked: &CheckedSet, all: &str, seed: u64) {
    let (exports, blank) = expected(all);
    let mut there: Vec<i64> = exports.iter().chain(&blank).copied().collect();
    there.sort_unstable();
    let found: Vec<i64> = checked.report.ranks.ranges().iter().cloned().flatten().collect();
    assert_eq!(found, there, "seed {seed}");
    let rule = |d: &&dap_core::finding::Diagnostic| d.finding.rule.to_string() == "DAP012";
    let blank_found = checked.report.diagnostics.iter().find(rule).map(|d| d.ranks.clone()).unwrap_or_default();
    assert_eq!(blank_found.ranges().iter().cloned().flatten().collect::<Vec<i64>>(), blank, "seed {seed}");
    for (rank, line) in (0..).zip(all.lines()) {
        let found = checked.texts.of(Rank(rank)).map(|text| (text.text, text.first_line));
        assert!(found == Some((line.as_bytes().to_vec(), rank as usize + 1)), "seed {seed}, line {rank}");
    }
    let line_count = all.lines().count() as i64;
    assert!(checked.texts.of(Rank(line_count + 1)).is_none());
    // Nothing is broken by the cutting.
    assert!(checked.report.diagnostics.iter().all(|d| d.finding.rule.to_string() != "DAP002"), "seed {seed}");
}

#[test]
fn lines_are_cut_as_a_reader_of_lines_cuts_them() {
    let dir = Dir::new("stretched");
    for seed in 0..24 {
        let all = stretched(seed);
        dir.write("a.ndjson", &all);
        assert_as_lines(&check(&[dir.path("a.ndjson")]), &all, seed);
        // A stream may be a document, if its first line is blank or there is only one.
        if all.lines().filter(|line| !line.trim().is_empty()).count() > 1
            && !all.trim_start_matches(' ').starts_with(['\n', '\t'])
        {
            assert_as_lines(&check_with(&["-".into()], &all), &all, seed);
        }
    }
}

#[test]
fn many_short_lines() {
    let all = "x\n".repeat(300_000) + "y";
    let dir = Dir::new("short").with("a.ndjson", &all);
    let checked = check(&[dir.path("a.ndjson")]);
    let found = findings(&checked);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("DAP002 0-300000: "), "{found:?}");
    assert_eq!(text(&checked, 299_999).unwrap(), "x");
    assert_eq!(text(&checked, 300_000).unwrap(), "y");
    assert_eq!(text(&checked, 300_001), None);
}

/// Changes a file as soon as reading begins.
struct Meddler(PathBuf, &'static str, AtomicU64);

impl Progress for Meddler {
    fn begin(&self, total: Option<u64>, unit: Unit) {
        assert_eq!(unit, Unit::Bytes);
        let mut text = fs::read_to_string(&self.0).unwrap();
        assert_eq!(total, Some(text.len() as u64));
        match self.1 {
            "cut" => text.truncate(text.len() / 2),
            "grow" => text.push_str("more"),
            "empty" => text.clear(),
            _ => text = text.replace("<f8", "<f4"),
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&self.0, text).unwrap();
    }

    fn advance(&self, amount: u64) {
        self.2.fetch_add(amount, Ordering::Relaxed);
    }
}

#[test]
fn files_that_change_while_they_are_read() {
    let dir = Dir::new("meddled");
    let length = lines(40_000).len();
    for (how, problem) in [
        ("cut", format!("it was {length} bytes long and is now {}", length / 2)),
        ("grow", format!("it was {length} bytes long and is now {} or more", length + 4)),
        ("empty", format!("it was {length} bytes long and is now 0")),
        ("rewrite", "it was written to".to_owned()),
    ] {
        dir.write("a.ndjson", lines(40_000));
        let sets = sets(&[dir.path("a.ndjson")], "").unwrap();
        let checked = sets[0].check(Profile::Auto, &Meddler(dir.path("a.ndjson"), how, AtomicU64::new(0)));
        let expected = format!("DAP011 set: the file changed while it was being read: {problem}");
        assert!(findings(&checked).contains(&expected), "{how}: {:?}", findings(&checked));
        // A text that was changed after the check is not shown.
        assert!(checked.texts.of(Rank(0)).is_none_or(|text| text.text.is_empty()));
    }
}

#[test]
fn progress_adds_up() {
    struct Sum(AtomicU64, AtomicU64);
    impl Progress for Sum {
        fn begin(&self, total: Option<u64>, _: Unit) {
            self.0.store(total.unwrap(), Ordering::Relaxed);
        }
        fn advance(&self, amount: u64) {
            self.1.fetch_add(amount, Ordering::Relaxed);
        }
    }
    let dir = Dir::new("progress").with("a.ndjson", lines(9_000)).with("run/rank-0.json", block(0, 1));
    for path in ["a.ndjson", "run"] {
        let sum = Sum(AtomicU64::new(0), AtomicU64::new(0));
        let _ = sets(&[dir.path(path)], "").unwrap()[0].check(Profile::Auto, &sum);
        assert_ne!(sum.0.load(Ordering::Relaxed), 0);
        assert_eq!(sum.0.load(Ordering::Relaxed), sum.1.load(Ordering::Relaxed), "{path}");
    }
}
