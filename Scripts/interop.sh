#!/usr/bin/env bash
# Exchanges files with other programs and prints a table of what was compared and the largest difference.
# Fails where a difference exceeds its limit; skipped with a message where the Python environments cannot
# be made. Every Scripts/interop/NAME.py is run with the program and the samples as its arguments: in an
# environment for each NAME.*.txt beside it (versions of one package), else in a shared one
# (requirements.txt).
#
#   INTEROP_VENV   folder of the environments (~/.cache/motorpool-interop)
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(realpath "${1:?name the motorpool program}")
folder=${INTEROP_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/motorpool-interop}

skip() {
  echo "motorpool: interoperability not checked: $*" >&2
  exit 0
}

# Makes an environment with the packages of a list, again where the list has changed.
environment() {
  local list=$1 place=$2
  if [[ -x $place/bin/python ]] && cmp -s "$list" "$place/packages.txt"; then return; fi
  rm -rf "$place"
  echo "motorpool: installing the packages of $list from PyPI into $place" >&2
  python3 -m venv "$place" >&2 && "$place/bin/python" -m pip install -q -r "$list" >&2 || return 1
  cp "$list" "$place/packages.txt"
}

command -v python3 > /dev/null || skip "there is no python3"
python3 -c 'import venv, ensurepip' 2> /dev/null || skip "python3-venv is missing"
status=0

# The package lists of a script: its own ones, else the shared one.
lists() {
  local name
  name=$(basename "$1" .py)
  compgen -G "Scripts/interop/$name.*.txt" || echo Scripts/interop/requirements.txt
}

# Installing takes most of the time of a first run: all environments at once.
declare -A waiting=()
for list in $(for script in Scripts/interop/*.py; do lists "$script"; done | sort -u); do
  environment "$list" "$folder/$(basename "$list" .txt)" &
  waiting[$list]=$!
done
for list in "${!waiting[@]}"; do
  wait "${waiting[$list]}" || skip "the packages of $list cannot be installed"
done

echo "$("$binary" --version), $(date -u +%F)"
echo
echo "| program | direction | compared | largest difference |"
echo "|---|---|---|---|"
for script in Scripts/interop/*.py; do
  for list in $(lists "$script"); do
    "$folder/$(basename "$list" .txt)/bin/python" "$script" "$binary" "$PWD/Samples" || status=1
  done
done
exit $status
