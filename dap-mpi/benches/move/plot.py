"""Draws the rows of move.json: how many times as fast as each peer, one panel for each MPI and
number of ranks."""

import json
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

# Colours that differ also for colour-blind readers, and in print (Okabe and Ito).
COLOURS = {"memcpy": "#999999", "stream": "#56B4E9", "alltoallw": "#E69F00", "neighbor_alltoallw": "#E69F00",
           "pdgemr2d": "#009E73", "vecscatter": "#CC79A7", "dm_local_to_local": "#CC79A7"}


def ratios(row):
    """All that the row was compared with, memory first."""
    memory = {"memcpy": row["over_memcpy"], "stream": row["over_stream"]}
    return {name: ratio for name, ratio in {**memory, **row["over_peer"]}.items() if ratio}


def main(source, target):
    with open(source) as file:
        rows = [row for row in json.load(file) if ratios(row)]
    runs = sorted({(row["mpi"], row["ranks"]) for row in rows}, key=lambda run: (run[0] != "openmpi", run))
    figure, axes = plt.subplots(1, len(runs), figsize=(6 * len(runs), 0.42 * len(rows) / len(runs) + 2), squeeze=False)
    for axis, run in zip(axes[0], runs):
        mine = [row for row in rows if (row["mpi"], row["ranks"]) == run]
        for place, row in enumerate(mine):
            for name, ratio in ratios(row).items():
                axis.plot(ratio, -place, "o", color=COLOURS.get(name, "black"), label=name)
        axis.axvline(1, color="black", linewidth=0.8)
        axis.set_xscale("log")
        axis.set_yticks([-place for place in range(len(mine))],
                        [f"{row['case']}, {row['n']}, {row['memory']}" for row in mine], fontsize=8)
        axis.set_xlabel("times as fast as")
        axis.set_title(f"{run[0]}, {run[1]} ranks")
        axis.grid(axis="x", alpha=0.3)
        handles = dict(zip(*reversed(axis.get_legend_handles_labels())))
        axis.legend(handles.values(), handles.keys(), fontsize=8, ncol=2, loc="upper center",
                    bbox_to_anchor=(0.3, -0.08))
    figure.tight_layout()
    figure.savefig(target, metadata={"Date": None})


if __name__ == "__main__":
    main(*sys.argv[1:])
