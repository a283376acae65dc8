#!/usr/bin/env bash
# Runs a job array on a real Slurm of one node while programs, step daemons and the node's daemon are
# killed, and compares the results with an undisturbed run, byte for byte.
#
#   bash Scripts/slurm-test.sh BINARY [TASKS] [SEED]
#
# Needs root and the Debian packages slurm-wlm and munge; is passed over where they are missing. All of
# it lives in one temporary folder, and only processes that were started here are ended.
set -euo pipefail
binary=$(realpath "${1:?usage: slurm-test.sh BINARY [TASKS] [SEED]}")
tasks=${2:-200}
RANDOM=${3:-1}

skip() { echo "slurm-test: skipped: $*"; exit 0; }
fail() { echo "slurm-test: FAILED: $*" >&2; exit 1; }
for tool in slurmctld slurmd munged sbatch scontrol squeue; do
  command -v "$tool" > /dev/null || skip "$tool is missing (apt-get install slurm-wlm munge)"
done
[[ $(id -u) -eq 0 ]] || skip "only root can start its own Slurm"

work=$(mktemp -d /tmp/motorpool-slurm.XXXXXX)
chmod 755 "$work"
mkdir -p "$work"/{run,log,state,spool,data}
touch "$work/log/jobcomp.txt"
port=$((20000 + $$ % 20000))
export SLURM_CONF="$work/slurm.conf"
controller='' node='' munge=''

# Programs of our own jobs: run from the binary under test, with this folder in their command line.
programs() {
  local pid
  for pid in $(pgrep -f -- "$1"); do
    if [[ $(readlink "/proc/$pid/exe" 2> /dev/null) == "$binary" ]]; then echo "$pid"; fi
  done
}
# Step daemons of our own jobs with the script below: its command line names this folder's spool.
steps() {
  local pid parent
  for pid in $(pgrep -f -- "$work/spool/"); do
    parent=$(ps -o ppid= -p "$pid" | tr -d ' ') || continue
    if [[ $(ps -o comm= -p "$parent") == slurmstepd* ]]; then echo "$parent $pid"; fi
  done
}
clean_up() {
  local pid
  set +e
  [[ -n $controller ]] && scancel --quiet --user=root 2> /dev/null
  for pid in $controller $node $munge; do
    { kill -KILL "$pid"; wait "$pid"; } 2> /dev/null
  done
  for pid in $(steps) $(programs "$work/"); do kill -KILL "$pid" 2> /dev/null; done
  if [[ -n ${KEEP:-} ]]; then echo "slurm-test: kept $work"; else rm -rf "$work"; fi
}
trap clean_up EXIT

cat > "$SLURM_CONF" << END
ClusterName=one
SlurmctldHost=localhost
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/run/munge.socket,cred_expire=20
SlurmctldPort=$port
SlurmdPort=$((port + 1))
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/run/slurmctld.pid
SlurmdPidFile=$work/run/slurmd.pid
SlurmctldLogFile=$work/log/slurmctld.log
SlurmdLogFile=$work/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
PropagateResourceLimits=NONE
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=5
MinJobAge=3600
MaxArraySize=20001
MaxJobCount=50000
JobRequeue=1
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$work/log/jobcomp.txt
NodeName=localhost CPUs=4 RealMemory=16000 State=UNKNOWN
PartitionName=main Nodes=localhost Default=YES MaxTime=INFINITE State=UP
END
dd if=/dev/urandom of="$work/munge.key" bs=1 count=128 status=none
chmod 600 "$work/munge.key"
munged --foreground --force --key-file="$work/munge.key" --socket="$work/run/munge.socket" \
  --pid-file="$work/run/munged.pid" --seed-file="$work/run/munged.seed" 2> "$work/log/munged.log" &
