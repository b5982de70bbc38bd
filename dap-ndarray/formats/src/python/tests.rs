use super::*;

fn json(text: &str) -> String {
    parse(text.as_bytes(), 0).map_or_else(|problem| problem, |value| value.to_json().trim_end().to_owned())
}

#[test]
fn literals() {
    for (text, expected) in [
        ("'a'", r#""a""#),
        (r#""it's""#, r#""it's""#),
        (r"'\x41\u00e9\U0001f600\n\'\q'", r#""Aé😀\n'\\q""#),
        ("u'b'", r#""b""#),
        (r"r'\n'", r#""\\n""#),
        (" [1, -2, +3, 4L, 5.5, 1e-3, 6., .5]", "[1, -2, 3, 4, 5.5, 1e-3, 6.0, 0.5]"),
        ("(1, (2,), (3), ())", "[1, [2], 3, []]"),
        ("(True, False, None,)", "[true, false, null]"),
        ("{}", "{}"),
        ("99999999999999999999", "99999999999999999999"),
    ] {
        assert_eq!(json(text), expected, "{text}");
    }
}

#[test]
fn what_repr_makes_of_numpy() {
    for (text, expected) in [
        ("np.int64(3)", "3"),
        ("numpy.uint8(255)", "255"),
        ("np.float64(1.5)", "1.5"),
        ("[np.True_, np.False_, np.bool_(True)]", "[true, false, true]"),
        ("np.str_('b')", r#""b""#),
        ("array([1, 2])", "[1, 2]"),
        ("np.array([1,\n       2], dtype=int32)", "[1, 2]"),
        ("array([], dtype=int64)", "[]"),
        ("array([1], dtype='<i8')", "[1]"),
        ("array([1], dtype=np.dtype('int64'))", "[1]"),
        ("array([1, 2], dtype=dtype('int64'))", "[1, 2]"),
    ] {
        let found = json(text);
        assert!(found == expected, "{text}: {found}");
    }
}

#[test]
fn mistakes_have_a_place() {
    for (text, expected) in [
        ("", "a value was expected at byte 0"),
        ("[1, 2", "a `]` was expected at byte 5"),
        ("{'a' 1}", "a `:` was expected at byte 5"),
        ("{1: 2}", "a key that is no string at byte 1"),
        ("'abc", "a string without an end at byte 0"),
        ("1 2", "something after the end at byte 2"),
        ("[1+2j]", "this is not a number at byte 1"),
        ("[nan]", "`nan` is no literal at byte 1"),
        ("b'x'", "`b` is no literal at byte 0"),
        ("<memory at 0x7f>", "a value was expected at byte 0"),
        ("os.system('ls')", "`system(...)` does not say what it is at byte 0"),
        ("array([0, 1, ..., 9])", "NumPy left out the middle of a long array: its items are lost at byte 13"),
    ] {
        assert_eq!(json(text), expected, "{text}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    for open in ["[", "(", "{'a':", "array([", "int(", "array(1, x=("] {
        let problem = json(&open.repeat(100_000));
        assert!(problem.starts_with("values are nested too deep"), "{open}: {problem}");
    }
}

#[test]
fn json_is_laid_out_for_messages() {
    let text = json("{'v': '1', 'd': ({'a': 1, 'b': (1, 2)}, {})}");
    assert_eq!(
        text,
        r#"{
  "v": "1",
  "d": [
    {
      "a": 1,
      "b": [1, 2]
    },
    {}
  ]
}"#
    );
}
