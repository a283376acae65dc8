#!/usr/bin/env bash
# Makes the recordings in Samples again; the same commands stand in Samples/README.md.
set -euo pipefail
motorpool=$(realpath "$1")
cd "$(dirname "$0")/../Samples"

"$motorpool" simulate array -o grid.wav --truth grid-truth.csv \
  --rows 6 --columns 5 --fs 1000 --duration 15 --units 50 --snr 20 --level 25 --seed 11
"$motorpool" simulate array -o wires.bdf --truth wires-truth.csv \
  --electrodes intramuscular --channels 8 --fs 5000 --duration 6 --units 30 --snr 20 --level 12 \
  --seed 12
"$motorpool" simulate patient -o patient --visits 9 --therapy-month 4 --formats edf,wav \
  --loss-before 8 --loss-after 1 --stimulation --seed 21
"$motorpool" simulate needle -o needle.edf --truth needle-truth.csv \
  --kind normal --fs 10000 --duration 10 --units 6 --seed 13
