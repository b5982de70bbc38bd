//! Indices on the command line, such as `3,4`.

/// One index for each dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexArg(pub Vec<i64>);

/// Reads one index for each dimension; parentheses are optional.
pub(super) fn indices(text: &str) -> Result<IndexArg, String> {
    let text = text.trim().trim_start_matches('(').trim_end_matches(')').trim_end_matches(',');
    if text.trim().is_empty() {
        return Ok(IndexArg(Vec::new()));
    }
    let one = |part: &str| {
        let part = part.trim();
        let is_whole = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().map_err(|_| match is_whole(part.strip_prefix(['-', '+']).unwrap_or(part)) {
            true => format!("`{part}` does not fit a signed 64-bit integer, as every index does"),
            false => format!("`{part}` is not an integer; write 3,4"),
        })
    };
    text.split(',').map(one).collect::<Result<_, _>>().map(IndexArg)
}
