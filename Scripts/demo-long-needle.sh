#!/usr/bin/env bash
# The needle sample through decomposition and comparison with its truth.
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
