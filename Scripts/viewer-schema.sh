#!/usr/bin/env bash
# Asks every route of the viewer's interface with what its description allows and forbids, by schemathesis,
# and reports answers that the description does not name. Skips with a message where it cannot be installed.
# Usage: viewer-schema.sh VIEWER [EXAMPLES]
# Needs the folder that `make demo` made; works on copies. Bounded to ten minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
viewer=$(realpath "$1")
examples=${2:-15}
[[ -e demo/grid/units.json && -e demo/registry.sqlite ]] || {
  echo "viewer-schema: run make demo first" >&2
  exit 1
}
place=$PWD/.build/schema
if [[ ! -x $place/bin/schemathesis ]]; then
  { python3 -m venv "$place" && "$place/bin/pip" install -q schemathesis==4.32.5; } \
    || { rm -rf "$place"; echo "viewer-schema: skipped: schemathesis cannot be installed from PyPI"; exit 0; }
fi
folder=$(mktemp -d)
cp demo/registry.sqlite "$folder/registry.sqlite"
cp -r demo/grid "$folder/results"
configuration=$(printf '{"file":"%s","output":"%s/results","registry":"%s/registry.sqlite","options":{"roles":{}},
  "host":"127.0.0.1","port":0,"author":"schema","printsJSON":true,"opensBrowser":false,"servesMetrics":false}' \
  "$PWD/Samples/grid.wav" "$folder" "$folder")
"$viewer" --serve "$configuration" >"$folder/addresses" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 1 100); do [[ -s $folder/addresses ]] && break; sleep 0.1; done
address=$(sed -n '1s/.*"address":"\([^"]*\)".*/\1/p' "$folder/addresses")
root=${address%/start*}
token=$(curl -fsS -c "$folder/cookies" "$root/api/v1/session" -H 'Content-Type: application/json' \
  -d "{\"token\":\"${address#*token=}\"}" | sed 's/.*"token":"\([^"]*\)".*/\1/')
cookie=$(awk '/motorpool/ { print $6 "=" $7 }' "$folder/cookies")
# Left out: what ends the session, what starts work for minutes, and streams of events. A request may fit its
# description and still make no sense (an empty view, a unit that is not there): 400 to 422 are answers to that.
cat >"$folder/schemathesis.toml" <<'TOML'
[generation]
with-security-parameters = false
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "401", "403", "404", "409", "422"]
TOML
cd "$folder"
timeout 600 "$place/bin/schemathesis" --config-file "$folder/schemathesis.toml" run "$root/api/v1/openapi.json" \
  -H "Cookie: $cookie" -H "X-MotorPool-Token: $token" \
  --exclude-path /api/v1/session --exclude-path-regex 'events$' \
  --exclude-operation-id postApiV1Runs --exclude-checks ignored_auth \
  --phases examples,coverage,fuzzing --max-examples "$examples" --seed 1 --request-timeout 60 --no-color
