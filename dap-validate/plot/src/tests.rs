//! Pictures read back: well-formed, the same every time, small, and right element by element.

mod oracle;
mod wrong;

use dap_core::check::{Checker, Profile, Ranks, Report};
use dap_core::dim::{Block, Cyclic, Dim, Unstructured};
use dap_core::index::Rank;
use dap_core::layout::Layout;
use roxmltree::{Document, Node};

use super::*;

/// Checks texts, one a rank.
fn check(texts: &[String]) -> Report {
    let mut checker = Checker::new(Profile::Auto);
    for (rank, text) in (0..).map(Rank).zip(texts) {
        let local = checker.local(&dap_core::json::read(text.as_bytes()));
        checker.push(Some(rank), local);
    }
    checker.finish(Ranks::All)
}

/// Left, top, right and lower edges of a path that consists of rectangles.
fn rectangles(path: &str) -> Vec<[i64; 4]> {
    let one = |part: &str| {
        let numbers: Vec<i64> =
            part.split(['h', 'v', ' ', 'z', 'M']).filter_map(|number| number.parse().ok()).collect();
        [numbers[0], numbers[1], numbers[0] + numbers[2], numbers[1] + numbers[3]]
    };
    path.split('z').filter(|part| !part.is_empty()).map(one).collect()
}

fn contains(rects: &[[i64; 4]], x: i64, y: i64) -> bool {
    rects.iter().any(|[left, top, right, bottom]| (*left..*right).contains(&x) && (*top..*bottom).contains(&y))
}

/// The view of the whole array in the form in which a program reads it.
struct Global<'a> {
    group: Node<'a, 'a>,
    at: [i64; 4],
}

impl<'a> Global<'a> {
    fn of(document: &'a Document<'a>) -> Option<Self> {
        let group = document.descendants().find(|node| node.attribute("class") == Some("global"))?;
        let numbers: Vec<i64> =
            group.attribute("data-box")?.split(',').filter_map(|number| number.parse().ok()).collect();
        Some(Self { group, at: numbers.try_into().ok()? })
    }

    /// The pixel in the middle of an element, given its position and the extent of each dimension.
    fn middle(&self, [row, rows]: [usize; 2], [column, columns]: [usize; 2]) -> (i64, i64) {
        let [x, y, width, height] = self.at;
        let along = |pixels: i64, at: usize, all: usize| pixels * (2 * at as i64 + 1) / (2 * all as i64);
        (x + along(width, column, columns), y + along(height, row, rows))
    }

    /// The areas that carry an attribute: its value and their rectangles.
    fn areas(&self, attribute: &str) -> Vec<(String, Vec<[i64; 4]>)> {
        let paths = self
            .group
            .children()
            .filter_map(|node| Some((node.attribute(attribute)?.to_owned(), rectangles(node.attribute("d")?))));
        paths.collect()
    }
}

fn layout(dims: impl IntoIterator<Item = Dim>) -> Layout {
    Layout::new(dims.into_iter().collect()).expect("valid")
}

/// The numbers of elements and rectangles in the picture of a layout.
fn draw(layout: &Layout) -> (usize, usize) {
    let text = svg(&layout.into(), &PlotOptions::default()).expect("no slice");
    assert_eq!(text, svg(&layout.into(), &PlotOptions::default()).expect("no slice"), "the same every time");
    let document = Document::parse(&text).expect("well-formed");
    let elements = document.descendants().filter(Node::is_element).count();
    let rects =
        document.descendants().filter_map(|node| node.attribute("d")).map(|path| path.matches('M').count()).sum();
    (elements, rects)
}

