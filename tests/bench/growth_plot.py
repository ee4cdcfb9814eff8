#!/usr/bin/python3
"""growth.csv as growth.svg and growth.png, log-log. A program of its own: whoever starts others had better be small."""
import csv
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams["svg.hashsalt"] = "growth"  # the same bytes from the same numbers
from matplotlib import pyplot  # noqa: E402


def main():
    folder = Path(sys.argv[1])
    with open(folder / "growth.csv", newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["what"] == "growth"]
    figure, (time, memory) = pyplot.subplots(1, 2, figsize=(11, 4.6))
    # One line over all sizes: in memory while it is given, under the limit beyond.
    best = {}
    for row in sorted(rows, key=lambda r: r["memory"] != ""):
        best.setdefault(int(row["parcels"]), row)
    sizes = sorted(best)
    for column, label, marker in (("wall_s", "clock, 2 threads", "o"), ("cpu_s", "CPU", "s")):
        time.plot(sizes, [float(best[n][column]) for n in sizes], marker=marker, label=label)
    last = sizes[-1]
    time.plot(sizes, [float(best[last]["cpu_s"]) * n / last for n in sizes], linestyle=":", color="grey",
              label="proportional to parcels")
    time.set_ylabel("seconds")
    for limited, label, marker in ((False, "without limit", "o"), (True, "--memory 1G", "D")):
        chosen = sorted((int(r["parcels"]), float(r["resident_mb"])) for r in rows if (r["memory"] != "") == limited)
        if chosen:
            memory.plot(*zip(*chosen), marker=marker, label=label)
    memory.axhline(1024, linestyle=":", color="grey", label="1 GiB")
    memory.set_ylabel("greatest resident size, MB")
    for axes in (time, memory):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("parcels")
        axes.grid(True, which="major", color="0.85")
        axes.legend(frameon=False)
    figure.suptitle("tabulate: areas of land use in 800 controls (5.66 M vertices), planar, trusted")
    figure.tight_layout()
    figure.savefig(folder / "growth.svg", metadata={"Date": None})
    figure.savefig(folder / "growth.png", dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
