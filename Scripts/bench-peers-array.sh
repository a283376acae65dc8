#!/usr/bin/env bash
# Decomposes the same array recordings with MotorPool, MUniverse's CBSS, emgdecomp, openhdemg and SCD, one after
# the other, one thread each, and prints units found, CPU seconds and memory as Markdown tables.
#
#   usage: Scripts/bench-peers-array.sh [motorpool binary (.build/release/motorpool)]
#
#   PEERS_ARRAY_VENV   Python environment to make or use (~/.cache/motorpool-peers-array)
#   PEERS_CPU_LIMIT    CPU seconds after which a program is stopped, start-up not counted (600)
#   PEERS_SECONDS      length of the excerpts in seconds; 0 takes the whole recordings (10)
#   MOTORPOOL_SHARED   folder with data/hdsemg; without it only simulated recordings are taken
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
motorpool=${1:-$root/.build/release/motorpool}
venv=${PEERS_ARRAY_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/motorpool-peers-array}
muniverse=0.1.4
scd=0.2.4
emgdecomp=0.1.0
# Releases of openhdemg up to 0.1.2 read and analyse decompositions; the first that decomposes is this one.
openhdemg=0.2.0b2
torch=2.13.0

if [[ ! -x $motorpool ]]; then
  echo "motorpool: $motorpool is not there; run 'make build' first" >&2
  exit 1
fi
make_environment() {
  if [[ ! -x $1/bin/python ]] || ! "$1/bin/python" -m pip --version >/dev/null 2>&1; then
    if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
      bash Scripts/setup.sh python3 python3-venv
    fi
    echo "motorpool: making a Python environment in $1"
    python3 -m venv "$1"
  fi
}
installed() { # environment, package==version ...
  local python=$1/bin/python package
  shift
  for package in "$@"; do
    [[ $("$python" -m pip show "${package%%==*}" 2>/dev/null | sed -n 's/^Version: //p') == \
      "${package##*==}" ]] || return 1
  done
}
make_environment "$venv"
if ! installed "$venv" "muniverse-emg==$muniverse" "swarm-contrastive-decomposition==$scd"; then
  echo "motorpool: installing muniverse-emg $muniverse and SCD $scd from PyPI into $venv"
  # The build of PyTorch without a graphics card is a tenth of the other, where it is to be had.
  "$venv/bin/python" -m pip install -q "torch==$torch+cpu" 2>/dev/null ||
    "$venv/bin/python" -m pip install -q "torch==$torch"
  "$venv/bin/python" -m pip install -q "muniverse-emg==$muniverse" \
    "swarm-contrastive-decomposition==$scd"
fi
# emgdecomp of 2021 calls what NumPy 1.24 and SciPy 1.11 took away: an environment of its time.
other=$venv/emgdecomp
make_environment "$other"
if ! installed "$other" "emgdecomp==$emgdecomp" numpy==1.23.5; then
  echo "motorpool: installing emgdecomp $emgdecomp from PyPI into $other"
  "$other/bin/python" -m pip install -q "emgdecomp==$emgdecomp" numpy==1.23.5 scipy==1.10.1 \
    numba==0.58.1 pandas==2.0.3 scikit-learn==1.3.2
fi
# openhdemg asks for versions of its own and for Qt.
third=$venv/openhdemg
make_environment "$third"
if ! installed "$third" "openhdemg==$openhdemg"; then
  echo "motorpool: installing openhdemg $openhdemg from PyPI into $third"
  "$third/bin/python" -m pip install -q "openhdemg==$openhdemg" ||
    echo "motorpool: openhdemg $openhdemg cannot be installed here; its rows say so" >&2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# One thread everywhere, so that CPU seconds compare.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1
export MPLBACKEND=Agg
"$motorpool" simulate array -o "$work/simulated 8 x 8, 20 dB.wav" \
  --truth "$work/simulated 8 x 8, 20 dB.csv" --duration 10 --units 80 --level 30 --snr 20 \
  --seed 11 >/dev/null
"$motorpool" simulate array -o "$work/simulated 8 x 4, 25 dB.wav" \
  --truth "$work/simulated 8 x 4, 25 dB.csv" --rows 8 --columns 4 --duration 10 --units 60 \
  --level 20 --snr 25 --simulator travelling-wave --seed 12 >/dev/null
files=()
data=${MOTORPOOL_SHARED:-}/data/hdsemg
if [[ -n ${MOTORPOOL_SHARED:-} && -e $data/sim64.wav ]]; then
  files=("$data/sim64.wav" "$data/sim64_truth.csv" "$data/vastus_lateralis_64ch.mat")
else
  echo "motorpool: MOTORPOOL_SHARED holds no data/hdsemg; simulated recordings only"
fi
grep -m1 'model name' /proc/cpuinfo 2>/dev/null | sed 's/.*: /processor: /' || true
date -u '+date: %Y-%m-%d'
echo "load: $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)"
echo "versions: $("$motorpool" --version | head -1), muniverse-emg $muniverse, SCD $scd," \
  "emgdecomp $emgdecomp, openhdemg $openhdemg, $("$venv/bin/python" --version)"
"$venv/bin/python" Benchmarks/peers/array_peers.py "$motorpool" "$other/bin/python" \
  "$third/bin/python" "$work" "${files[@]}"
