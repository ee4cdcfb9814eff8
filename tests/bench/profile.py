#!/usr/bin/python3
"""Where the time of `tabulate` goes, stage by stage; called by ./run bench profile.

perf samples the whole process; each sample belongs to the first stage of STAGES one of whose names stands in its call
stack. Processor time of a stage is its share of the samples times the processor time of the process; the page also tells
when, after the start, the stage was first and last seen.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STAGES = [
    ("start of the process: libraries linked", ["_dl_start", "_dl_relocate", "dl_main", "_dl_init", "call_init"]),
    ("GDAL: drivers registered, files opened", ["open_layer"]),
    ("content of geometries hashed and looked up", ["Memo::", "content_key", "XXH3"]),
    ("controls joined", ["JoinedRows"]),
    ("validity", ["find_fault", "FaultFinder"]),
    ("decoding of geometry and columns", ["LayerReader::decode"]),
    ("the door: ranges, rounding, orientation", ["Door::judge", "Door::"]),
    ("controls prepared: edge trees, cell grids", ["PreparedArea::PreparedArea", "once_slow"]),
    ("overlap", ["OverlapKernel::"]),
    ("areas of whole features", ["whole_m2", "official_cn2008", "PartMeasure::whole", "weigh_zones"]),
    ("candidates found, parts entered", ["ZoneFold::"]),
    ("GDAL: reading (SQLite, copies into columns)", ["sqlite3", "OGRArrow", "LayerReader::read", "libgdal", "ArrowStream"]),
    ("results written", ["write_outputs", "tabulate_csv"]),
]
REST = "the rest: threads, waking, end of the process"


def samples(program, words, data):
    """(time, stack) of each sample."""
    command = ["perf", "record", "-q", "-F", "2000", "-o", data, "--call-graph", "dwarf,16384", program] + words
    child = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if child.returncode != 0:
        sys.exit(f"perf cannot profile here: {child.stderr.strip()}")
    text = subprocess.run(["perf", "script", "-i", data, "-F", "time,ip,sym,dso"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=True).stdout
    found = []
    for block in text.split("\n\n"):
        lines = block.strip().split("\n")
        match = re.match(r"\s*([\d.]+):", lines[0])
        if match:
            found.append((float(match.group(1)), "\n".join(lines[1:])))
    return found


def alone(program, words, rounds):
    """Medians of wall and processor seconds without perf."""
    walls, cpus = [], []
    for _ in range(rounds):
        began = time.monotonic()
        child = os.posix_spawn(program, [program] + words, os.environ,
                               file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
        _, status, usage = os.wait4(child, 0)
        if status != 0:
            sys.exit(f"{program} {' '.join(words)}: ended with status {status}")
        walls.append(time.monotonic() - began)
        cpus.append(usage.ru_utime + usage.ru_stime)
    return sorted(walls)[rounds // 2], sorted(cpus)[rounds // 2]


def stage_of(stack):
    return next((name for name, marks in STAGES if any(mark in stack for mark in marks)), REST)


def table(program, words, rounds):
    wall, cpu = alone(program, words, rounds)
    with tempfile.NamedTemporaryFile(suffix=".perf") as data:
        found = samples(program, words, data.name)
    first = min(moment for moment, _ in found)
    seen = {}
    for moment, stack in found:
        seen.setdefault(stage_of(stack), []).append(moment - first)
    lines = [f"{wall:.2f} s by the clock, {cpu:.2f} s of processor time; {len(found)} samples.", "",
             "| stage | CPU s | share | first seen s | last seen s |", "|---|---|---|---|---|"]
    for name in [name for name, _ in STAGES] + [REST]:
        if name in seen:
            share = len(seen[name]) / len(found)
            lines.append(f"| {name} | {share * cpu:.3f} | {100 * share:.0f} % | {min(seen[name]):.2f} | "
                         f"{max(seen[name]):.2f} |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--folder", "--program", "--maker"):
        parser.add_argument(name, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("-o", default=str(Path(__file__).resolve().parent / "PROFILE.md"))
    options = parser.parse_args()
    folder = Path(options.folder)
    subprocess.run([options.maker, "--rounds", "0", "--folder", str(folder)], check=True, stdout=subprocess.DEVNULL)
    base = ["tabulate", str(folder / "controls-independent.gpkg"), str(folder / "parcels.gpkg"), "--zone", "id", "--by",
            "dlbm", "--jobs", "2", "--quiet", "--format", "csv"]
    memo = str(folder / "profile.memo")
    runs = [("Planar, geometry trusted", ["--area", "planar", "--trust-geometry"]),
            ("cn2008, validity tested", ["--area", "cn2008"]),
            ("cn2008, validity tested, with a memo of everything", ["--area", "cn2008", "--remember", memo])]
    page = ["# Where the time goes", "",
            "Made by `./run bench profile` on the files of `./run bench` (200,000 parcels × 800 controls of 6,900 vertices, "
            "GeoPackage), two threads. Processor time of a stage is its share of perf's samples; times after the start are "
            "of the sampled run, which is slower than the others.", ""]
    subprocess.run([options.program] + base + runs[-1][1], check=True, stdout=subprocess.DEVNULL)
    for title, words in runs:
        page += [f"## {title}", ""] + table(options.program, base + words, options.rounds) + [""]
    os.remove(memo)
    Path(options.o).write_text("\n".join(page).rstrip() + "\n", encoding="utf-8")
    print("\n".join(page))


if __name__ == "__main__":
    main()
