#!/usr/bin/env bash
# Everything a release needs, in order; stops at the first fault. Hours long for the sake of `make validate`.
# Usage: release-check.sh [short]   short leaves out the calibration tables
set -euo pipefail
cd "$(dirname "$0")/.."
step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }
fail() {
  echo "release-check: $1" >&2
  exit 1
}

step "version, changes and a clean tree"
version=$(sed -n 's/.*number = "\(.*\)".*/\1/p' Sources/Analyses/SoftwareVersion.swift)
grep -q "^## $version" CHANGELOG.md || fail "CHANGELOG.md has no heading $version"
grep -q "^## From .* to $version" docs/migration.md || fail "docs/migration.md has no note on $version"
grep -q "^version: $version$" CITATION.cff || fail "CITATION.cff does not name $version"
[[ -z $(git status --porcelain) ]] || fail "files are not committed"

step "tests"
bash .ci/run
[[ ${1:-} == short ]] || make validate

step "packages, twice, the same bytes"
make deb
cp .build-deb/SHA256SUMS "${TMPDIR:-/tmp}/motorpool-first-sums"
rm -rf "${MOTORPOOL_DEB_BUILD:-/var/tmp/motorpool-deb}"
make deb
diff "${TMPDIR:-/tmp}/motorpool-first-sums" .build-deb/SHA256SUMS || fail "two builds differ"
make test-deb

step "licences and parts"
make sbom
step "ready to release $version"
