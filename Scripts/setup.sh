#!/usr/bin/env bash
# Installs the missing Debian packages named as arguments and checks for a Swift toolchain.
# Does nothing, quickly, where everything is there.
set -euo pipefail

missing=()
for package in "$@"; do
  if command -v dpkg-query >/dev/null 2>&1; then
    status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    [[ $status == "install ok installed" ]] || missing+=("$package")
  fi
done

if ! command -v dpkg-query >/dev/null 2>&1; then
  absent=()
  for module in fftw3f sndfile openblas lapacke matio hdf5 sqlite3 libcrypto; do
    pkg-config --exists "$module" 2>/dev/null || absent+=("$module")
  done
  if ((${#absent[@]})); then
    echo "motorpool: no apt here; install these libraries with their headers: ${absent[*]}" >&2
    exit 1
  fi
fi

if ((${#missing[@]})); then
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "motorpool: missing packages: ${missing[*]}; there is no apt-get to install them" >&2
    exit 1
  fi
  root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "motorpool: missing packages; run as root: apt-get install ${missing[*]}" >&2
      exit 1
    fi
    root=(sudo)
  fi
  echo "motorpool: installing missing Debian packages: ${missing[*]}"
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"
fi

if ! command -v swift >/dev/null 2>&1; then
  echo "motorpool: no Swift toolchain found; install Swift 6.2 or later (swift.org/install)" >&2
  echo "and put its bin folder on the PATH" >&2
  exit 1
fi