munge=$!
for _ in {1..100}; do [[ -S $work/run/munge.socket ]] && break; sleep 0.1; done
slurmctld -D -c > /dev/null 2>&1 &
controller=$!
start_node() { slurmd -D -N localhost > /dev/null 2>&1 & node=$!; }
start_node
for _ in {1..300}; do [[ $(sinfo -h -o %T 2> /dev/null) == idle ]] && break; sleep 0.2; done
[[ $(sinfo -h -o %T) == idle ]] || fail "the node does not come up: $(tail -3 "$work/log/slurmd.log")"

# Ten different recordings, which the tasks share, and a list with a patient and a date for each task.
echo '{"Name": "simulated", "BIDSVersion": "1.11.1"}' > "$work/data/dataset_description.json"
different=$((tasks < 10 ? tasks : 10))
seq "$different" | xargs -P 4 -I '{}' "$binary" simulate array -o "$work/different-{}.edf" \
  --truth "$work/truth-{}.csv" --rows 3 --columns 4 --duration 8 --units 25 --seed '{}' > /dev/null
printf 'path\tpatient\tdate\n' > "$work/files.tsv"
for ((task = 0; task < tasks; task++)); do
  name=$(printf 'sub-%04d' "$task")
  mkdir -p "$work/data/$name/emg"
  path="$name/emg/${name}_task-hold_emg.edf"
  cp "$work/different-$((task % different + 1)).edf" "$work/data/$path"
  printf '%s\tP%04d\t2025-%02d-%02d\n' "$path" "$task" "$((task % 12 + 1))" "$((task % 28 + 1))" \
    >> "$work/files.tsv"
done
echo "slurm-test: $tasks recordings made after $SECONDS s"
seq 0 3 | xargs -P 4 -I '{}' "$binary" bids "$work/data" "$work/plain" participant \
  --manifest "$work/files.tsv" --shard '{}/4' > "$work/log/plain.txt" 2>&1 \
  || fail "undisturbed run: $(tail -1 "$work/log/plain.txt")"
echo "slurm-test: undisturbed run done after $SECONDS s"

began=$SECONDS
"$binary" slurm submit "$work/data" "$work/out" --manifest "$work/files.tsv" --shards "$tasks" \
  --max-tasks 20000 --registry "$work/registry.sqlite"

# Kills, spread over the run: a program that works on a recording, the program that leads a pack, a
# step daemon with all below it, the node's daemon (each of these comes back after a second).
count() { find "$1" -name "$2" -not -path "$1/.*" | wc -l; }
left() { squeue -h -r -t all -n motorpool -o %T | grep -cE 'PENDING|RUNNING|COMPLETING|REQUEUE' || true; }
declare -A kills=([recording]=0 [pack]=0 [step]=0 [node]=0)
want_recording=$(((tasks + 9) / 10)) want_pack=$(((tasks + 19) / 20))
want_step=$(((tasks + 19) / 20)) want_node=$(((tasks + 39) / 40 + 1))
restart_node() {
  { kill -KILL "$node"; wait "$node"; } 2> /dev/null || true
  sleep 1
  start_node
}
pick() { if (($# > 0)); then shift $((RANDOM % $#)); echo "$1"; fi; }
limit=$((SECONDS + 120 + 20 * tasks)) due=0
while true; do
  if [[ $(left) -eq 0 ]]; then break; fi
  ((SECONDS < limit)) || fail "jobs are left after $((SECONDS - began)) s: $(squeue -h -r | head -3)"
  sleep "0.$((RANDOM % 4 + 1))"
  if [[ $due -gt 0 && $SECONDS -ge $due ]]; then
    restart_node
    kills[node]=$((kills[node] + 1))
    due=0
  fi
  case $((RANDOM % 11)) in
    [0-4])
      victim=$(pick $(programs "decompose $work/"))
      if [[ -n $victim && ${kills[recording]} -lt $want_recording ]]; then
        kill -KILL "$victim" 2> /dev/null && kills[recording]=$((kills[recording] + 1))
      fi
      ;;
    [5-7])
      victim=$(pick $(programs "bids $work/"))
      if [[ -n $victim && ${kills[pack]} -lt $want_pack ]]; then
        kill -KILL "$victim" 2> /dev/null && kills[pack]=$((kills[pack] + 1))
      fi
      ;;
    8 | 9)
      if [[ ${kills[step]} -lt $want_step ]]; then
        pair=$(steps | shuf -n 1 --random-source=<(yes "$RANDOM"))
        if [[ -n $pair ]]; then
          read -r daemon script <<< "$pair"
          below=$(pgrep -P "$script" || true)
          lowest=$(for pid in $below; do pgrep -P "$pid" || true; done)
          kill -KILL $daemon $script $below $lowest 2> /dev/null || true
          kills[step]=$((kills[step] + 1))
          # The job is a ghost until the node's daemon reports anew. The controller believes a job of
          # less than 20 s to be on its way, so the daemon is started again after that.
          due=$((SECONDS + 30))
        fi
      fi
      ;;
    10)
      if [[ ${kills[node]} -lt $want_node ]]; then
        restart_node
        kills[node]=$((kills[node] + 1))
      fi
      ;;
  esac
