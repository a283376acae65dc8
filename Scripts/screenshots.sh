#!/usr/bin/env bash
# Photographs the viewer's pages, light and dark, narrow and wide, into .build/screenshots, and puts the
# pictures that the documentation shows into docs/images. Usage: screenshots.sh VIEWER
# Needs the folder that `make demo` made, and Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
viewer=$1
place=.build/screenshots
command -v chromium >/dev/null || { echo "screenshots: Chromium is not installed" >&2; exit 1; }
rm -rf "$place"
bash Scripts/viewer-e2e.sh "$viewer" --screenshots "$place"
bash Scripts/viewer-e2e.sh "$viewer" --quick --walk "$place"
chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars --window-size=1000,1180 \
  --screenshot="$PWD/$place/report.png" "file://$PWD/demo/grid/report.html" 2>/dev/null
keep() { cp "$place/$1.png" "docs/images/$2.png"; }
keep report report
keep walk-run viewer
keep walk-drop viewer-drop
keep walk-doubts viewer-doubts
ls -l docs/images
