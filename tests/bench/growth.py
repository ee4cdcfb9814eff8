#!/usr/bin/python3
"""Time, processor time and memory from 10⁴ to 10⁷ parcels; called by ./run bench growth.

Each size is made, measured, written into growth.csv and removed, so that a run that was stopped goes on where it was:
sizes that growth.csv has are not measured again unless --again is given. The page and the plot are made from growth.csv.
"""
import argparse
import csv
import hashlib
import math
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = ["what", "memory", "parcels", "vertices", "file_gb", "rounds", "wall_s", "cpu_s", "resident_mb", "sha256"]


def run(command, out):
    """Wall and processor seconds, greatest resident size in MB of one program."""
    began = time.monotonic()
    with open(out, "wb") as file:
        child = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, file.fileno(), 1)])
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - began
    if status != 0:
        sys.exit(f"{' '.join(command)}: ended with status {status}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def median(values):
    return sorted(values)[len(values) // 2]


def read_rows(path):
    if not path.exists():
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_rows(path, rows):
    rows.sort(key=lambda r: (r["what"], int(r["parcels"]), r["memory"]))
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def measure(options, rows, what, parcels, controls, control_vertices, memories, rounds):
    """One province, with each of the memory settings."""
    wanted = [m for m in memories if options.again or not any(
        r["what"] == what and r["asked"] == str(parcels) and r["memory"] == m for r in options.known)]
    if not wanted:
        return
    folder = Path(options.folder) / f"{what}-{parcels}"
    needed = parcels * 42 * 18
    os.makedirs(folder, exist_ok=True)
    if shutil.disk_usage(folder).free < 1.2 * needed:
        print(f"{parcels} parcels skipped: {needed / 1e9:.0f} GB of disk are needed", file=sys.stderr)
        return
    try:
        made = subprocess.run([options.maker, "make", "--folder", str(folder), "--parcels", str(parcels), "--controls",
                               str(controls), "--control-vertices", str(control_vertices)],
                              check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        size = sum(f.stat().st_size for f in folder.iterdir())
        for memory in wanted:
            command = [options.program, "tabulate", str(folder / "controls.fgb"), str(folder / "parcels.fgb"), "--zone",
                       "id", "--by", "dlbm", "--area", "planar", "--trust-geometry", "--quiet", "--format", "json"]
            if memory:
                command += ["--memory", memory]
            costs = [run(command, folder / "out.json") for _ in range(rounds)]
            digest = hashlib.sha256((folder / "out.json").read_bytes()).hexdigest()[:16]
            row = dict(zip(COLUMNS, [what, memory, made[0], made[1], f"{size / 1e9:.3f}", rounds,
                                     *(f"{median([c[i] for c in costs]):.3f}" for i in (0, 1)),
                                     f"{max(c[2] for c in costs):.0f}", digest]))
            print(row, flush=True)
            rows[:] = [r for r in rows if not (r["what"] == what and r["parcels"] == made[0] and r["memory"] == memory)]
            rows.append(row)
            write_rows(options.results / "growth.csv", rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def power(n):
    digits = "⁰¹²³⁴⁵⁶⁷⁸⁹"
    return "10" + "".join(digits[int(d)] for d in str(round(math.log10(n))))


def page(options, rows, rings):
    lines = ["# Growth", "", "Made by `./run bench growth`. The whole program from start to end: `tabulate`, planar, validity "
             "off (`--trust-geometry`), FlatGeobuf, two threads, medians of the rounds, greatest resident size. The 800 "
             "controls have 5.66 M vertices at every size.", "",
             subprocess.run([options.maker, "versions"], check=True, stdout=subprocess.PIPE, text=True).stdout.rstrip(), "",
             "| parcels | vertices M | files GB | `--memory` | rounds | clock s | CPU s | CPU of the decade before | "
             "resident MB | parcels/s | same bytes |", "|---|---|---|---|---|---|---|---|---|---|---|"]
    growth = [r for r in rows if r["what"] == "growth"]

    def decade_before(row):
        for other in growth:
            ratio = int(row["parcels"]) / int(other["parcels"])
            if 8 < ratio < 12 and (other["memory"] == row["memory"] or other["memory"] == ""):
                return f"{float(row['cpu_s']) / float(other['cpu_s']):.2f} ×"
        return "–"

    for row in growth:
        n = int(row["parcels"])
        same = {r["sha256"] for r in growth if r["parcels"] == row["parcels"]}
        several = sum(r["parcels"] == row["parcels"] for r in growth) > 1
        lines.append(f"| {power(n)} ({n}) | {int(row['vertices']) / 1e6:.1f} | {row['file_gb']} | {row['memory'] or '–'} | "
                     f"{row['rounds']} | {row['wall_s']} | {row['cpu_s']} | {decade_before(row)} | {row['resident_mb']} | "
                     f"{n / float(row['wall_s']):,.0f} | {('yes' if len(same) == 1 else 'NO') if several else '–'} |")
    lines += ["", "![clock, CPU and memory over parcels](growth.png)", ""]
    for row in rows:
        if row["what"] == "large-control":
            lines.append(f"One control of 1.3 M vertices, {row['parcels']} parcels: {row['wall_s']} s by the clock, "
                         f"{row['cpu_s']} s CPU, {row['resident_mb']} MB, median of {row['rounds']}.")
    lines += ["", f"Two interleaved rings of 200,000 vertices, {rings[1]} crossings: {rings[0]} s on one thread (preparing "
              "included, median of 5).", ""]
    (options.results / "GROWTH.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000,10000000")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--maker", required=True)
    parser.add_argument("--results", type=Path, default=HERE)
    parser.add_argument("--again", action="store_true", help="measure sizes anew that growth.csv has")
    options = parser.parse_args()
    rows = read_rows(options.results / "growth.csv")
    options.known = [dict(r, asked=str(10 ** round(math.log10(int(r["parcels"]))))) for r in rows]
    for size in (int(s) for s in options.sizes.split(",")):
        memories = ["1G"] if size > 3_000_000 else ["", "1G"] if size > 300_000 else [""]
        measure(options, rows, "growth", size, 800, 6900, memories, 5 if size < 300_000 else 3 if size < 3_000_000 else 1)
    measure(options, rows, "large-control", 100_000, 1, 1_180_000, [""], 5)
    rings = subprocess.run([options.maker, "rings"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    page(options, rows, rings)
    subprocess.run([sys.executable, HERE / "growth_plot.py", options.results], check=True)


if __name__ == "__main__":
    main()
