#!/usr/bin/env bash
# same_bytes.sh PROGRAM…: does every build of corebelt give the same bytes, with any number of threads, with and
# without the processor's wider instructions? The first program with one thread is what the others are held against.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: same_bytes.sh PROGRAM…" >&2; exit 2; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# What the C library and all that asks it then take for a processor of 2003.
plain=glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX,-FMA,-FMA4,-BMI2,-SSE4_2,-SSE4_1,-SSSE3

# make PROGRAM JOBS FOLDER
make() {
    local program=$1 jobs=$2 folder=$3 plan data name method code
    mkdir -p "$folder"
    for plan in data/yuxi/plan.toml data/demo-park/planted.toml; do
        name=$(basename "$(dirname "$plan")")
        data=$root/$(dirname "$plan")
        code=0
        "$program" check "$root/$plan" --jobs "$jobs" --quiet -o "$folder/$name-check.json" -o "$folder/$name-check.csv" \
            2>"$folder/error" || code=$?
        [ $code -le 1 ] || { cat "$folder/error" >&2; exit 1; }
        for method in planar cn2008 geodesic; do
            "$program" tabulate "$data/zones.geojson" "$data/parcels.geojson" --area $method --coverage --jobs "$jobs" \
                --quiet --format json >"$folder/$name-tabulate-$method.json"
            "$program" measure "$data/parcels.geojson" "$data/farmland.geojson" --area $method --jobs "$jobs" \
                --quiet --format json >"$folder/$name-measure-$method.json"
        done
        "$program" map "$root/$plan" -o "$folder/$name-maps" --quiet >/dev/null
    done
    rm -f "$folder/error"
}

make "$1" 1 "$out/first"
(cd "$out/first" && find . -type f | sort | xargs sha256sum) >"$out/wanted"
for program in "$@"; do
    for jobs in 1 3; do
        for tunables in "" "$plain"; do
            rm -rf "$out/other"
            (export GLIBC_TUNABLES=$tunables; make "$program" $jobs "$out/other")
            what="$program, $jobs threads${tunables:+, without wider instructions}"
            if (cd "$out/other" && find . -type f | sort | xargs sha256sum) | diff "$out/wanted" - >"$out/diff"; then
                echo "same bytes: $what"
            else
                echo "other bytes: $what" >&2
                sed 's|^|  |' "$out/diff" >&2
                exit 1
            fi
        done
    done
done
echo "$(wc -l <"$out/wanted") files, the same each time"
