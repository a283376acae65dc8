#!/usr/bin/env bash
# Ends commands that write the registry at each of their system calls that change a file, or lets such a call
# fail, and looks afterwards whether the registry is sound and holds all of the change or nothing of it.
#   Scripts/kill-steps.sh BINARY [STRIDE [COMMAND...]]     ends at every call, failures at every STRIDE-th (1)
# Prints a table: calls tried, lost (an older entry is gone, or the file is not sound), half (a part of the
# change is stored), unnoticed (the command said that it worked and the change is not there). Needs strace.
set -euo pipefail
program=$(realpath "$1")
stride=${2:-1}
shift; shift || true
chosen=("$@")
[[ ${#chosen[@]} -gt 0 ]] || chosen=(visit import correct restore erase seal)
command -v strace >/dev/null || { echo "kill-steps: strace is not installed" >&2; exit 64; }
samples=$(cd "$(dirname "$0")/../Samples/patient" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export SWIFT_BACKTRACE=enable=no MOTORPOOL_REGISTRY=$folder/run.sqlite
pool() { "$program" "$@"; }
calls=write,writev,pwrite64,pwritev,fsync,fdatasync,ftruncate,fallocate,rename,renameat,renameat2,link,linkat
calls+=,unlink,unlinkat,mkdir,mkdirat,chmod,fchmod,fchmodat

# A small registry with a backup that is one patient younger.
base() {
  pool patient add P001 --arm a
  pool visit add P001 --date 2025-01-15
  pool measure add P001 --date 2025-01-15 --kind munix --value 80 --muscle "tibialis anterior" --side left
  pool registry backup --to backup.sqlite
  pool patient add P002
  pool visit add P002 "$samples/visit01-scan.csv" --date 2025-01-15 --muscle "tibialis anterior" --side left
  pool registry key --key site.key
  printf 'subject,date,kind,value,muscle,side\n' >table.csv
  for number in 1 2 3; do printf 'I%s,2025-03-01,munix,%s,apb,left\n' $number $((70 + number)) >>table.csv; done
} >/dev/null
base
cp run.sqlite base.sqlite
value() { sed -n "s/.*\"$1\" : \"\{0,1\}\([^\",]*\).*/\1/p" <<<"$2" | head -1; }
record=$(pool registry records P001 --table measurement | awk 'NR > 1 && $2 == "measurement" { print $1; exit }')
whole=$(pool registry verify --json)
young=$(pool registry verify --registry backup.sqlite --json)

arguments() {
  case $1 in
    visit) words=(visit add P001 "$samples/visit02-scan.csv" --date 2025-02-15 --muscle "tibialis anterior" --side left) ;;
    import) words=(import table.csv) ;;
    correct) words=(registry correct "$record" value=84 --reason "digits transposed") ;;
    restore) words=(registry restore --from backup.sqlite --discard-later) ;;
    erase) words=(patient erase P002 --confirm P002 --reason "on request") ;;
    seal) words=(registry seal --to seal.txt --key site.key) ;;
  esac
}

fresh() { rm -rf run.sqlite* seal.txt .motorpool-*; rm -f run.*; cp base.sqlite run.sqlite; }

status=0
printf '| command | fault | calls | tried | lost | half | unnoticed |\n|---|---|---|---|---|---|---|\n'
for name in "${chosen[@]}"; do
  arguments "$name"
  # Entries before and after, and an entry that both share.
  before=$(value entries "$whole"); shared=$(value headHash "$whole")
  if [[ $name == restore ]]; then shared=$(value headHash "$young"); fi
  fresh
  strace -f -qq -e trace="$calls" -o trace.txt "$program" "${words[@]}" >/dev/null
  total=$(grep -c . trace.txt)
  after=$(value entries "$(pool registry verify --json)")
  for fault in signal=SIGKILL error=ENOSPC error=EIO; do
    tried=0; lost=0; half=0; unnoticed=0; pace=$stride
    if [[ $fault == signal=* ]]; then pace=1; fi
    for ((step = 1; step <= total; step += pace)); do
      fresh
      code=0
      # In a shell of its own, so that this one does not tell of every kill.
      bash -c '"$@"; exit $?' _ strace -f -qq -e trace="$calls" \
        -e inject="$calls:$fault:when=$step" -o /dev/null \
        "$program" "${words[@]}" >said.txt 2>&1 || code=$?
      tried=$((tried + 1))
      if found=$(pool registry verify --expect "$shared" --json 2>verify.txt); then
        entries=$(value entries "$found")
        if [[ $entries != "$before" && $entries != "$after" ]]; then
          half=$((half + 1)); echo "$name $fault $step: $entries entries, $before or $after expected" >&2
        fi
        if [[ $code == 0 && $entries != "$after" ]]; then
          unnoticed=$((unnoticed + 1)); echo "$name $fault $step: said it worked" >&2
        fi
      else
        lost=$((lost + 1)); echo "$name $fault $step: $(head -c 300 verify.txt)" >&2
      fi
      # A seal is there whole or not at all.
      if [[ -e seal.txt ]] && ! pool registry verify --seal seal.txt >/dev/null 2>&1; then
        half=$((half + 1)); echo "$name $fault $step: half a seal" >&2
      elif [[ $name == seal && $code == 0 && ! -e seal.txt ]]; then
        unnoticed=$((unnoticed + 1)); echo "$name $fault $step: no seal" >&2
      fi
    done
    printf '| %s | %s | %s | %s | %s | %s | %s |\n' \
      "$name" "${fault#*=}" "$total" "$tried" "$lost" "$half" "$unnoticed"
    if [[ $((lost + half + unnoticed)) -gt 0 ]]; then status=1; fi
  done
done
exit $status
