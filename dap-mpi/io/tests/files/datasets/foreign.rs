//! Files that h5py has made.

use dap_array::{Context, ErrorKind};
use dap_array_testing::{placements_of, ranks_of};
use dap_core::algebra::Placement;
use dap_io::hdf5::{self, Attribute, Dataset};
use dap_launch::values;

use crate::folder::Shared;
use crate::mistakes;
use crate::oracle::check;

pub(crate) fn load(context: &Context, shared: &Shared) {
    let folder = shared.root.join("h5py");
    if !folder.exists() {
        // The launcher has said so.
        return;
    }
    let ranks = ranks_of(context);
    let names = Shared::names(&folder);
    let datasets: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix(".note")).collect();
    assert!(datasets.len() > 40, "{datasets:?}");
    for (number, note) in datasets.into_iter().enumerate() {
        let text = std::fs::read(folder.join(format!("{note}.note"))).expect("a note");
        let said: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        let (file, name) = (said["file"].as_str().expect("a file"), said["name"].as_str().expect("a name"));
        let path = folder.join(file);
        let what = format!("{file}: {name}");
        let dataset = Dataset::open(context, &path, name);
        if let Some(words) = said["error"].as_str() {
            mistakes::check(context, &dataset.expect_err(&what), ErrorKind::File, words);
            continue;
        }
        let dataset = dataset.unwrap_or_else(|error| panic!("{what}: {error}")).native();
        let whole = std::fs::read(folder.join(format!("{note}.bin"))).expect("the data");
        let shape: Vec<i64> = serde_json::from_value(said["shape"].clone()).expect("a shape");
        assert_eq!(dataset.shape(), shape, "{what}");
        if !dataset.shape().is_empty() {
            let same = hdf5::load(context, &path, name).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(same.shape(), shape, "{what}");
        }
        for to in values(placements_of(shape.clone(), ranks), 2, number as u8) {
            let to: Placement = to;
            check(&dataset.load(&to).unwrap_or_else(|error| panic!("{what} -> {to}: {error}")), &whole, &what);
        }
    }
    let dataset = Dataset::open(context, folder.join("attributes.h5"), "x").expect("a dataset");
    let text = |text: &str| Attribute::Text(text.to_owned());
    let expected = [
        ("ascii", text("short")),
        ("big", Attribute::Integer(-7)),
        ("bytes", text("fixed")),
        ("float", Attribute::Float(1.5)),
        ("floats", Attribute::Floats(vec![1.0, -2.5])),
        ("integers", Attribute::Integers(vec![1, 2, 3])),
        ("single", Attribute::Float(0.25)),
        ("unicode", text("grün")),
    ];
    assert_eq!(dataset.attributes(), expected.map(|(name, value)| (name.to_owned(), value)));
}
