#!/usr/bin/env bash
# Builds the documentation of every library, one archive a target, with the examples of Snippets/ in it.
# Warnings are errors: a link to a symbol that is gone ends it.
# Usage: make-docs.sh [output folder, .build-docs] [target ...]
set -euo pipefail
cd "$(dirname "$0")/.."
output=${1:-.build-docs}
shift || true
targets=("$@")
if [[ ${#targets[@]} -eq 0 ]]; then
  mapfile -t targets < <(grep -oE '^ +\.library\(name: "[A-Za-z]+"' Package.swift |
    sed -E 's/.*"([A-Za-z]+)"/\1/')
fi
mkdir -p "$output"
for target in "${targets[@]}"; do
  if [[ ! -e Sources/$target/$target.docc/$target.md ]]; then
    echo "make-docs: $target has no catalogue Sources/$target/$target.docc/$target.md" >&2
    exit 1
  fi
  echo "== $target"
  # The web application is no part of the package's core, so that it is asked for by name.
  viewer=0
  if [[ $target == Viewer ]]; then viewer=1; fi
  MOTORPOOL_DOCS=1 MOTORPOOL_VIEWER=$viewer ${SWIFT:-swift} package ${BUILD_FLAGS:-} --disable-sandbox \
    --allow-writing-to-directory "$output" generate-documentation \
    --target "$target" --output-path "$output/$target" \
    --transform-for-static-hosting --hosting-base-path "$target" --warnings-as-errors
done
echo "documentation of ${#targets[@]} libraries is in $output"
