#!/usr/bin/env bash
# Whether a change of the program changed its results.
#
#   check-same.sh record MOTORPOOL FOLDER   runs the program on the samples and, where they are there,
#                                           the reference recordings; keeps its results in FOLDER
#   check-same.sh compare FOLDER OTHER      compares two such folders bit for bit
#
# Versions, times, paths and settings are left out, and the hashes of manifests with them: a further
# setting is no other result. JSON that has the same numbers and texts under other names is told as
# "renamed" and is no difference. Reference files are looked for in MOTORPOOL_SHARED.
set -euo pipefail

usage() { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 64; }
[[ $# -eq 3 ]] || usage

# JSON without what differs between two runs of one result.
plain_json() {
  jq -S 'walk(if type == "object"
    then del(.software, .version, .timings, .output, .command, .provenance,
      .configuration, .response, .recipe, .parameters, .ledgerHash) else . end)'
}

record() {
  motorpool=$(realpath "$1")
  folder=$(realpath -m "$2")
  cd "$(dirname "$0")/.."
  shared=${MOTORPOOL_SHARED:-../shared}
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$folder"
  export MOTORPOOL_REGISTRY="$work/registry.sqlite"

  keep() { # NAME ARGUMENTS...: standard output, as JSON where it is JSON
    local name=$1
    shift
    # What is refused is a result too.
    "$motorpool" "$@" >"$work/output" 2>"$work/errors" || cat "$work/errors" >>"$work/output"
    if jq -e . "$work/output" >/dev/null 2>&1; then
      plain_json <"$work/output" | sed "s:$work:WORK:g" >"$folder/$name.json"
    else
      sed "s:$work:WORK:g" "$work/output" >"$folder/$name.txt"
    fi
  }
  decompose() { # NAME FILE OPTIONS...: the summary and the files of the result
    local name=$1
    shift
    echo "$name" >&2
    keep "$name" decompose "$@" --output "$work/$name" --json
    local file
    for file in "$work/$name"/*; do
      case $file in
        *.html | */manifest.json) ;;
        *.json) plain_json <"$file" >"$folder/$name-$(basename "$file")" ;;
        *) cp "$file" "$folder/$name-$(basename "$file")" ;;
      esac
    done
  }
  compare_table() { # NAME FILE OPTIONS...
    local name=$1 file=$2
    shift 2
    [[ -e $file ]] || return 0
    keep "$name" compare --table "$file" --simulations 0 --json "$@"
  }

  decompose grid Samples/grid.wav
  decompose needle Samples/needle.edf
  decompose wires Samples/wires.bdf --electrodes intramuscular
  keep track track "$work/grid" "$work/grid" --json
  keep score score "$work/grid" --truth Samples/grid-truth.csv --json

  keep patient patient add SAMPLE-01 --json
  keep therapy therapy add SAMPLE-01 --start "$(awk -F, 'NR == 6 { print $3 }' \
    Samples/patient/visits.csv)" --kind "stem cells" --json
  tail -n +2 Samples/patient/visits.csv >"$work/visits"
  while IFS=, read -r file _ date _ muscle side _ _ scan cmap; do
    echo "visit $date" >&2
    keep "visit-$date" visit add SAMPLE-01 "Samples/patient/$file" "Samples/patient/$scan" \
      --cmap "Samples/patient/$cmap" --date "$date" --muscle "$muscle" --side "$side" --json
  done <"$work/visits"
  keep trend trend SAMPLE-01 --json
  keep change visit change SAMPLE-01 --json --from "$(head -1 "$work/visits" | cut -d, -f3)" \
    --to "$(tail -1 "$work/visits" | cut -d, -f3)"
  keep sample-scans scan Samples/patient/*-scan.csv --json
  "$motorpool" simulate pool -o "$work/pool" --seed 3 >/dev/null
  keep munix munix "$work/pool/sip.edf" --cmap "$work/pool/cmap.edf" --json
  keep multipoint mune multipoint "$work/pool/sites.csv" --cmap-mv 8.4 --json
  keep sta-mune sta-mune "$work/grid" --recording Samples/grid.wav --channels 1 --cmap-mv 8.4 \
    --json

  local data="$shared/data" fits="$shared/reference/trends" scans
  if [[ -d $data ]]; then
    decompose sim64 "$data/hdsemg/sim64.wav" --mv-per-fs 1.0959
    decompose vastus "$data/hdsemg/vastus_lateralis_64ch.mat"
    decompose R00108 "$data/needle/R00108.hea"
    for file in healthy myopathy neuropathy; do
      decompose "$file" "$data/needle/emg_$file.hea"
    done
    scans=("$data"/cmap-scan/*.MEM)
    keep scans scan "${scans[@]}" --json
  fi
  local sleep=(--subject Subject --time Days --value Reaction)
  local als=(--subject patient --time month --value mune --therapy therapy_month --log)
  compare_table sleepstudy "$fits/sleepstudy.csv" "${sleep[@]}" --model m1
  compare_table sleepstudy-uncorrelated "$fits/sleepstudy.csv" "${sleep[@]}" --model uncorrelated
  compare_table als40 "$fits/als40.csv" "${als[@]}"
  compare_table als40-m1 "$fits/als40.csv" "${als[@]}" --model m1
  compare_table als40-m2 "$fits/als40.csv" "${als[@]}" --model m2 --ml
  compare_table als40-dropout "$fits/als40_dropout.csv" "${als[@]}"
  compare_table als60 "$fits/als60_two_arm.csv" "${als[@]}" --arm arm
  compare_table als24 "$fits/als24_muscles.csv" "${als[@]}" --muscle muscle
}

compare() {
  local first=$1 second=$2 status=0 file other
  # The version of a schema tells names, which is no difference either.
  local values='del(.schemaVersion?) | [.. | scalars] | sort'
  for file in "$first"/*; do
    other="$second/$(basename "$file")"
    if [[ ! -e $other ]]; then
      echo "missing: $(basename "$file")"
      status=1
    elif cmp -s "$file" "$other"; then
      continue
    elif [[ $file == *.json ]] && cmp -s <(jq "$values" "$file") <(jq "$values" "$other"); then
      echo "renamed: $(basename "$file")"
    else
      echo "differs: $(basename "$file")"
      status=1
    fi
  done
  for file in "$second"/*; do
    [[ -e "$first/$(basename "$file")" ]] || echo "new: $(basename "$file")"
  done
  [[ $status -eq 0 ]] && echo "the results are the same"
  return $status
}

case $1 in
  record) record "$2" "$3" ;;
  compare) compare "$2" "$3" ;;
  *) usage ;;
esac
