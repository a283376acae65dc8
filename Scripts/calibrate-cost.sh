#!/usr/bin/env bash
# Measures what decompositions of simulated recordings cost, fits the cost model to one set of them and
# judges the weights that are built in by another set.
#
#   bash Scripts/calibrate-cost.sh BINARY [FITTED] [JUDGED] [SEED]
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(realpath "${1:?usage: calibrate-cost.sh BINARY [FITTED] [JUDGED] [SEED]}")
fitted=${2:-80} judged=${3:-60} seed=${4:-1}
swift build -c release --package-path Benchmarks --product scale-suite >&2
suite=Benchmarks/.build/release/scale-suite
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$suite" measure --binary "$binary" --count "$fitted" --seed "$seed" > "$work/fit.tsv"
"$suite" measure --binary "$binary" --count "$judged" --seed "$((seed + 1000))" > "$work/judge.tsv"
echo "Weights fitted to $fitted recordings (seed $seed):"
"$suite" fit "$work/fit.tsv"
echo "Weights of the source, judged by $judged other recordings (seed $((seed + 1000))):"
"$suite" fit "$work/judge.tsv" --judge
