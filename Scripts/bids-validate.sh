#!/usr/bin/env bash
# Decomposes a small simulated BIDS dataset and has the official validator look at the derivative.
#
#   bash Scripts/bids-validate.sh BINARY
#
# Passed over where the validator is missing (pip install bids-validator-deno).
set -euo pipefail
binary=$(realpath "${1:?usage: bids-validate.sh BINARY}")
validator=${BIDS_VALIDATOR:-bids-validator-deno}
if ! command -v "$validator" > /dev/null; then
  echo "bids-validate: skipped: no $validator (pip install bids-validator-deno)"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for name in sub-01/ses-1/emg/sub-01_ses-1_task-hold sub-02/emg/sub-02_task-hold_run-1; do
  mkdir -p "data/$(dirname "$name")"
  "$binary" simulate array -o "data/${name}_emg.edf" --truth truth.csv --force --rows 3 --columns 4 \
    --duration 6 --units 20 > /dev/null
done
echo '{"Name": "simulated", "BIDSVersion": "1.11.1"}' > data/dataset_description.json
"$binary" bids data out participant
"$binary" bids data out group > /dev/null
"$validator" --version
"$validator" out
