#!/usr/bin/env bash
# Runs the samples through decomposition, registry, comparison and report.
# Usage: demo.sh MOTORPOOL short|long
set -euo pipefail
motorpool=$(realpath "$1")
mode=$2
cd "$(dirname "$0")/.."
out=demo
rm -rf "$out"
mkdir -p "$out"
export MOTORPOOL_REGISTRY="$out/registry.sqlite"

say() { printf '\n-- %s\n' "$*"; }
run() {
  printf '$ motorpool'
  printf ' %q' "$@"
  printf '\n'
  "$motorpool" "$@"
}

say "One recording: what it holds, its motor units, and how they compare with the truth"
run info Samples/grid.wav
run decompose Samples/grid.wav --output "$out/grid"
run score "$out/grid" --truth Samples/grid-truth.csv

say "One patient: nine visits with CMAP scans, therapy after the fourth month"
run patient add DEMO-01
started=$(awk -F, 'NR == 6 { print $3 }' Samples/patient/visits.csv)
run therapy add DEMO-01 --start "$started" --kind "stem cells"
tail -n +2 Samples/patient/visits.csv | while IFS=, read -r file _ date _ muscle side _ _ scan cmap; do
  run visit add DEMO-01 "Samples/patient/$file" "Samples/patient/$scan" \
    --cmap "Samples/patient/$cmap" --date "$date" --muscle "$muscle" --side "$side"
done
run trend DEMO-01
run visit change DEMO-01 --from "$(awk -F, 'NR == 2 { print $3 }' Samples/patient/visits.csv)" \
  --to "$(awk -F, 'END { print $3 }' Samples/patient/visits.csv)"
run report DEMO-01 -o "$out/patient.html"

if [[ $mode == long ]]; then
  bash Scripts/demo-long.sh "$motorpool" "$out"
fi

say "Where to look"
echo "  $out/grid/report.html   the decomposed recording: rasters, counts, potentials, quality"
echo "  $out/patient.html       the patient: trend before and after therapy"
if [[ $mode == long ]]; then
  echo "  $out/wires/report.html  an array inside the muscle"
  echo "  $out/cohort.html        a cohort of 40 simulated patients"
fi
echo "  $out/registry.sqlite    the registry (motorpool patient list --registry $out/registry.sqlite)"
