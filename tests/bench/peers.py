#!/usr/bin/python3
"""PostGIS and GeoPandas on the same files; called by ./run bench peers.

A private PostgreSQL cluster is made, used and removed. The areas of every peer are compared with ours, pair of control
and land-use class by pair: a peer that disagrees is named as such.
"""
import argparse
import glob
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent

PLAIN = """SELECT c.id, p.dlbm, sum(ST_Area(ST_Intersection(p.geom, c.geom)))
FROM controls c JOIN parcels p ON ST_Intersects(p.geom, c.geom) GROUP BY 1, 2"""
SUBDIVIDE = """CREATE TABLE pieces AS SELECT id, ST_Subdivide(geom, 256) AS geom FROM controls;
CREATE INDEX ON pieces USING GIST (geom); ANALYZE pieces;"""
PIECES = PLAIN.replace("FROM controls c", "FROM pieces c")


class Cluster:
    """A server with a socket in a folder of its own, stopped and removed at the end."""

    def __init__(self):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
        if not found:
            sys.exit("PostgreSQL is not installed (Debian 12: postgresql-15-postgis-3)")
        self.programs = Path(found[-1]).parent
        self.folder = tempfile.mkdtemp(prefix="corebelt-peers-")
        self.user = []
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        subprocess.run([*self.user, self.programs / "initdb", "-D", f"{self.folder}/data", "-U", "tester", "-A", "trust",
                        "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL,
                       cwd=self.folder)
        pdeath = ["--pdeathsig", "QUIT"]
        start = [*(self.user or ["setpriv"]), *pdeath]
        with open(f"{self.folder}/log", "wb") as log:
            self.server = subprocess.Popen(
                [*start, self.programs / "postgres", "-D", f"{self.folder}/data", "-k", self.folder, "-c",
                 "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=512MB", "-c", "work_mem=64MB", "-c",
                 "max_wal_size=4GB"], stdout=log, stderr=log, cwd=self.folder)
        for _ in range(300):
            if subprocess.run([self.programs / "pg_isready", "-q", "-h", self.folder]).returncode == 0:
                break
            time.sleep(0.1)
        subprocess.run([self.programs / "createdb", "-h", self.folder, "-U", "tester", "gis"], check=True)
        self.sql("CREATE EXTENSION postgis")

    def sql(self, statements):
        quiet = dict(os.environ, PGOPTIONS="-c client_min_messages=warning")
        return subprocess.run([self.programs / "psql", "-X", "-q", "-At", "-F", ",", "-v", "ON_ERROR_STOP=1", "-h",
                               self.folder, "-U", "tester", "-d", "gis", "-c", statements], check=True,
                              stdout=subprocess.PIPE, text=True, env=quiet).stdout

    def timed(self, statements):
        began = time.monotonic()
        out = self.sql(statements)
        return time.monotonic() - began, out

    def close(self):
        self.server.send_signal(signal.SIGQUIT)
        self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def areas(text):
    result = {}
    for line in text.splitlines():
        zone, code, area = line.split(",")
        if zone != "seconds" and float(area) > 0:
            result[(int(zone), code)] = float(area)
    return result


def apart(ours, theirs):
    """Greatest difference over what equality allows; ours are rounded to 1e-4 m²."""
    worst = 0.0
    for key in set(ours) | set(theirs):
        a, b = ours.get(key, 0.0), theirs.get(key, 0.0)
        worst = max(worst, abs(a - b) / max(0.01, 1e-6 * abs(a)))
    return worst


def median(values):
    return sorted(values)[len(values) // 2]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", default="20000")
    parser.add_argument("--controls", default="80")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--maker", required=True)
    parser.add_argument("--python", required=True, help="interpreter that has GeoPandas")
    parser.add_argument("--results", type=Path, default=HERE)
    options = parser.parse_args()
    folder = Path(options.folder) / "peers"
    made = subprocess.run([options.maker, "make", "--folder", str(folder), "--parcels", options.parcels, "--controls",
                           options.controls], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    parcels, controls = str(folder / "parcels.fgb"), str(folder / "controls.fgb")
    rows = []

    ours_s = []
    for _ in range(max(5, options.rounds)):
        began = time.monotonic()
        out = subprocess.run([options.program, "tabulate", controls, parcels, "--zone", "id", "--by", "dlbm", "--area",
                              "planar", "--unit", "m2", "--quiet", "--format", "json", "--trust-geometry"], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
        ours_s.append(time.monotonic() - began)
    ours = {(zone["zone"], c["class"]): c["area"] for zone in json.loads(out)["zones"] for c in zone["classes"]}
    rows.append(("corebelt `tabulate`, whole process, reading included", median(ours_s), 0.0, len(ours)))

    cluster = Cluster()
    try:
        target = f"PG:host={cluster.folder} user=tester dbname=gis"
        for path, table in ((parcels, "parcels"), (controls, "controls")):
            subprocess.run([options.program, "convert", path, f"{target}|layer={table}", "--trust-geometry", "--quiet"],
                           check=True)
        cluster.sql("VACUUM ANALYZE parcels")
        cluster.sql("VACUUM ANALYZE controls")
        version = cluster.sql("SELECT version()").split(" on ")[0] + ", PostGIS " + cluster.sql(
            "SELECT postgis_lib_version()").strip() + ", GEOS " + cluster.sql("SELECT postgis_geos_version()").strip()
        plain = [cluster.timed(PLAIN) for _ in range(options.rounds)]
        rows.append(("PostGIS, `ST_Intersection` and `ST_Area` with GiST", median([p[0] for p in plain]),
                     apart(ours, areas(plain[-1][1])), len(areas(plain[-1][1]))))
        pieces = []
        for _ in range(options.rounds):
            cluster.sql("DROP TABLE IF EXISTS pieces")
            made_s, _out = cluster.timed(SUBDIVIDE)
            cut_s, cut = cluster.timed(PIECES)
            pieces.append((made_s + cut_s, made_s, cut))
        chosen = sorted(pieces)[len(pieces) // 2]
        rows.append((f"PostGIS, controls by `ST_Subdivide(geom, 256)` ({chosen[1]:.2f} s of it), then the same", chosen[0],
                     apart(ours, areas(chosen[2])), len(areas(chosen[2]))))
    finally:
        cluster.close()

    frames = []
    for _ in range(options.rounds):
        out = subprocess.run([options.python, HERE / "peer_geopandas.py", parcels, controls], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
        frames.append((float(out.split(",")[1]), out))
    frame = sorted(frames)[len(frames) // 2]
    rows.append(("GeoPandas `overlay`, then areas by group", frame[0], apart(ours, areas(frame[1])), len(areas(frame[1]))))
    frozen = subprocess.run([options.python, "-c", "import geopandas, shapely; print(f'GeoPandas {geopandas.__version__}, "
                             "shapely {shapely.__version__} with GEOS {shapely.geos_version_string}')"], check=True,
                            stdout=subprocess.PIPE, text=True).stdout.strip()
    shutil.rmtree(folder, ignore_errors=True)

    lines = ["# Peers on the same files", "", "Made by `./run bench peers`. Area of each land-use class in each control, planar, "
             f"two processors, medians of {options.rounds} (ours {max(5, options.rounds)}). Of the peers loading and their "
             "indices are not counted, subdividing is; of ours the whole process is, with reading; validity off "
             "everywhere. *Apart*: greatest difference of an area from ours over what equality allows, max(0.01 m², "
             "1e-6 · area); below 1 they agree.", "",
             subprocess.run([options.maker, "versions"], check=True, stdout=subprocess.PIPE, text=True).stdout.rstrip(),
             f"- {version}", f"- {frozen} (`tests/bench/peers-requirements.txt`)",
             f"- {made[0]} parcels, {int(made[1]) / 1e6:.2f} M vertices; {made[2]} controls, {int(made[3]) / 1e6:.2f} M "
             "vertices; FlatGeobuf", "", "| | seconds | ratio to ours | apart | areas |", "|---|---|---|---|---|"]
    for name, seconds, difference, count in rows:
        lines.append(f"| {name} | {seconds:.3f} | {seconds / rows[0][1]:.1f} × | {difference:.1e} | {count} |")
    lines.append("")
    (options.results / "PEERS.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))
    if any(row[2] > 1 for row in rows):
        sys.exit("a peer's areas differ from ours")


if __name__ == "__main__":
    main()
