#!/usr/bin/env bash
# The long part of the demo: every kind of recording, and a cohort from raw recordings.
# Usage: demo-long.sh MOTORPOOL OUTPUT_FOLDER
set -euo pipefail
motorpool=$1
out=$2
patients=${PATIENTS:-40}

say() { printf '\n-- %s\n' "$*"; }

say "One simulated recording in five formats: the same units from each"
mkdir -p "$out/formats"
for format in wav edf bdf csv mat; do
  "$motorpool" simulate array -o "$out/formats/array.$format" --truth "$out/formats/truth.csv" \
    --rows 5 --columns 4 --fs 1000 --duration 12 --units 40 --seed 5 >/dev/null
  "$motorpool" decompose "$out/formats/array.$format" --output "$out/formats/$format" >/dev/null
  printf '%s: ' "$format"
  "$motorpool" score "$out/formats/$format" --truth "$out/formats/wav/spikes.csv" |
    sed -n 's/^matched/matched with those of the WAV:/p'
done

say "An array of fine wires inside the muscle"
"$motorpool" decompose Samples/wires.bdf --electrodes intramuscular --output "$out/wires"
"$motorpool" score "$out/wires" --truth Samples/wires-truth.csv

for part in Scripts/demo-long-*.sh; do
  if [[ -e $part ]]; then bash "$part" "$motorpool" "$out"; fi
done

say "A cohort of $patients patients in two arms, one with a therapy that slows the loss; some die"
registry="$out/cohort.sqlite"
for ((k = 1; k <= patients; k++)); do
  patient=$(printf 'C%03d' "$k")
  folder="$out/cohort/$patient"
  if ((k % 2)); then after=1 arm=treated kind="stem cells"; else after=8 arm=control kind=placebo; fi
  "$motorpool" simulate patient -o "$folder" --visits 7 --therapy-month 3 --loss-before 8 \
    --loss-after "$after" --duration 8 --electrodes 4x4 --units 40 --seed $((100 + k)) >/dev/null
  "$motorpool" patient add "$patient" --arm "$arm" --registry "$registry" >/dev/null
  start=$(awk -F, 'NR == 5 { print $3 }' "$folder/visits.csv")
  "$motorpool" therapy add "$patient" --start "$start" --kind "$kind" \
    --registry "$registry" >/dev/null
  # Every fifth patient dies before the sixth visit, every eighth stops without a reason.
  last=7
  if ((k % 5 == 0 || k % 8 == 0)); then last=5; fi
  if ((k % 5 == 0)); then
    died=$(awk -F, 'NR == 7 { print $3 }' "$folder/visits.csv")
    "$motorpool" event add "$patient" --date "$died" --kind death --registry "$registry" >/dev/null
  fi
  while IFS=, read -r file _ date _ muscle side _; do
    "$motorpool" visit add "$patient" "$folder/$file" --date "$date" --muscle "$muscle" \
      --side "$side" --registry "$registry" >/dev/null </dev/null
  done < <(sed -n "2,$((last + 1))p" "$folder/visits.csv")
  printf '\r%s of %s patients' "$k" "$patients"
done
printf '\n'
"$motorpool" compare --registry "$registry" -o "$out/cohort.html"
