#!/usr/bin/env bash
# Makes the tables of docs/unit-tracking.md: sessions of 40 simulated muscles before and after a change
# are recorded and decomposed (resumable, about an hour of CPU), then matched and judged.
# Usage: change-experiment.sh [folder of the sessions] [muscles of each simulator, 20]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-change-experiment-sessions}
muscles=${2:-20}
scratch=${BENCH_SCRATCH:-$PWD/Benchmarks/.build}
${SWIFT:-swift} build -c release --package-path Benchmarks --scratch-path "$scratch" \
  --product change-experiment >&2
tool="$scratch/release/change-experiment"
"$tool" record "$folder" --up-to "$muscles" >&2
"$tool" matching "$folder" --muscles "$muscles"
"$tool" indices "$folder" --from $((muscles / 2)) --up-to "$muscles"
