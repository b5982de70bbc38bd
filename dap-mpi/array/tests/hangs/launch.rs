//! The launches of the cases: their ends and their messages.

use std::fs::File;
use std::process::Stdio;
use std::time::{Duration, Instant};

use dap_launch::{Tally, is_drawn, mpirun, start, wait};

/// A job that ends badly ends within this time, launching included, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// The end of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// With success.
    Well,
    /// With a failure.
    Badly,
    /// In time.
    Any,
}

/// A case's launches.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Launch {
    pub(crate) name: &'static str,
    variables: &'static [(&'static str, &'static str)],
    end: End,
    /// Texts that the ranks write to standard error.
    says: &'static [&'static str],
    is_silent: bool,
    /// Whether the case is launched on several nodes, too.
    on_nodes: bool,
}

impl Launch {
    pub(crate) const fn new(name: &'static str) -> Launch {
        Launch { name, variables: &[], end: End::Well, says: &[], is_silent: false, on_nodes: false }
    }

    pub(crate) const fn with(self, variables: &'static [(&'static str, &'static str)]) -> Launch {
        Launch { variables, ..self }
    }

    pub(crate) const fn ends(self, end: End) -> Launch {
        Launch { end, ..self }
    }

    pub(crate) const fn says(self, says: &'static [&'static str]) -> Launch {
        Launch { says, ..self }
    }

    /// The ranks write no word of `dap-mpi`.
    pub(crate) const fn silent(self) -> Launch {
        Launch { is_silent: true, ..self }
    }

    pub(crate) const fn on_nodes(self) -> Launch {
        Launch { on_nodes: true, ..self }
    }

    fn run(&self, ranks: u32, node: u32) -> Result<(), String> {
        let path = std::env::temp_dir().join(format!("dap-hangs-{}", std::process::id()));
        let file = File::create(&path).map_err(|error| format!("{path:?}: {error}"))?;
        let mut command = mpirun(ranks);
        command.env("DAP_CASE", self.name).env("DAP_NODE_SIZE", node.to_string());
        // The launchers' own messages do not matter.
        command.stdout(Stdio::null()).stderr(file);
        command.envs(self.variables.iter().copied());
        let began = Instant::now();
        let ended = wait(&mut start(&mut command)?);
        let said = std::fs::read(&path).map(|said| String::from_utf8_lossy(&said).into_owned());
        let _ = std::fs::remove_file(&path);
        let said = said.map_err(|error| format!("{path:?}: {error}"))?;
        let judged = match (self.end, &ended) {
            _ if began.elapsed() > LIMIT => Err(format!("it took {} s", began.elapsed().as_secs())),
            (End::Well, Err(why)) => Err(why.clone()),
            (End::Badly, Ok(())) => Err("the job ended as if nothing had happened".to_owned()),
            _ => Ok(()),
        };
        let missing = self.says.iter().find(|text| !said.contains(**text));
        let judged = judged.and(missing.map_or(Ok(()), |text| Err(format!("not said: {text:?}"))));
        let judged = match self.is_silent && said.contains("dap-mpi: ") {
            true => Err("a warning".to_owned()),
            false => judged,
        };
        judged.map_err(|why| format!("{why}; standard error:\n{said}"))
    }
}

/// Launches all cases that `DAP_CASE` and `DAP_RANKS` choose.
pub(crate) fn launch_all<'l>(launches: impl Iterator<Item = &'l Launch>) {
    let mut tally = Tally::default();
    let chosen = |variable: &str, value: &str| {
        std::env::var(variable).ok().is_none_or(|only| only.split(',').any(|only| only == value))
    };
    let mut number = 0;
    for launch in launches.filter(|launch| chosen("DAP_CASE", launch.name)) {
        for ranks in [2_u32, 3] {
            // One node first; then nodes of two ranks and of one.
            let split = [2_u32, 1].into_iter().filter(|node| launch.on_nodes && *node < ranks);
            for node in std::iter::once(ranks).chain(split) {
                if !chosen("DAP_RANKS", &ranks.to_string()) || !chosen("DAP_NODE_SIZE", &node.to_string()) {
                    continue;
                }
                number += 1;
                if is_drawn(number) {
                    tally.run(&format!("{}, {ranks} ranks, nodes of {node}", launch.name), None, || {
                        launch.run(ranks, node)
                    });
                }
            }
        }
    }
    tally.end();
}
