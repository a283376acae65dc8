#!/usr/bin/env bash
# Prints the calibration tables of docs/statistics.md: type I error and interval coverage of the mixed
# models at 20, 40 and 100 patients over the SD of the change of slope, and type I error under correlated,
# uneven and missing errors at 12, 20 and 40 patients, from a fixed seed.
# Usage: validate.sh [cohorts a cell, 2000] [seed, 2026]
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=${BENCH_SCRATCH:-$PWD/Benchmarks/.build}
${SWIFT:-swift} build -c release --package-path Benchmarks --scratch-path "$scratch" \
  --product cohort-figures >&2
"$scratch/release/cohort-figures" calibration --replicates "${1:-2000}" --seed "${2:-2026}"
"$scratch/release/cohort-figures" residuals --replicates "${1:-2000}" --seed "${2:-2026}"
