//! `plan`: the elements that move from one distribution of an array to another, counted and drawn.
//!
//! Totals come from counting along each dimension, one process's part from its own row of the
//! message matrix, and the picture from groups of ranks. None of them lists pairs, so a million
//! ranks take about as long as reading them does.

mod amount;
mod halo;
mod json;
mod machine;
mod ranges;
mod text;
mod view;

use std::io::Write;
use std::process::ExitCode;

use dap_core::algebra::{CommRank, Placement};
use dap_core::cost_model::{Machine, Prediction};
use dap_core::error::{Error, ErrorKind, Result};
use dap_core::index::Rank;
use dap_core::plan::{Endpoints, Matrix, Plan, Row, Totals, Transfer};
use dap_plot::{Exchange, PlotOptions};

use super::plot;
use super::plot::target::PlotTarget;
use super::side::ComparedArray;
use crate::cli::{PlanArgs, TextOrJson};
use crate::command::outcome::{Failure, code};
use crate::command::stdout::stdout;
use crate::command::tuple::tuple;
use amount::Amounts;
use dap_report::printable;
pub(crate) use halo::PlanHaloJson;
use ranges::BoxJson;

/// The largest number of groups of ranks on a side of the matrix, in the picture and in JSON.
const MOST_GROUPS: usize = 64;

pub(super) fn run(args: &PlanArgs) -> std::result::Result<ExitCode, Failure> {
    let Some(target) = args.b.as_ref().filter(|_| !args.halo) else { return halo::run(args) };
    if args.stencil.is_some() {
        return Err(Failure::Usage("--stencil is about the padding that --halo fills".to_owned()));
    }
    if args.ranges && args.rank.is_none() {
        return Err(Failure::Usage("--ranges lists the messages of one process: name it with --rank".to_owned()));
    }
    let inputs = [args.a.clone(), target.clone()];
    let picture = args.output.as_deref().map(|path| PlotTarget::beside_text(path, &inputs)).transpose()?;
    let [mut a, b] = ComparedArray::both(&args.a, target, args.no_progress)?;
    let mut from = Placement::new(a.layout.clone());
    if let Some(arg) = &args.view {
        (a, from) = view::of(&a, arg)?;
    }
    let mut job = PlanJob::new(&a, &b, from, args.reshape)?;
    if let Some(path) = &args.machine {
        job.machine = Some(machine::read(path)?);
    }
    let job = job;
    let mut out = stdout();
    if let Some(rank) = args.rank {
        let mut part = job.part(rank)?;
        if args.ranges {
            part.ranges = Some(job.ranges(rank)?);
        }
        match args.output_format {
            TextOrJson::Text => text::part(&job, &part, &mut out)?,
            TextOrJson::Json => json::part(&job, &part, &mut out)?,
        }
    } else {
        let totals = job.totals()?;
        if let Some(picture) = &picture {
            let matrix = job.matrix(MOST_GROUPS)?;
            draw(&job, &totals, &matrix, picture, args)?;
        }
        match args.output_format {
            TextOrJson::Text => text::totals(&job, &totals, &mut out)?,
            TextOrJson::Json => {
                json::totals(&job, &totals, &job.matrix(MOST_GROUPS)?, job.predicted()?, &mut out)?;
            }
        }
    }
    out.flush()?;
    Ok(code(false))
}

/// The arrays and options of a plan.
struct PlanJob<'a> {
    a: &'a ComparedArray,
    b: &'a ComparedArray,
    /// Which ranks hold what is moved, and what it becomes.
    from: Placement,
    to: Placement,
    reshape: bool,
    amounts: Amounts,
    /// The machine whose time is predicted, if that is wanted.
    machine: Option<Machine>,
}

/// The part of one process.
struct PlanPart {
    rank: i64,
    sends: Row,
    receives: Row,
    is_source: bool,
    is_target: bool,
    /// The index ranges of the messages, if they are wanted.
    ranges: Option<PartRanges>,
}

/// The other ranks of one process's messages, ascending, each with the elements of its message.
struct PartRanges {
    sends: Vec<(Rank, BoxJson)>,
    receives: Vec<(Rank, BoxJson)>,
}

impl<'a> PlanJob<'a> {
    fn new(
        a: &'a ComparedArray,
        b: &'a ComparedArray,
        from: Placement,
        reshape: bool,
    ) -> std::result::Result<Self, Failure> {
        if a.dtype != b.dtype {
            let name =
                |side: &ComparedArray| side.dtype.as_ref().map_or("none".to_owned(), |dtype| printable(&dtype.name()));
            let (of_a, of_b) = (name(a), name(b));
            let sentence = format!(
                "items are moved as they are, but those of {} are {of_a}, those of {} are {of_b}; `dap-validate diff` compares the two",
                a.name, b.name
            );
            return Err(Failure::Usage(sentence));
        }
        let amounts = Amounts { itemsize: a.dtype.as_ref().map(dap_core::dtype::DType::itemsize) };
        Ok(Self { a, b, from, to: Placement::new(b.layout.clone()), reshape, amounts, machine: None })
    }

