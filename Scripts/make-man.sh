#!/usr/bin/env bash
# Writes the manual pages of a built motorpool, one a subcommand, with the tool of the argument parser.
# Usage: make-man.sh MOTORPOOL PARSER-CHECKOUT SCRATCH DATE OUTPUT
set -euo pipefail
motorpool=$1 parser=$2 scratch=$3 date=$4 output=$5
[[ -d $parser/Tools/generate-manual ]] || {
  echo "make-man: $parser: the argument parser's sources are not there; build first" >&2
  exit 1
}
${SWIFT:-swift} build -c release --package-path "$parser" --scratch-path "$scratch" \
  --product generate-manual >&2
mkdir -p "$output"
"$scratch/release/generate-manual" "$motorpool" --multi-page --date "$date" \
  --authors "The MotorPool maintainers" --output-directory "$output" >&2
gzip -9nf "$output"/*.1
