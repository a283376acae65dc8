#!/usr/bin/env bash
# Prints the licences of what the packages hold of others and writes an SPDX document for each program.
# Usage: release-parts.sh   (after make deb)
set -euo pipefail
cd "$(dirname "$0")/.."
place=${MOTORPOOL_DEB_BUILD:-/var/tmp/motorpool-deb}/source
version=$(sed -n 's/.*number = "\(.*\)".*/\1/p' Sources/Analyses/SoftwareVersion.swift)
[[ -d $place/.build/checkouts ]] || {
  echo "release-parts: nothing is built in $place; run make deb first" >&2
  exit 1
}
mkdir -p .build-deb
for program in motorpool motorpool-viewer; do
  document=.build-deb/$program-$version.spdx.json
  bash Scripts/licences.sh table "$place" "$program"
  bash Scripts/licences.sh spdx "$place" "$program" >"$document"
  if python3 -c 'import json, sys
unknown = [p["name"] for p in json.load(open(sys.argv[1]))["packages"]
           if p["downloadLocation"].startswith("git+") and p["licenseDeclared"] == "NOASSERTION"]
sys.exit("licence not known: " + ", ".join(unknown) if unknown else 0)' "$document"; then
    echo "wrote $document"
  else
    exit 1
  fi
done
