#!/usr/bin/env bash
# Fuzzes every parser for some seconds, from the seeds in Fuzz/Seeds and the recordings in Samples, and prints
# a table: executions, findings, peak memory. Ends with 1 where something was found; what was found is kept
# in Fuzz/.build/found.
#   Scripts/fuzz.sh [SECONDS [TARGET...]]      60 seconds each by default
# MAT and NWB are read by a child process of the release build (MOTORPOOL_BINARY); without it they are left out.
# FUZZ_JOBS runs as many targets at once; SWIFT names the compiler, FUZZ_PROGRAMS a folder of programs that are
# built already.
# FUZZ_CONFIGURATION=debug builds in a fraction of the time what is slower, for the short runs of .ci/run;
# FUZZ_SEED=1 tries the same inputs in the same order, FUZZ_RUNS=N ends each target after N of them: a quick
# machine then tries nothing that a slow one with more seconds did not. FUZZ_LENGTH limits the bytes of an input.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
swift=${SWIFT:-swift}
out=$PWD/Fuzz/.build
configuration=${FUZZ_CONFIGURATION:-release}
programs=${FUZZ_PROGRAMS:-$out/$configuration}
mkdir -p "$out/found" "$out/corpus" "$out/log"

# -parse-as-library and the sanitizer apply to every Swift file, so that all parsers are instrumented. Built
# for release: ten times the executions; bounds, overflow and preconditions are checked all the same.
if [[ -z ${FUZZ_PROGRAMS:-} ]]; then
  "$swift" build -c "$configuration" --package-path Fuzz -Xswiftc -sanitize=fuzzer,address \
    -Xswiftc -parse-as-library >"$out/log/build.txt" 2>&1 ||
    { tail -n 20 "$out/log/build.txt"; exit 1; }
fi

# Each program tells its targets; programs are of a few libraries each, which is faster.
declare -A of
known=()
for program in recordings registry results tables; do
  for target in $(MOTORPOOL_FUZZ=list "$programs/motorpool-fuzz-$program" 2>&1 | sed -n 's/.*one of: //p'); do
    of[$target]=$programs/motorpool-fuzz-$program
    known+=("$target")
  done
done
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] || targets=("${known[@]}")
for target in "${targets[@]}"; do
  [[ -n ${of[$target]:-} ]] || { echo "fuzz: there is no target $target; there are ${known[*]}" >&2; exit 64; }
done

export MOTORPOOL_BINARY=${MOTORPOOL_BINARY:-$PWD/.build/release/motorpool}
if [[ ! -x $MOTORPOOL_BINARY ]]; then
  echo "fuzz: mat and nwb are left out: there is no $MOTORPOOL_BINARY" >&2
  left=()
  for target in "${targets[@]}"; do [[ $target == mat || $target == nwb ]] || left+=("$target"); done
  targets=("${left[@]}")
fi

# Beginnings of the samples: headers are where parsers take decisions.
beginnings() {
  mkdir -p "$2"
  for file in $1; do
    if [[ -f $file ]]; then head -c 6000 "$file" >"$2/sample-$(basename "$file")"; fi
  done
}

run() {
  local target=$1 program=$2 corpus=$out/corpus/$1
  mkdir -p "$corpus" "$out/found/$target"
  case $target in
    audio) beginnings "Samples/grid.wav" "$corpus" ;;
    edf) beginnings "Samples/*.edf Samples/*.bdf Samples/patient/visit01-cmap.edf" "$corpus" ;;
    samples-table) beginnings "Samples/patient/visit01-scan.csv" "$corpus" ;;
    scan) beginnings "Samples/patient/visit01-scan.csv" "$corpus" ;;
    tables | import | manifest) beginnings "Samples/patient/visits.csv Samples/wires-truth.csv" "$corpus" ;;
  esac
  [[ -d Fuzz/Seeds/$target ]] && cp Fuzz/Seeds/"$target"/* "$corpus"/
  local longest=${FUZZ_LENGTH:-16384}
  # What these formats begin with is longer.
  if [[ $target == mat || $target == nwb ]]; then longest=65536; fi
  # An input may take 10 s and 700 MB, of which the sanitizer takes a part; one allocation 300 MB.
  MOTORPOOL_FUZZ=$target SWIFT_BACKTRACE=enable=no SWIFT_DETERMINISTIC_HASHING=1 ASAN_OPTIONS=detect_leaks=0 \
    "$program" -max_total_time="$seconds" -max_len="$longest" -timeout=10 -rss_limit_mb=700 \
    -malloc_limit_mb=300 -print_final_stats=1 ${FUZZ_SEED:+-seed="$FUZZ_SEED"} ${FUZZ_RUNS:+-runs="$FUZZ_RUNS"} \
    -artifact_prefix="$out/found/$target/" \
    "$corpus" >"$out/log/$target.txt" 2>&1 || true
}
export -f run beginnings
export out seconds
for target in "${targets[@]}"; do printf '%s\0%s\0' "$target" "${of[$target]}"; done |
  xargs -0 -n 2 -P "${FUZZ_JOBS:-1}" bash -c 'run "$1" "$2"' _
# What ended programs left; another run may be under way.
for folder in /dev/shm/motorpool-fuzz-* /tmp/motorpool-fuzz-*; do
  if [[ -d $folder && ! -d /proc/${folder##*-} ]]; then rm -rf "$folder"; fi
done

status=0
printf '| target | executions | features | crashes | hangs | out of memory | peak MB |\n|---|---|---|---|---|---|---|\n'
for target in "${targets[@]}"; do
  log=$out/log/$target.txt
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -1)
  peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$log" | tail -1)
  # Where a finding ended the run, the last line of progress tells how far it came.
  [[ -n $executions ]] || executions=$(sed -n 's/^#\([0-9]*\).*/\1/p' "$log" | tail -1)
  features=$(sed -n 's/.* ft: \([0-9]*\).*/\1/p' "$log" | tail -1)
  count() { find "$out/found/$target" -name "$1*" | wc -l; }
  crashes=$(count crash-); hangs=$(count timeout-); memory=$(count oom-)
  printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$target" "${executions:-0}" "${features:-0}" \
    "$crashes" "$hangs" "$memory" "${peak:--}"
  # A target that did not run at all is a finding too.
  if [[ $((crashes + hangs + memory)) -gt 0 || ${executions:-0} -eq 0 ]]; then status=1; fi
done
exit $status
