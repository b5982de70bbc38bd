//! The state of a rank, as its node's boards show it, and as a text between processes.

use super::position::Position;

/// The state of a rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    /// The rank in the communicator.
    pub(super) rank: i32,
    pub(super) position: Position,
    /// The position in words.
    pub(super) place: String,
    /// The reason for which it takes part in no further call.
    pub(super) departure: Option<String>,
    /// Its wait on another communicator; empty without one.
    pub(super) elsewhere: String,
}

impl Report {
    /// A line for each report.
    pub(super) fn encode(reports: &[Report]) -> String {
        let plain = |text: &str| text.replace(char::is_control, " ");
        let line = |report: &Report| {
            let Report { rank, position, place, departure, elsewhere } = report;
            let departure = departure.as_ref().map_or_else(String::new, |reason| format!("!{}", plain(reason)));
            format!("{rank}\t{}\t{}\t{departure}\t{}\n", position.word(), plain(place), plain(elsewhere))
        };
        reports.iter().map(line).collect()
    }

    /// The reports of a text; `None` if it is none.
    pub(super) fn decode(text: &str) -> Option<Vec<Report>> {
        text.lines().map(Report::from_line).collect()
    }

    fn from_line(line: &str) -> Option<Report> {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[rank, position, place, departure, elsewhere] = &fields[..] else { return None };
        Some(Report {
            rank: rank.parse().ok()?,
            position: Position::from_word(position.parse().ok()?),
            place: place.to_owned(),
            departure: departure.strip_prefix('!').map(str::to_owned),
            elsewhere: elsewhere.to_owned(),
        })
    }

    /// The state in words, beside a rank in the call with this number, described by `here`; `None`
    /// if the rank is there, too.
    pub(super) fn beside(&self, number: u64, here: &str) -> Option<String> {
        let Report { rank, position, place, departure, elsewhere } = self;
        if let Some(reason) = departure {
            return Some(format!("rank {rank} {reason}, {place}"));
        }
        if place == here {
            return None;
        }
        let what = if position.number < number { "has not arrived" } else { "is in another call" };
        let elsewhere = if elsewhere.is_empty() { String::new() } else { format!("; it waits {elsewhere}") };
        Some(format!("rank {rank} {what}: it is {place}{elsewhere}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(departure: Option<&str>, elsewhere: &str) -> Report {
        let position = Position { number: 41, site: 7, is_inside: false };
        let place = position.describe("`sum` at f.rs:12");
        Report { rank: 1, position, place, departure: departure.map(str::to_owned), elsewhere: elsewhere.to_owned() }
    }

    #[test]
    fn a_text_keeps_reports() {
        let reports = [report(None, ""), report(Some("left"), "in call 3"), report(Some(""), "")];
        assert_eq!(Report::decode(&Report::encode(&reports)).as_deref(), Some(&reports[..]));
        assert_eq!(Report::decode(""), Some(Vec::new()));
        let lines = Report::encode(&[report(Some("panicked: two\nlines\tand tabs"), "")]);
        let read = Report::decode(&lines).expect("one report");
        assert_eq!(read[0].departure.as_deref(), Some("panicked: two lines and tabs"));
        for wrong in ["1\t2\t3\t4", "x\t2\t\t\t", "1\t-2\t\t\t", "GET / HTTP/1.1\r\n"] {
            assert_eq!(Report::decode(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_state_is_described() {
        let here = "in call 42, `max` at g.rs:3";
        let said = |report: &Report| report.beside(42, here);
        assert_eq!(
            said(&report(None, "in call 3, `min` at h.rs:1 of another communicator")).as_deref(),
            Some(
                "rank 1 has not arrived: it is after call 41, `sum` at f.rs:12; \
                 it waits in call 3, `min` at h.rs:1 of another communicator"
            )
        );
        assert_eq!(said(&report(Some("left"), "")).as_deref(), Some("rank 1 left, after call 41, `sum` at f.rs:12"));
        let position = Position { number: 42, site: 7, is_inside: true };
        let inside = |text: &str| Report { position, place: position.describe(text), ..report(None, "") };
        assert_eq!(said(&inside("`max` at g.rs:3")), None);
        let other = "rank 1 is in another call: it is in call 42, `sum` at f.rs:12";
        assert_eq!(said(&inside("`sum` at f.rs:12")).as_deref(), Some(other));
    }
}
