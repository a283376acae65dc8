#!/usr/bin/env bash
# Fits the same simulated cohorts with MotorPool, lme4 (with pbkrtest) and statsmodels, one after the
# other on one processor, and prints CPU seconds, REML criteria and ratios as Markdown tables.
#
#   PEERS_VENV      Python environment to make or use (~/.cache/motorpool-peers)
#   BENCH_SCRATCH   build folder (Benchmarks/.build)
#   PEERS_LARGE=1   fits the 10,000 patients with statsmodels too, which takes many minutes
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
venv=${PEERS_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/motorpool-peers}
scratch=${BENCH_SCRATCH:-$root/Benchmarks/.build}
statsmodels=0.14.5

bash Scripts/setup.sh r-cran-lme4 r-cran-pbkrtest
# Tested by use: Debian's Python is without venv until python3-venv is there.
if [[ ! -x $venv/bin/python ]] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    bash Scripts/setup.sh python3 python3-venv
  fi
  echo "motorpool: making a Python environment in $venv"
  python3 -m venv "$venv"
fi
if ! "$venv/bin/python" -c 'import statsmodels' 2>/dev/null; then
  echo "motorpool: installing statsmodels $statsmodels from PyPI into $venv"
  "$venv/bin/python" -m pip install -q "statsmodels==$statsmodels"
fi

echo "motorpool: building the benchmarks"
${SWIFT:-swift} build -c release --package-path Benchmarks --scratch-path "$scratch" \
  --product cohort-figures >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# One thread everywhere, so that CPU seconds compare.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1
pin=()
if command -v taskset >/dev/null 2>&1; then
  first=$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')
  pin=(taskset -c "$first")
fi
echo "motorpool: fitting with MotorPool"
"${pin[@]}" "$scratch/release/cohort-figures" peers "$work"
echo "motorpool: fitting with lme4 and pbkrtest"
"${pin[@]}" Rscript --vanilla Benchmarks/peers/lme4.R "$work"
echo "motorpool: fitting with statsmodels"
"${pin[@]}" "$venv/bin/python" Benchmarks/peers/statsmodels_fit.py "$work" "${PEERS_LARGE:-0}"

echo
grep -m1 'model name' /proc/cpuinfo 2>/dev/null | sed 's/.*: /processor: /' || true
date -u '+date: %Y-%m-%d'
echo "load: $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)"
python3 Benchmarks/peers/table.py "$work"
