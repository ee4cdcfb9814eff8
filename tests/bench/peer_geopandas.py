"""GeoPandas' overlay over two files: seconds of the overlay and its areas, reading excluded. CSV on stdout."""
import sys
import time

import geopandas


def main():
    parcels = geopandas.read_file(sys.argv[1], engine="pyogrio")[["dlbm", "geometry"]]
    controls = geopandas.read_file(sys.argv[2], engine="pyogrio")[["id", "geometry"]]
    began = time.monotonic()
    cut = geopandas.overlay(parcels, controls, how="intersection", keep_geom_type=True)
    cut["area"] = cut.geometry.area
    sums = cut.groupby(["id", "dlbm"])["area"].sum()
    print(f"seconds,{time.monotonic() - began:.3f},")
    for (zone, code), area in sums.items():
        print(f"{zone},{code},{area!r}")


if __name__ == "__main__":
    main()
