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
        ("array([1], dtype=dtype([('x', '<f8')], align=True))", "[1]"),
        ("array([], shape=(0, 3), dtype=int64)", "[]"),
        ("zeros(0, numpy.float64)", "[]"),
        ("np.zeros((0,), 'l')", "[]"),
        ("numpy.empty((4, 0), dtype=np.int64)", "[]"),
        ("torch.Size([3, 4])", "[3, 4]"),
        ("tensor([3, 4], device='cuda:0')", "[3, 4]"),
        ("np.double(1.5)", "1.5"),
        (
            "(slice(0, 4, None), slice(None, None, None), slice(3), slice(0, 8, 2))",
            "[[0, 4], [null, null], [null, 3], [0, 8, 2]]",
        ),
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
        ("[zeros(3, float)]", "`zeros(...)` lists no items: write them out, as in `[0, 0]` at byte 6"),
        ("ones((1000000000000, 1))", "`ones(...)` lists no items: write them out, as in `[0, 0]` at byte 4"),
        ("array([0, 1, ..., 9])", "NumPy left out the middle of a long array: its items are lost at byte 13"),
    ] {
        assert_eq!(json(text), expected, "{text}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    for open in ["[", "(", "{'a':", "array([", "int(", "array(1, x=(", "array(1, f(", "array(1, x=", "slice(", "zeros("]
    {
        let problem = json(&open.repeat(100_000));
        assert!(problem.starts_with("values are nested too deep"), "{open}: {problem}");
        let problem = sequence(&open.repeat(100_000)).unwrap_err().problem;
        assert!(problem.starts_with("values are nested too deep"), "{open}: {problem}");
    }
    assert!(sequence(&"f(".repeat(100_000)).unwrap_err().problem.starts_with("values are nested too deep"));
}

fn printed(text: &str) -> Vec<String> {
    let one = |value: &Literal| value.to_json().replace("\n  ", " ").replace('\n', " ").trim_end().to_owned();
    sequence(text).map_or_else(
        |mistake| vec![format!("{} at {}", mistake.problem, mistake.at)],
        |values| values.iter().map(one).collect(),
    )
}

#[test]
fn values_one_after_another() {
    assert_eq!(printed("[1]\n[2] (3,)[4]"), ["[1]", "[2]", "[3]", "[4]"]);
    assert_eq!(printed("[1],\n[2],\n"), ["[1]", "[2]"]);
    assert_eq!(printed(" \n"), Vec::<String>::new());
    assert_eq!(printed("[1]\n[2"), ["a `]` was expected at 6"]);
    assert_eq!(printed("[1],,[2]"), ["a value was expected at 4"]);
}

#[test]
fn what_programs_print() {
    for (text, expected) in [
        ("[true, false, null, NaN, Infinity, nan, np.nan, -1]", "[true, false, null, null, null, null, null, -1]"),
        (
            "[torch.float32, dtype('<f8'), <class 'numpy.float64'>]",
            r#"["torch.float32", "dtype('<f8')", "<class 'numpy.float64'>"]"#,
        ),
        (
            "[device(type='cpu'), P('x', None), Mesh(f(1), shape=(2,)), f()]",
            r#"["device(type='cpu')", "P('x', None)", "Mesh(f(1), shape=(2,))", "f()"]"#,
        ),
        ("{(0, 1): 2, 3: 4}", r#"{ "(0, 1)": 2, "3": 4 }"#),
        ("[float32]", "`float32` is no literal at 1"),
        ("{None: 1}", "a key that is no string at 1"),
        ("[<class 'x'\n>]", "a `<` without its `>` at 1"),
    ] {
        assert_eq!(printed(text), [expected], "{text}");
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
