//! Python literals, as the headers of `.npy` and `.dnpy` files have them and as programs print
//! them, to JSON.
//!
//! ```
//! let header = dap_formats::python::parse(b"{'size': np.int64(3), 'padding': (1, 2), 'periodic': True}", 0)?;
//! assert_eq!(header.to_json(), "{\n  \"size\": 3,\n  \"padding\": [1, 2],\n  \"periodic\": true\n}\n");
//! # Ok::<(), String>(())
//! ```
//!
//! Besides what Python's `ast.literal_eval` reads, these headers hold what `repr` makes of NumPy's
//! numbers and arrays: `np.int64(3)`, `np.True_`, `array([1, 2])`, and, from Python 2, `3L` and
//! `u'b'`. (The crate `py_literal` reads literals only.)
//!
//! [`sequence`] reads text that programs printed: values one after another, and beside literals
//! what `repr` makes of item types, slices and constants, and JSON's words.

use std::fmt::Write as _;

/// Deeper nesting is refused: a header needs four levels.
const MAX_DEPTH: usize = 64;

/// A value. Lists and tuples are the same here, as in JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// As JSON writes it.
    Number(String),
    /// A string.
    Text(String),
    /// A list, a tuple, an array.
    List(Vec<Literal>),
    /// A dictionary with strings as keys, in the order written.
    Dict(Vec<(String, Literal)>),
}

/// Reads a literal with white space around it; `at` is where the text begins in its file, for
/// messages.
///
/// # Errors
/// It is none: why, and at which byte.
pub fn parse(text: &[u8], at: u64) -> Result<Literal, String> {
    // ASCII, mostly. NumPy's older headers are Latin-1, the newest UTF-8.
    let decoded = String::from_utf8(text.to_vec()).unwrap_or_else(|_| text.iter().map(|byte| *byte as char).collect());
    let mut parser = Parser { text: &decoded, at: 0, depth: 0, printed: false };
    let outcome = parser.value().and_then(|value| match parser.peek() {
        None => Ok(value),
        Some(_) => Err("something after the end".into()),
    });
    outcome.map_err(|problem| format!("{problem} at byte {}", at + parser.at as u64))
}

/// A text that is no sequence of values: why, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The end of a sentence.
    pub problem: String,
    /// A byte of the text.
    pub at: usize,
}

/// Reads values that a program printed one after another, with white space or a comma between them.
///
/// Beside literals it accepts JSON's `true`, `false`, `null` and `NaN`, keys that are numbers or
/// tuples, and names and calls such as `torch.float32`, `dtype('<f8')` and `<class 'float'>`, which
/// become the text that they are. NaN and infinities are `None`.
///
/// ```
/// use dap_formats::python::sequence;
/// let ranks = sequence("{'shape': (2, np.int64(5)), 'dtype': dtype('float32')}\n{'shape': [3, 5,]}")?;
/// assert_eq!(ranks[0].to_json(), "{\n  \"shape\": [2, 5],\n  \"dtype\": \"dtype('float32')\"\n}\n");
/// assert_eq!(ranks.len(), 2);
/// # Ok::<(), dap_formats::python::Mistake>(())
/// ```
///
/// # Errors
/// Something in the text is no value.
pub fn sequence(text: &str) -> Result<Vec<Literal>, Mistake> {
    let mut parser = Parser { text, at: 0, depth: 0, printed: true };
    let mut values = Vec::new();
    while parser.peek().is_some() {
        match parser.value() {
            Ok(value) => values.push(value),
            Err(problem) => return Err(Mistake { problem: problem.into(), at: parser.at }),
        }
        parser.take(',');
    }
    Ok(values)
}

