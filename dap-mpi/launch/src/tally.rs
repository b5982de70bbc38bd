//! The outcome of each launch: passed, failed, or skipped with the reason. A skip is no pass.

use std::time::Instant;

/// The reason why a launch did not run.
#[derive(Debug)]
pub struct Skip {
    /// The reason.
    pub reason: String,
    /// The variable that turns the skip into a failure.
    pub required_by: &'static str,
}

/// The outcome of all launches of a test.
#[derive(Debug, Default)]
pub struct Tally {
    passed: usize,
    skipped: Vec<String>,
    failed: Vec<String>,
}

impl Tally {
    /// Runs one launch, unless there is a reason to skip it.
    pub fn run(&mut self, name: &str, skip: Option<Skip>, launch: impl FnOnce() -> Result<(), String>) {
        print!("{name} ... ");
        if let Some(Skip { reason, required_by }) = skip {
            if std::env::var_os(required_by).is_none() {
                println!("SKIPPED: {reason} ({required_by}=1 makes this a failure)");
                self.skipped.push(format!("{name}: {reason}"));
            } else {
                println!("FAILED: {reason}, and {required_by} is set");
                self.failed.push(name.to_owned());
            }
            return;
        }
        let began = Instant::now();
        match launch() {
            Ok(()) => {
                println!("ok in {:.1} s", began.elapsed().as_secs_f64());
                self.passed += 1;
            }
            Err(why) => {
                println!("FAILED: {why}");
                self.failed.push(name.to_owned());
            }
        }
    }

    /// Prints the outcome of all launches; exits with 1 if one has failed, or none was run.
    pub fn end(self) {
        println!("ranks: {} passed, {} skipped, {} failed", self.passed, self.skipped.len(), self.failed.len());
        self.skipped.iter().for_each(|skipped| println!("skipped: {skipped}"));
        self.failed.iter().for_each(|failed| println!("failed: {failed}"));
        if !self.failed.is_empty() || self.passed == 0 {
            std::process::exit(1);
        }
    }
}