    fn totals(&self) -> std::result::Result<Totals, Failure> {
        self.planned(if self.reshape {
            Totals::of_reshape(&self.a.layout, &self.b.layout)
        } else {
            self.from.totals_to(&self.to)
        })
    }

    /// The predicted time; `None` without a machine, or without the size of an item.
    fn predicted(&self) -> std::result::Result<Option<Prediction>, Failure> {
        let (Some(machine), Some(itemsize)) = (&self.machine, self.amounts.itemsize) else { return Ok(None) };
        let predicted = if self.reshape {
            Prediction::of_reshape(machine, &self.a.layout, &self.b.layout, itemsize)
        } else {
            Prediction::of_move(machine, &self.from, &self.to, itemsize)
        };
        self.planned(predicted).map(Some)
    }

    fn matrix(&self, most: usize) -> std::result::Result<Matrix, Failure> {
        let of = if self.reshape { Matrix::of_reshape } else { Matrix::new };
        self.planned(of(&self.a.layout, &self.b.layout, most))
    }

    fn part(&self, rank: i64) -> std::result::Result<PlanPart, Failure> {
        let [source, target] = [&self.from, &self.to].map(|side| side.ranks().section(CommRank(rank)));
        let (is_source, is_target) = (source.is_some(), target.is_some());
        if !is_source && !is_target {
            let ranks = self.from.ranks().origin_processes().max(self.b.layout.processes());
            if (0..ranks).contains(&rank) {
                return Err(Failure::Usage(format!(
                    "rank {rank} holds nothing of {}, nor of {}",
                    self.a.name, self.b.name
                )));
            }
            return Err(Failure::Usage(format!("there is no rank {rank}; ranks are 0 to {}", ranks - 1)));
        }
        let endpoints = Endpoints { source, target };
        let [sends, receives] =
            if self.reshape { [Row::reshape_sends, Row::reshape_receives] } else { [Row::sends, Row::receives] };
        let row =
            |of: fn(&_, &_, Endpoints) -> Result<Row>| self.planned(of(&self.a.layout, &self.b.layout, endpoints));
        Ok(PlanPart { rank, sends: row(sends)?, receives: row(receives)?, is_source, is_target, ranges: None })
    }

    /// The index ranges of the messages of a process. Its rank is the same in both arrays.
    fn ranges(&self, rank: i64) -> std::result::Result<PartRanges, Failure> {
        let (from, to) = (&self.a.layout, &self.b.layout);
        let [source, target] =
            [from, to].map(|layout| Some(Rank(rank)).filter(|rank| (0..layout.processes()).contains(&rank.0)));
        let plan = self.planned(Plan::new(from, to, Endpoints { source, target }))?;
        let of = |sender: Rank, transfer: &Transfer<'_>| {
            let at = from.grid().coordinates(sender).unwrap_or_default();
            (transfer.peer(), BoxJson::of_move(transfer, from.dims(), &at))
        };
        let is_other = |transfer: &Transfer<'_>| transfer.peer() != Rank(rank) && transfer.elements() > 0;
        Ok(PartRanges {
            sends: plan.sends().filter(is_other).map(|transfer| of(Rank(rank), &transfer)).collect(),
            receives: plan.receives().filter(is_other).map(|transfer| of(transfer.peer(), &transfer)).collect(),
        })
    }

    /// A plan, or the reason why there is none, with a remedy.
    fn planned<T>(&self, planned: Result<T>) -> std::result::Result<T, Failure> {
        planned.map_err(|error| Failure::Usage(self.reason(&error)))
    }

    fn reason(&self, error: &Error) -> String {
        let (a, b) = (&self.a.layout, &self.b.layout);
        let shapes =
            format!("{} has the shape {}, {} has {}", self.a.name, tuple(a.shape()), self.b.name, tuple(b.shape()));
        match error.kind() {
            ErrorKind::ShapesDiffer if a.len() == b.len() => {
                format!("{shapes}; they have equally many items: `--reshape` plans to move them in row-major order")
            }
            ErrorKind::ShapesDiffer => format!("{shapes}: these are not two distributions of one array"),
            ErrorKind::LengthsDiffer => {
                format!("{shapes}: a reshape keeps the number of items, but these have {} and {}", a.len(), b.len())
            }
            _ => format!("there is no plan from {} to {}: {error}", self.a.name, self.b.name),
        }
    }
}

fn draw(
    job: &PlanJob<'_>,
    totals: &Totals,
    matrix: &Matrix,
    picture: &PlotTarget<'_>,
    args: &PlanArgs,
) -> std::result::Result<(), Failure> {
    let options = PlotOptions { width: args.width, theme: args.theme.into(), ..PlotOptions::default() };
    let exchange = Exchange {
        title: format!("{} \u{2192} {}", job.a.name, job.b.name),
        words: vec![format!("from {}", job.a.words()), format!("to {}", job.b.words()), text::sentence(job, totals)],
        matrix,
        itemsize: job.amounts.itemsize,
    };
    plot::save_exchange(&exchange, &options, picture)
}