type Parsed<T> = Result<T, Box<str>>;

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// Names, calls and JSON's words are values as well.
    printed: bool,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character that is no white space.
    fn peek(&mut self) -> Option<char> {
        let rest = self.rest().trim_start_matches([' ', '\t', '\n', '\r', '\x0c']);
        self.at = self.text.len() - rest.len();
        rest.chars().next()
    }

    fn take(&mut self, letter: char) -> bool {
        let there = self.peek() == Some(letter);
        self.at += if there { letter.len_utf8() } else { 0 };
        there
    }

    fn expect(&mut self, letter: char) -> Parsed<()> {
        if self.take(letter) { Ok(()) } else { Err(format!("a `{letter}` was expected").into()) }
    }

    fn value(&mut self) -> Parsed<Literal> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("values are nested too deep".into());
        }
        let value = match self.peek().ok_or("a value was expected")? {
            '{' => self.dict(),
            '[' => Ok(Literal::List(self.items('[', ']')?.0)),
            '(' => {
                let (mut items, comma) = self.items('(', ')')?;
                Ok(if items.len() == 1 && !comma { items.remove(0) } else { Literal::List(items) })
            }
            '\'' | '"' => self.string(false).map(Literal::Text),
            '-' | '+' | '.' | '0'..='9' => self.number(),
            '<' if self.printed => self.angled(),
            letter if letter.is_ascii_alphabetic() || letter == '_' => self.named(),
            _ => Err("a value was expected".into()),
        }?;
        self.depth -= 1;
        Ok(value)
    }

    fn dict(&mut self) -> Parsed<Literal> {
        let mut members = Vec::new();
        self.expect('{')?;
        while !self.take('}') {
            let begin = self.at;
            let key = match self.value()? {
                Literal::Text(key) => key,
                Literal::Number(_) | Literal::List(_) if self.printed => self.text[begin..self.at].to_owned(),
                _ => {
                    self.at = begin;
                    return Err("a key that is no string".into());
                }
            };
            self.expect(':')?;
            members.push((key, self.value()?));
            if !self.take(',') {
                self.expect('}')?;
                break;
            }
        }
        Ok(Literal::Dict(members))
    }

    /// The items of a list or tuple, and whether a comma was the last thing in it.
    fn items(&mut self, open: char, close: char) -> Parsed<(Vec<Literal>, bool)> {
        let (mut items, mut comma) = (Vec::new(), false);
        self.expect(open)?;
        while !self.take(close) {
            if self.rest().starts_with("...") {
                return Err("NumPy left out the middle of a long array: its items are lost".into());
            }
            items.push(self.value()?);
            comma = self.take(',');
            if !comma {
                self.expect(close)?;
                break;
            }
        }
        Ok((items, comma))
    }

    fn string(&mut self, raw: bool) -> Parsed<String> {
        let quote = self.peek().ok_or("a string was expected")?;
        let mut text = String::new();
        let mut letters = self.rest().char_indices();
        letters.next();
        while let Some((at, letter)) = letters.next() {
            if letter == quote {
                self.at += at + quote.len_utf8();
                return Ok(text);
            }
            if letter != '\\' || raw {
                text.push(letter);
                continue;
            }
            let Some((_, escaped)) = letters.next() else { break };
            let mut digits = |count: usize| -> Parsed<char> {
                let digits: String = letters.by_ref().take(count).map(|(_, digit)| digit).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == count);
                code.and_then(char::from_u32).ok_or_else(|| "no such character".into())
            };
            match escaped {
                '\n' => {}
                '\\' | '\'' | '"' => text.push(escaped),
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                'a' => text.push('\x07'),
                'b' => text.push('\x08'),
                'f' => text.push('\x0c'),
                'v' => text.push('\x0b'),
                'x' => text.push(digits(2)?),
                'u' => text.push(digits(4)?),
                'U' => text.push(digits(8)?),
                '0'..='7' | 'N' => return Err("a string with an escape that `repr` does not write".into()),
                other => text.extend(['\\', other]),
            }
        }
        Err("a string without an end".into())
    }

    fn number(&mut self) -> Parsed<Literal> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(rest.len());
        let text = rest[..end].trim_start_matches('+');
        let text = text.strip_suffix(['l', 'L']).unwrap_or(text);
        // `1.` and `.5` are Python's, too.
        let mut json = text.to_owned();
        if let Some(dot) = json.find('.') {
            if !json[dot + 1..].starts_with(|c: char| c.is_ascii_digit()) {
                json.insert(dot + 1, '0');
            }
            if !json[..dot].ends_with(|c: char| c.is_ascii_digit()) {
                json.insert(dot, '0');
            }
        }
        if serde_json::from_str::<serde::de::IgnoredAny>(&json).is_err() {
            return Err("this is not a number".into());
        }
        self.at += end;
        Ok(Literal::Number(json))
    }

    /// `<class 'float'>` and other objects that `repr` puts in angles, as their text.
    fn angled(&mut self) -> Parsed<Literal> {
        let rest = self.rest();
        let line = rest.find('\n').unwrap_or(rest.len());
        let end = rest[..line].find('>').ok_or("a `<` without its `>`")? + 1;
        self.at += end;
        Ok(Literal::Text(rest[..end].to_owned()))
    }

    /// A constant, a string with a prefix, or a name before a parenthesis, as of a call.
    fn named(&mut self) -> Parsed<Literal> {
        let begin = self.at;
        let name = self.name();
        let last = name.rsplit('.').next().unwrap_or_default();
        match self.peek() {
            Some('(') => {
                let value = self.call(last, begin);
                if value.as_ref().is_err_and(|problem| problem.contains("does not say")) {
                    self.at = begin;
                }
                return value;
            }
            Some('\'' | '"') if matches!(name, "u" | "U") => return self.string(false).map(Literal::Text),
            Some('\'' | '"') if matches!(name, "r" | "R") => return self.string(true).map(Literal::Text),
            _ => {}
        }
        Ok(match last {
            "True" | "True_" => Literal::Bool(true),
            "False" | "False_" => Literal::Bool(false),
            "None" => Literal::None,
            "true" if self.printed => Literal::Bool(true),
            "false" if self.printed => Literal::Bool(false),
            "null" | "nan" | "NaN" | "inf" | "Infinity" if self.printed => Literal::None,
            _ if self.printed && name.contains('.') => Literal::Text(name.to_owned()),
            _ => {
                self.at = begin;
                let name: String = name.chars().take(40).collect();
                return Err(format!("`{name}` is no literal").into());
            }
        })
    }

    fn name(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_.".contains(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// `int64(3)`, `array([1, 2], dtype=int32)`: the first argument is the value. The name of the
    /// call began at `begin`.
    fn call(&mut self, name: &str, begin: usize) -> Parsed<Literal> {
        const NUMBERS: [&str; 14] = [
            "int", "uint", "float", "bool", "str", "long", "ulong", "half", "double", "single", "short", "ushort",
            "byte", "ubyte",
        ];
        const LISTS: [&str; 8] = ["array", "Array", "asarray", "tensor", "Tensor", "Size", "tuple", "list"];
        let number = NUMBERS.iter().any(|begin| name.starts_with(begin));
        match name {
            "slice" => return self.slice(),
            "zeros" | "ones" | "empty" => return self.filled(name),
            _ if number || LISTS.contains(&name) => {}
            _ if self.printed => {
                self.arguments()?;
                return Ok(Literal::Text(self.text[begin..self.at].to_owned()));
            }
            _ => {
                let name: String = name.chars().take(40).collect();
                return Err(format!("`{name}(...)` does not say what it is").into());
            }
        }
        self.expect('(')?;
        let value = self.value()?;
        self.further_arguments()?;
        Ok(value)
    }

    /// `slice(0, 4, None)`: its ends, and its step where it has one.
    fn slice(&mut self) -> Parsed<Literal> {
        let (mut ends, _) = self.items('(', ')')?;
        if ends.len() == 1 {
            ends.insert(0, Literal::None);
        }
        if ends.len() == 3 && ends[2] == Literal::None {
            ends.pop();
        }
        Ok(Literal::List(ends))
    }

    /// `zeros(0, numpy.float64)`: an array without items. Items that the text does not list are not
    /// made up.
    fn filled(&mut self, name: &str) -> Parsed<Literal> {
        let is_zero = |value: &Literal| matches!(value, Literal::Number(number) if number == "0");
        let begin = self.at;
        self.expect('(')?;
        let shape = self.value()?;
        self.further_arguments()?;
        match &shape {
            Literal::List(extents) if extents.iter().any(is_zero) => {}
            shape if is_zero(shape) => {}
            _ => {
                self.at = begin;
                return Err(format!("`{name}(...)` lists no items: write them out, as in `[0, 0]`").into());
            }
        }
        Ok(Literal::List(Vec::new()))
    }

    /// All that stands between the parentheses of a call.
    fn arguments(&mut self) -> Parsed<()> {
        self.expect('(')?;
        if self.take(')') {
            return Ok(());
        }
        self.argument()?;
        self.further_arguments()
    }

    /// The arguments behind the first one, which do not matter, and the closing parenthesis.
    fn further_arguments(&mut self) -> Parsed<()> {
        while self.take(',') {
            if self.peek() == Some(')') {
                break;
            }
            self.argument()?;
        }
        self.expect(')')
    }

    /// An argument, with its name or without: a name, a call, or any literal.
    fn argument(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("values are nested too deep".into());
        }
        if self.peek().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_') {
            self.name();
            match self.peek() {
                Some('(') => self.arguments()?,
                Some('=') => {
                    self.expect('=')?;
                    self.argument()?;
                }
                Some('\'' | '"') => drop(self.string(false)?),
                _ => {}
            }
        } else {
            self.value()?;
        }
        self.depth -= 1;
        Ok(())
    }
}

