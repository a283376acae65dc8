#!/usr/bin/env bash
# Walks through the viewer in a headless Chromium; skips with a message where there is none and none can be
# installed. Usage: viewer-e2e.sh VIEWER [further arguments of viewer-e2e.py]
# Needs the folder that `make demo` made. VIEWER may be the one that `make test-viewer` built:
#   bash Scripts/viewer-e2e.sh .build/debug/motorpool-viewer --quick
# walks in about 90 s. The command line that adds patients is the one beside VIEWER, or of the release build.
set -euo pipefail
cd "$(dirname "$0")/.."
viewer=$(realpath "$1")
shift
skip() { echo "viewer-e2e: skipped: $*"; exit 0; }

[[ -e demo/grid/units.json && -e demo/registry.sqlite ]] || {
  echo "viewer-e2e: run make demo first" >&2
  exit 1
}
if ! command -v chromium >/dev/null || ! command -v chromedriver >/dev/null; then
  bash Scripts/setup.sh chromium chromium-driver >/dev/null 2>&1 \
    || skip "chromium and chromium-driver are not installed"
fi
place=.build/e2e
if [[ ! -x $place/bin/python ]]; then
  { python3 -m venv "$place" && "$place/bin/pip" install -q selenium==4.51.0 axe-selenium-python==2.1.6; } \
    || { rm -rf "$place"; skip "selenium cannot be installed from PyPI"; }
fi
motorpool=
for candidate in .build/release/motorpool "$(dirname "$viewer")/motorpool"; do
  [[ -x $candidate ]] && motorpool=$(realpath "$candidate") && break
done
[[ -n $motorpool ]] || echo "viewer-e2e: no motorpool beside the viewer: the steps with uploads are left out"
axe=$(find "$place" -path '*axe-core/axe.min.js' -print -quit)
exec timeout 600 "$place/bin/python" Scripts/viewer-e2e.py "$viewer" Samples/grid.wav demo/grid \
  demo/registry.sqlite ${axe:+--axe "$axe"} ${motorpool:+--motorpool "$motorpool"} "$@"
