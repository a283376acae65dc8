#!/usr/bin/env bash
# The needle sample through decomposition and comparison with its truth, and a patient who is
# followed with a needle.
# Usage: demo-long-needle.sh MOTORPOOL OUTDIR
set -euo pipefail
motorpool=$(realpath "$1")
out=$2
cd "$(dirname "$0")/.."

run() {
  printf '$ motorpool'
  printf ' %q' "$@"
  printf '\n'
  "$motorpool" "$@"
}

printf '\n-- %s\n' "A needle: one channel, its units, and how they compare with the truth"
run decompose Samples/needle.edf --output "$out/needle"
run score "$out/needle" --truth Samples/needle-truth.csv

printf '\n-- %s\n' "What is 'false' there: distant units, which the sample's truth leaves out"
run simulate needle -o "$out/needle-again.edf" --truth "$out/needle-near.csv" \
  --distant-truth "$out/needle-distant.csv" --seed 13
run score "$out/needle" --truth "$out/needle-distant.csv"

printf '\n-- %s\n' "A patient with needle recordings: fewer units, then larger ones after reinnervation"
registry="$out/needle-patient.sqlite"
mkdir -p "$out/needle-patient"
run patient add NEEDLE-01 --registry "$registry"
visit() { # DATE KIND UNITS SEED
  "$motorpool" simulate needle -o "$out/needle-patient/$1.edf" \
    --truth "$out/needle-patient/$1.csv" --kind "$2" --units "$3" --seed "$4" >/dev/null
  run visit add NEEDLE-01 "$out/needle-patient/$1.edf" --date "$1" --muscle "biceps brachii" \
    --side left --registry "$registry"
}
visit 2026-01-12 normal 7 41
visit 2026-04-13 neuropathic 6 42
visit 2026-07-13 neuropathic 5 43
visit 2026-10-12 neuropathic 4 44
run report NEEDLE-01 --registry "$registry" -o "$out/needle-patient.html"
