//! The exports of one array, before and after they are checked.

use dap_core::check::{Checker, Profile, Ranks, Report};
use dap_core::finding::Finding;
use dap_core::rules::RuleId;
use dap_report::SetReport;

use super::bundle::InputBundle;
use super::files::Files;
use super::job::{CheckJob, Progress};
use super::lines::InputLines;
use super::texts::{SetTexts, TextSource};

/// One array's exports, as the command line named them.
#[derive(Debug)]
pub struct InputSet {
    /// The set's name: the path as given, or `<stdin>`.
    pub name: String,
    /// The ranks that its exports claim to be: all of them, or some.
    pub claim: Ranks,
    pub(super) source: SetSource,
}

/// The place of a set's exports.
#[derive(Debug)]
pub(super) enum SetSource {
    /// There are no exports, for this reason.
    Nothing(Box<Finding>),
    Files(Files),
    Lines(InputLines),
    Bundle(InputBundle),
}

/// A checked set.
#[derive(Debug)]
pub struct CheckedSet {
    /// The set's name.
    pub name: String,
    /// The ranks that its exports claim to be: all of them, or some.
    pub claim: Ranks,
    /// The result of the check.
    pub report: Report,
    /// The places of the ranks' texts, to show findings in them.
    pub texts: SetTexts,
}

impl CheckedSet {
    /// The report of the set, with the findings whose rules `is_reported` holds for.
    #[must_use]
    pub fn set_report(&self, is_reported: impl Fn(RuleId) -> bool) -> SetReport {
        SetReport::new(&self.name, self.claim, &self.report, &self.texts, is_reported)
    }
}

impl InputSet {
    /// Reads and checks the set. A text that cannot be read gives a finding.
    #[must_use]
    pub fn check(&self, profile: Profile, progress: &dyn Progress) -> CheckedSet {
        let mut checker = Checker::new(profile);
        let mut job = CheckJob { local: &Checker::new(profile), checker: &mut checker, progress };
        let texts = match &self.source {
            SetSource::Nothing(finding) => {
                job.about_set(finding.clone());
                TextSource::None
            }
            SetSource::Files(files) => TextSource::Files(files.check(&mut job)),
            SetSource::Lines(lines) => lines.check(&mut job).map_or(TextSource::None, TextSource::Lines),
            SetSource::Bundle(bundle) => bundle.check(&mut job).map_or(TextSource::None, TextSource::Bundle),
        };
        let mut report = checker.finish(self.claim);
        if let (SetSource::Files(files), TextSource::Files(texts)) = (&self.source, &texts) {
            files.note_misnamed(&mut report);
            files.note_repeated(&mut report, texts);
        }
        CheckedSet { name: self.name.clone(), claim: self.claim, report, texts: SetTexts(texts) }
    }
}