impl Literal {
    /// The value as JSON, with a line for each key and for each dictionary, and lists of numbers on
    /// one line, so that a message about one key can show its line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out.push('\n');
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        match self {
            Self::None => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => out.push_str(number),
            Self::Text(text) => out.push_str(&serde_json::Value::from(text.as_str()).to_string()),
            Self::Dict(members) => {
                let lines = !members.is_empty();
                write_all(out, ['{', '}'], lines, depth, members, |(key, value), out| {
                    let _ = write!(out, "{}: ", serde_json::Value::from(key.as_str()));
                    value.write(out, depth + 1);
                });
            }
            Self::List(items) => {
                let lines = items.iter().any(|item| matches!(item, Self::Dict(_)));
                write_all(out, ['[', ']'], lines, depth, items, |item, out| item.write(out, depth + 1));
            }
        }
    }
}

fn write_all<T>(
    out: &mut String,
    [open, close]: [char; 2],
    lines: bool,
    depth: usize,
    items: &[T],
    write: impl Fn(&T, &mut String),
) {
    let line = |out: &mut String, depth: usize| {
        if lines {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        }
    };
    out.push(open);
    for (at, item) in items.iter().enumerate() {
        match (at, lines) {
            (0, _) => {}
            (_, true) => out.push(','),
            (_, false) => out.push_str(", "),
        }
        line(out, depth + 1);
        write(item, out);
    }
    line(out, depth);
    out.push(close);
}

#[cfg(test)]
mod tests;
