//! The study of the guide's page "Scaling": the picture `spec/guide/scaling.svg` and the table of
//! the page, from the closed forms of the cost model.
//!
//! ```text
//! cargo run -p dap-core --example scaling > spec/guide/scaling.svg
//! cargo run -p dap-core --example scaling -- table
//! ```
//!
//! The test of this example fails where the picture or the table of the page is another one.

use std::fmt::Write;

use dap_core::cost_model::algorithms::{
    all_to_all, counted_splitters, fft, halo, sampled_splitters, sort, summa, summa_broadcast,
};
use dap_core::cost_model::{Machine, Time, duration};

/// The greatest power of 4 in the picture: 4^10 ranks.
const MOST: u32 = 10;

struct Study {
    name: &'static str,
    color: &'static str,
    /// Not what this project does, but the textbook's form of it.
    is_dashed: bool,
    time: fn(&Machine, i64) -> Time,
}

const STUDIES: [Study; 7] = [
    Study { name: "halo", color: "#009E73", is_dashed: false, time: sweep },
    Study { name: "transpose", color: "#56B4E9", is_dashed: false, time: transpose },
    Study { name: "FFT", color: "#0072B2", is_dashed: false, time: |machine, ranks| fft(machine, ranks, 4096, 16.0) },
    Study { name: "SUMMA", color: "#D55E00", is_dashed: false, time: product },
    Study {
        name: "SUMMA, broadcast",
        color: "#D55E00",
        is_dashed: true,
        time: |machine, ranks| summa_broadcast(machine, ranks, 262_144.0, 8.0, 64.0),
    },
    Study { name: "sort", color: "#CC79A7", is_dashed: false, time: counted },
    Study { name: "sort, sampled", color: "#CC79A7", is_dashed: true, time: sampled },
];

/// One step of a stencil on 4096^3 doubles: the faces, and the array read and written once.
fn sweep(machine: &Machine, ranks: i64) -> Time {
    // Powers of two, as even as can be.
    let bits = ranks.ilog2();
    let dims: Vec<(i64, f64)> = (0..3)
        .map(|dim| 1_i64 << ((bits + 2 - dim) / 3))
        .map(|processes| (processes, 4096.0 / processes as f64))
        .collect();
    let bytes = 16.0 * 4096_f64.powi(3) / ranks as f64 * ranks.min(machine.ranks_per_node()) as f64;
    halo(machine, &dims, 1.0, 8.0) + Time { memory: bytes / machine.memory_bandwidth(), ..Time::default() }
}

/// The transpose of 2^18 by 2^18 doubles.
fn transpose(machine: &Machine, ranks: i64) -> Time {
    all_to_all(machine, ranks, 8.0 * 262_144_f64.powi(2) / ranks as f64)
}

/// The product of matrices of 2^18 by 2^18 doubles, in panels of 56 MiB.
fn product(machine: &Machine, ranks: i64) -> Time {
    summa(machine, ranks, 262_144.0, 8.0, f64::from(56 << 20))
}

/// The sort of 2^36 doubles, with exact splitters.
fn counted(machine: &Machine, ranks: i64) -> Time {
    sort(machine, ranks, 2_f64.powi(36), 8.0) + counted_splitters(machine, ranks, 2_f64.powi(36))
}

/// The same, with splitters of 32 samples a rank.
fn sampled(machine: &Machine, ranks: i64) -> Time {
    sort(machine, ranks, 2_f64.powi(36), 8.0) + sampled_splitters(machine, ranks, 32.0, 8.0)
}

/// The table of the page.
fn table(machine: &Machine) -> String {
    let columns = [1_i64, 64, 1024, 16_384, 1_048_576];
    let mut text = String::from("| ranks |");
    for ranks in columns {
        let _ = write!(text, " {ranks} |");
    }
    text += "\n|---|---|---|---|---|---|\n";
    for study in &STUDIES {
        let _ = write!(text, "| {} |", study.name);
        for ranks in columns {
            let time = (study.time)(machine, ranks);
            let _ = write!(text, " {} {} |", duration(time.seconds()), time.limit());
        }
        text.push('\n');
    }
    text
}

/// Seconds at the bottom and at the top of the picture, as powers of ten.
const DECADES: [i32; 2] = [-4, 7];
const LEFT: f64 = 70.0;
const TOP: f64 = 20.0;
const RIGHT: f64 = 640.0;
const BOTTOM: f64 = 440.0;

fn at(power: f64, seconds: f64) -> (f64, f64) {
    let [low, high] = DECADES.map(f64::from);
    let up = (seconds.log10() - low) / (high - low);
    (LEFT + (RIGHT - LEFT) * power / f64::from(MOST), BOTTOM - (BOTTOM - TOP) * up.clamp(0.0, 1.0))
}

fn svg(machine: &Machine) -> String {
    let mut out = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"820\" height=\"490\" viewBox=\"0 0 820 490\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"13\">\n<title>Predicted time on 1 to 1048576 ranks</title>\n\
         <rect width=\"820\" height=\"490\" fill=\"#ffffff\"/>\n",
    );
    // Writing to a string does not fail.
    for decade in DECADES[0]..=DECADES[1] {
        let (_, y) = at(0.0, 10_f64.powi(decade));
        let _ = writeln!(out, "<path d=\"M{LEFT} {y:.1}H{RIGHT}\" stroke=\"#dddddd\"/>");
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#555555\">1e{decade} s</text>",
            LEFT - 8.0,
            y + 4.0
        );
    }
    for power in (0..=MOST).step_by(2) {
        let (x, _) = at(power.into(), 1.0);
        let _ = writeln!(out, "<path d=\"M{x:.1} {TOP}V{BOTTOM}\" stroke=\"#dddddd\"/>");
        let _ = writeln!(
            out,
            "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#555555\">{}</text>",
            BOTTOM + 18.0,
            4_i64.pow(power)
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"#222222\">ranks</text>",
        (LEFT + RIGHT) / 2.0,
        BOTTOM + 40.0
    );
    for (number, study) in (0_i32..).zip(&STUDIES) {
        let points: Vec<String> = (0..=MOST)
            .map(|power| at(power.into(), (study.time)(machine, 4_i64.pow(power)).seconds()))
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        let dashes = if study.is_dashed { " stroke-dasharray=\"6 4\"" } else { "" };
        let color = study.color;
        let line = format!("fill=\"none\" stroke=\"{color}\" stroke-width=\"2.5\"{dashes}");
        let _ = writeln!(out, "<polyline points=\"{}\" {line}/>", points.join(" "));
        let y = TOP + 30.0 + 24.0 * f64::from(number);
        let _ = writeln!(out, "<path d=\"M{} {y}h26\" {line}/>", RIGHT + 14.0);
        let _ = writeln!(out, "<text x=\"{}\" y=\"{}\" fill=\"#222222\">{}</text>", RIGHT + 46.0, y + 4.0, study.name);
    }
    out + "</svg>\n"
}

fn main() {
    let machine = Machine::default();
    let is_table = std::env::args().nth(1).is_some_and(|arg| arg == "table");
    print!("{}", if is_table { table(&machine) } else { svg(&machine) });
}

#[test]
fn the_page_shows_this_study() {
    let machine = Machine::default();
    let read = |name: &str| {
        let path = format!("{}/../spec/guide/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    assert!(read("scaling.svg") == svg(&machine), "cargo run -p dap-core --example scaling > spec/guide/scaling.svg");
    assert!(read("scaling.md").contains(&table(&machine)), "the table is now\n{}", table(&machine));
}