done
took=$((SECONDS - began))
for _ in {1..600}; do
  [[ $(squeue -h -t PENDING,RUNNING,COMPLETING -n motorpool-group | wc -l) -eq 0 ]] && break
  sleep 0.5
done
"$binary" slurm status "$work/out"
again() { { grep -lE "\"restarts\" *: *$1([,}]|\$)" "$work"/out/.status/*.json || true; } 2> /dev/null | wc -l; }
once=$(again 1) twice=$(again 2) thrice=$(again 3)
# What Slurm gave up, as a task that reached its time limit as a ghost, is done by submitting again.
gone=$((tasks - $(count "$work/out" done.json)))
if [[ $gone -gt 0 ]]; then
  "$binary" slurm submit "$work/data" "$work/out" --manifest "$work/files.tsv" --shards "$tasks" \
    --max-tasks 20000 --registry "$work/registry.sqlite"
  for _ in {1..2400}; do [[ $(squeue -h -r | wc -l) -eq 0 ]] && break; sleep 0.5; done
fi

# Nothing lost, nothing doubled, the same bytes.
[[ $(count "$work/out" done.json) -eq $tasks ]] || fail "$(count "$work/out" done.json) results"
diff -r -q -x .status -x .work -x .slurm -x 'group*' "$work/plain" "$work/out" \
  || fail "the results differ from the undisturbed run"
for _ in 1 2; do
  "$binary" bids "$work/data" "$work/out" group --plan "$work/out/.slurm/plan.json" \
    --registry "$work/registry.sqlite" --json > "$work/log/group.json"
  grep -q '"newValues" : 0' "$work/log/group.json" || fail "gathering again added values"
done
[[ $(tail -n +2 "$work/out/group_failures.tsv" | wc -l) -eq 0 ]] || fail "failures are listed"
[[ $("$binary" patient list --registry "$work/registry.sqlite" --json | grep -c '"pseudonym"') -eq $tasks ]] \
  || fail "the registry does not hold each patient once"

asked() { grep -hc "ended with $1, asking" "$work"/out/.slurm/log/*.txt | awk '{ n += $1 } END { print n + 0 }'; }
requeued=$(grep -c 'requeue JobId=.* due to node failure' "$work/log/slurmctld.log" || true)
cat << END

| killed | times | what happened |
|---|---|---|
| the program that works on a recording | ${kills[recording]} | the pack ended with 75, and the script asked for another try ($(asked 75) times) |
| the program that leads a pack | ${kills[pack]} | the script saw 137 and asked for another try ($(asked 137) times) |
| step daemon, script and programs | ${kills[step]} | a ghost until slurmd reported anew; started again by Slurm ($requeued times) |
| slurmd | ${kills[node]} | steps that ran went on |

$tasks tasks in $took s; recordings whose task was started again once, twice, three times:
$once, $twice, $thrice. Given up by Slurm and done by submitting again: $gone.
Work folders left by killed programs: $(find "$work/out/.work" -mindepth 1 -maxdepth 1 | wc -l).
Results lost: 0; doubled: 0; bytes as in the undisturbed run: yes; values added by gathering again: 0.
END
