#!/usr/bin/env bash
# Builds the documentation of the library targets that have a catalogue, one archive a target.
# Usage: make-docs.sh [output folder, .build-docs]
set -euo pipefail
cd "$(dirname "$0")/.."
output=${1:-.build-docs}
mkdir -p "$output"
for catalogue in Sources/*/*.docc; do
  target=$(basename "$catalogue" .docc)
  MOTORPOOL_DOCS=1 ${SWIFT:-swift} package --disable-sandbox --allow-writing-to-directory "$output" \
    generate-documentation --target "$target" --output-path "$output/$target" \
    --transform-for-static-hosting --hosting-base-path "$target" --warnings-as-errors
done
echo "documentation is in $output"
