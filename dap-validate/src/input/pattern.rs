//! Exports by a pattern of their names, `run/{array}.{rank}.json`: the files of one array or of
//! several in a folder.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use super::error::{InputError, InputErrorKind};
use super::files::Files;
use super::gather::all_ranks;
use super::names::FileFormat;
use super::options::InputOptions;
use super::problem::no_export;
use super::set::{InputSet, SetSource};

const RANK: &[u8] = b"{rank}";
const ARRAY: &[u8] = b"{array}";

/// The names of exports, with `{rank}` in the place of a rank's digits and perhaps `{array}` in the
/// place of an array's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern(PathBuf);

/// A path that fits a part of the pattern, with the values of its placeholders.
#[derive(Debug, Clone, Default)]
struct Fitting {
    path: PathBuf,
    rank: Option<i64>,
    array: OsString,
}

impl NamePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// It has no `{rank}`, or a placeholder twice; the error is a sentence.
    pub fn parse(text: &OsStr) -> Result<Self, String> {
        let count = |word: &[u8]| text.as_bytes().windows(word.len()).filter(|bytes| *bytes == word).count();
        if count(RANK) != 1 {
            return Err("write {rank} once, in the place of the rank's number: 'run/field.{rank}.json'".to_owned());
        }
        if count(ARRAY) > 1 {
            return Err("write {array} once, in the place of the array's name: 'run/{array}.{rank}.json'".to_owned());
        }
        Ok(Self(PathBuf::from(text)))
    }

    /// Adds a set for each array whose files fit the pattern, in order of their names. It claims to
    /// hold all ranks. Files that do not fit are ignored.
    ///
    /// # Errors
    /// A directory that cannot be listed.
    pub fn gather(&self, options: InputOptions, sets: &mut Vec<InputSet>) -> Result<(), InputError> {
        let mut found = vec![Fitting::default()];
        for component in self.0.components() {
            found = match component {
                Component::Normal(template) if has_placeholder(template) => {
                    let mut longer = Vec::new();
                    for fitting in found {
                        fitting.list(template, &mut longer)?;
                    }
                    longer
                }
                other => {
                    found.iter_mut().for_each(|fitting| fitting.path.push(other));
                    found
                }
            };
        }
        let mut arrays: BTreeMap<OsString, Vec<(i64, PathBuf)>> = BTreeMap::new();
        for fitting in found.into_iter().filter(|fitting| fitting.path.is_file()) {
            let Some(rank) = fitting.rank else { continue };
            arrays.entry(fitting.array).or_default().push((rank, fitting.path));
        }
        if arrays.is_empty() {
            let nothing = SetSource::Nothing(no_export("the pattern"));
            sets.push(all_ranks(self.0.display().to_string(), nothing, options));
        }
        for (array, mut files) in arrays {
            files.sort_unstable();
            let is_dnpy = files.first().is_some_and(|(_, path)| path.extension().is_some_and(|it| it == "dnpy"));
            let format = if is_dnpy { FileFormat::Dnpy } else { FileFormat::Json };
            let files = Files::numbered(files, format, options);
            sets.push(all_ranks(self.named(&array), SetSource::Files(files), options));
        }
        Ok(())
    }

    /// The pattern with the name of an array.
    fn named(&self, array: &OsStr) -> String {
        self.0.display().to_string().replace("{array}", &array.to_string_lossy())
    }
}

fn has_placeholder(template: &OsStr) -> bool {
    [RANK, ARRAY].iter().any(|word| template.as_bytes().windows(word.len()).any(|bytes| bytes == *word))
}

impl Fitting {
    /// Adds the entries of the folder that fit a template.
    fn list(&self, template: &OsStr, longer: &mut Vec<Self>) -> Result<(), InputError> {
        let folder = if self.path.as_os_str().is_empty() { Path::new(".") } else { &self.path };
        if !folder.is_dir() && self.rank.is_some() | !self.array.is_empty() {
            return Ok(());
        }
        let failed = |error| InputError::new(folder, InputErrorKind::Listing(error));
        for entry in folder.read_dir().map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            if let Some((rank, array)) = fit(template.as_bytes(), name.as_bytes()) {
                let array = array.map(|array| OsString::from_vec(array.to_vec()));
                longer.push(Self {
                    path: self.path.join(&name),
                    rank: rank.or(self.rank),
                    array: array.unwrap_or_else(|| self.array.clone()),
                });
            }
        }
        Ok(())
    }
}

/// The values of the placeholders in a name that fits a template: the rank has all the digits that
/// stand there, the name of an array does not begin with a dot.
fn fit<'n>(template: &[u8], name: &'n [u8]) -> Option<(Option<i64>, Option<&'n [u8]>)> {
    let rest = template.strip_prefix(RANK);
    if let Some(rest) = rest {
        let digits = name.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let rank: i64 = std::str::from_utf8(&name[..digits]).ok()?.parse().ok()?;
        let (other, array) = fit(rest, &name[digits..])?;
        // A set of ranks needs the number behind the last one.
        return (other.is_none() && rank < i64::MAX).then_some((Some(rank), array));
    }
    if let Some(rest) = template.strip_prefix(ARRAY) {
        if name.starts_with(b".") {
            return None;
        }
        let split = |length: &usize| fit(rest, &name[*length..]).map(|(rank, _)| (rank, Some(&name[..*length])));
        // The longest name: digits before `{rank}` belong to the rank, unless a template says
        // otherwise.
        let all = (1..=name.len()).rev();
        let is_whole_rank = |length: &usize| !rest.starts_with(RANK) || !name[length - 1].is_ascii_digit();
        return all.filter(is_whole_rank).find_map(|length| split(&length));
    }
    match (template.split_first(), name.split_first()) {
        (None, None) => Some((None, None)),
        (Some((one, template)), Some((other, name))) if one == other => fit(template, name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_fit() {
        let found = |template: &str, name: &'static str| {
            fit(template.as_bytes(), name.as_bytes()).map(|(rank, array)| (rank, array.map(String::from_utf8_lossy)))
        };
        let array = |name: &'static str| Some(name.into());
        assert_eq!(found("field.{rank}.json", "field.007.json"), Some((Some(7), None)));
        assert_eq!(found("field.{rank}.json", "field.007.json.gz"), None);
        assert_eq!(found("field.{rank}.json", "field.x.json"), None);
        assert_eq!(found("field.{rank}.json", "field.-1.json"), None);
        assert_eq!(found("{array}.{rank}.json", "u.v.3.json"), Some((Some(3), array("u.v"))));
        assert_eq!(found("{array}{rank}.json", "u12.json"), Some((Some(12), array("u"))));
        assert_eq!(found("{array}.{rank}.json", ".u.3.json"), None);
        assert_eq!(found("{rank}-{array}", "3-u"), Some((Some(3), array("u"))));
        assert_eq!(found("{rank}", "99999999999999999999"), None);
        for (text, is_good) in
            [("a{rank}", true), ("a", false), ("{rank}{rank}", false), ("{array}{array}{rank}", false)]
        {
            assert_eq!(NamePattern::parse(OsStr::new(text)).is_ok(), is_good, "{text}");
        }
    }
}
