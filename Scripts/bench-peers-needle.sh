#!/usr/bin/env bash
# Sorts the same one-channel needle recordings with MotorPool and with MountainSort 5, one after the
# other on one processor, and prints units found, CPU seconds and memory as a Markdown table.
#
# MountainSort 5 is the peer because it runs on one channel without a graphics card or a probe, and
# clusters without a number of units given (ISO-SPLIT). It is made for cortical spikes: it neither
# resolves superpositions nor knows that motor units fire regularly.
#
#   PEERS_NEEDLE_VENV   Python environment to make or use (~/.cache/motorpool-peers-needle)
#   MOTORPOOL_BINARY    motorpool to measure (.build/release/motorpool)
#   NEEDLE_RECORDINGS   folder with R00108.dat and .eaf of emglab.net; left out without it
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
venv=${PEERS_NEEDLE_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/motorpool-peers-needle}
motorpool=${MOTORPOOL_BINARY:-$root/.build/release/motorpool}
mountainsort=0.5.9
spikeinterface=0.105.3
numpy=2.4.6

if [[ ! -x $motorpool ]]; then
  echo "motorpool: $motorpool is not there; run 'make build' first" >&2
  exit 1
fi
if [[ ! -x $venv/bin/python ]] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    bash Scripts/setup.sh python3 python3-venv
  fi
  echo "motorpool: making a Python environment in $venv"
  python3 -m venv "$venv"
fi
if ! "$venv/bin/python" -c 'import mountainsort5, spikeinterface' 2>/dev/null; then
  echo "motorpool: installing MountainSort 5 from PyPI into $venv"
  "$venv/bin/python" -m pip install -q "numpy==$numpy" "spikeinterface==$spikeinterface" \
    "mountainsort5==$mountainsort"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1
pin=()
if command -v taskset >/dev/null 2>&1; then
  first=$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')
  pin=(taskset -c "$first")
fi

for kind in normal neuropathic myopathic; do
  "$motorpool" simulate needle -o "$work/$kind.wav" --truth "$work/$kind.csv" --kind "$kind" \
    --units 6 --seed 77 >/dev/null
done
if [[ -n ${NEEDLE_RECORDINGS:-} && -e $NEEDLE_RECORDINGS/R00108.dat ]]; then
  cp "$NEEDLE_RECORDINGS"/R00108.{dat,hea,eaf} "$work"
fi
"${pin[@]}" "$venv/bin/python" Benchmarks/peers/needle_sorters.py "$motorpool" "$work"
grep -m1 'model name' /proc/cpuinfo 2>/dev/null | sed 's/.*: /processor: /' || true
date -u '+date: %Y-%m-%d'