#[test]
fn millions_of_ranks_stay_small() {
    let million = 1_000_000;
    let bounds: Vec<i64> = (0..=million).map(|rank| rank * 3 + rank % 2).collect();
    let lists: Vec<Vec<i64>> = (0..1000).map(|rank| (0..1000).map(|k| k * 1000 + rank).collect()).collect();
    let layouts = [
        layout([Block::new(10 * million, million).expect("valid").with_halo(1).expect("fits").into()]),
        layout([Block::from_bounds(bounds).expect("valid").into()]),
        layout([Cyclic::new(i64::MAX, million, 1).expect("valid").into()]),
        layout([Cyclic::new(million, million, 1).expect("valid").into()]),
        layout([Block::new(million, 1000).expect("valid").into(), Block::new(million, 1000).expect("valid").into()]),
        layout([
            Cyclic::new(1 << 31, 1000, 5).expect("valid").into(),
            Cyclic::new(1 << 31, 1000, 3).expect("valid").into(),
        ]),
        layout([Block::new(1 << 40, 1 << 30).expect("valid").into(), Block::new(3, 3).expect("valid").into()]),
        layout([
            Unstructured::new(million, true, &lists).expect("valid").into(),
            Block::new(1000, 100).expect("valid").into(),
        ]),
    ];
    for layout in layouts {
        let (elements, rects) = draw(&layout);
        assert!(elements < 20_000 && rects < 40_000, "{layout:?}: {elements} elements, {rects} rectangles");
    }
}

#[test]
fn a_point_and_nothing_are_drawn() {
    let point = svg(&(&layout([])).into(), &PlotOptions::default()).expect("no slice");
    assert!(point.contains("data-rank=\"0\""), "{point}");
    let nothing = layout([Block::new(0, 2).expect("valid").into(), Block::new(4, 2).expect("valid").into()]);
    let nothing = svg(&(&nothing).into(), &PlotOptions::default()).expect("no slice");
    assert!(nothing.contains("The array has no elements.") && !nothing.contains("data-rank"), "{nothing}");
}

#[test]
fn slices_are_checked() {
    let cube = layout([2, 3, 4].map(|size| Block::new(size, 2).expect("valid").into()));
    let sliced = |slice: &str| {
        let options = PlotOptions { slice: Some(slice.parse().expect("a slice")), ..PlotOptions::default() };
        svg(&(&cube).into(), &options)
    };
    assert!(sliced(":,2,:").expect("there").contains("slice [:, 2, :]"));
    assert_eq!(sliced(":,3,:"), Err(PlotError::NoSuchIndex { dim: 1, index: 3 }));
    assert_eq!(sliced(":,-1,:"), Err(PlotError::NoSuchIndex { dim: 1, index: -1 }));
    assert_eq!(sliced(":,:"), Err(PlotError::SliceLength { parts: 2, ndim: 3 }));
    assert!("1,2,3".parse::<Slice>().is_err() && ":,:,:".parse::<Slice>().is_err());
}

#[test]
fn names_cannot_break_the_document() {
    let title = Some("<b>&\"'\u{0}\u{1b}]]>\u{202e}".to_owned());
    let text = svg(&(&layout([])).into(), &PlotOptions { title, ..PlotOptions::default() }).expect("no slice");
    assert!(Document::parse(&text).is_ok(), "{text}");
}

#[cfg(feature = "png")]
#[test]
fn pictures_are_painted() {
    let layout = layout([Block::new(8, 2).expect("valid").with_halo(1).expect("fits").into()]);
    let subject = Subject::from(&layout);
    let bytes = png(&subject, &PlotOptions::default()).expect("small");
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert_eq!(bytes, png(&subject, &PlotOptions::default()).expect("small"), "the same every time");
    let picture = tiny_skia::Pixmap::decode_png(&bytes).expect("a PNG");
    assert_eq!(picture.width(), 2 * PlotOptions::default().width);
    // The letters of the heading: without a font the picture would be blank.
    let dark = (0..100).flat_map(|y| (0..600).map(move |x| (x, y)));
    let dark = dark.filter(|(x, y)| picture.pixel(*x, *y).is_some_and(|pixel| pixel.red() < 0x60)).count();
    assert!(dark > 500, "{dark}");
}
