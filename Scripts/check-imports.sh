#!/usr/bin/env bash
# Whether each target imports only what stands above it, and other rules of the house that a machine can
# check: no argument parsing outside executables, no command-line options in the texts of libraries, no
# folder with more than 30 Swift files.
set -euo pipefail
cd "$(dirname "$0")/.."
status=0
complain() { echo "check-imports: $*"; status=1; }

# Of this package's targets, those that each may import; C modules have their one wrapper.
declare -A may=(
  [Hashing]="COpenSSL" [Tables]="" [Progression]="" [Reports]=""
  [Signal]="CFFTW CKernels CLAPACKE COpenBLAS"
  [Recordings]="CSndfile CZlib Hashing Tables"
  [MATFiles]="CHDF5 CMatio Recordings"
  [Decomposition]="Signal"
  [UnitNumber]="Signal Tables"
  [Simulation]="Signal Recordings"
  [MotorUnits]="Decomposition Signal"
  [MethodComparison]="Simulation UnitNumber Signal"
  [Registry]="Hashing Tables"
  [Batch]="Hashing Recordings Signal Tables Reports"
  [Analyses]="CBuild Tables Signal Recordings MATFiles Decomposition UnitNumber Simulation MotorUnits
    MethodComparison Reports"
  [FollowUp]="Tables Signal Progression Recordings MATFiles Decomposition UnitNumber Simulation
    MotorUnits MethodComparison Registry Reports Analyses"
  [Terminal]="CMalloc Tables Signal Progression Recordings Decomposition UnitNumber Simulation Registry
    Reports Batch Analyses FollowUp"
  [Viewer]="Tables Signal Progression Recordings MATFiles Decomposition UnitNumber Simulation
    MotorUnits MethodComparison Registry Reports Analyses FollowUp"
)
executables="motorpool motorpool-viewer train-cmap-scan"

targets=$(cd Sources && ls -d */ | tr -d /)
for target in $targets; do
  [[ -n $(find "Sources/$target" -name '*.swift' -print -quit) ]] || continue
  imported=$(grep -rhoE '^((public|package|internal|private|@[a-z]+) )*import [A-Za-z]+' \
    --include='*.swift' "Sources/$target" | awk '{ print $NF }' | sort -u)
  if [[ " $executables " == *" $target "* ]]; then continue; fi
  if [[ -z ${may[$target]+known} ]]; then
    complain "$target has no line in the table of this script"
    continue
  fi
  for module in $imported; do
    if [[ $module == ArgumentParser ]]; then complain "$target imports $module"; fi
    if [[ " $(echo $targets) " == *" $module "* && " $(echo ${may[$target]}) " != *" $module "* ]]
    then
      complain "$target imports $module, which is not above it"
    fi
  done
  # Terminal words remedies for command lines, and so in options; those of sbatch are not this program's.
  if [[ $target == Terminal ]]; then continue; fi
  count=$(grep -rhE '"[^"]*--[a-z]' --include='*.swift' "Sources/$target" \
    | grep -cvE '^[[:space:]]*//|"sbatch"' || true)
  if [[ $count -gt 0 ]]; then
    complain "$target names options in $count texts: give the error a remedy instead"
  fi
done

while read -r folder; do
  count=$(find "$folder" -maxdepth 1 -name '*.swift' | wc -l)
  if [[ $count -gt 30 ]]; then
    complain "$folder has $count Swift files, 30 at most"
  fi
done < <(find Sources -type d)

[[ $status -eq 0 ]] && echo "imports, texts and folders are as they should be"
exit $status
