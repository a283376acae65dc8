#!/usr/bin/env bash
# Installs the packages in a fresh Debian folder without a compiler, uses them, upgrades them with a
# registry present, removes and purges them. Needs root, debootstrap and lintian.
# Usage: test-deb.sh FOLDER-OF-PACKAGES [FOLDER-OF-THE-PREVIOUS-VERSION]
# MOTORPOOL_DEB_ROOT: where the folder is made (a temporary one otherwise, removed at the end).
set -euo pipefail
cd "$(dirname "$0")/.."
packages=$(realpath "$1")
previous=${2:+$(realpath "$2")}
samples=$(realpath Samples)
if ((EUID != 0)); then
  echo "test-deb: needs root, for chroot" >&2
  exit 1
fi
for program in debootstrap lintian; do
  command -v "$program" >/dev/null || {
    echo "test-deb: $program is missing; install it" >&2
    exit 1
  }
done

root=${MOTORPOOL_DEB_ROOT:-$(mktemp -d)}
clean() {
  mountpoint -q "$root/proc" && umount "$root/proc"
  if [[ -z ${MOTORPOOL_DEB_ROOT:-} ]]; then rm -rf --one-file-system "$root"; fi
}
trap clean EXIT
step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }
fail() {
  echo "test-deb: $1" >&2
  exit 1
}
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
  DEBIAN_FRONTEND=noninteractive "$@"; }

step "lintian"
lintian --fail-on error --tag-display-limit 0 "$packages"/motorpool*.deb

step "a fresh Debian folder"
mirror=$(grep -rhoE '(URIs: |^deb )https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list \
  /etc/apt/sources.list.d 2>/dev/null | grep -oE 'https?://[^ ]+' | head -n 1 || true)
if [[ ! -x $root/usr/bin/apt-get ]]; then
  [[ -n $mirror ]] || fail "no mirror of Debian is named in this machine's sources of packages"
  debootstrap --variant=minbase bookworm "$root" "$mirror" >/dev/null
fi
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
# The way out to the mirror is this machine's.
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
rm -f "$root"/etc/apt/apt.conf.d/*docker* "$root"/etc/apt/apt.conf.d/*appstream* \
  "$root"/etc/apt/apt.conf.d/*packagekit*
inside apt-get update -qq
for program in swift swiftc gcc clang; do
  if inside which "$program" >/dev/null; then fail "$program is in the folder"; fi
done
mkdir -p "$root/packages" "$root/previous" "$root/trial" "$root/tmp"
rm -f "$root"/packages/*.deb "$root"/previous/*.deb
cp "$packages"/motorpool*.deb "$root/packages/"
rm -rf "$root/trial/Samples" && cp -r "$samples" "$root/trial/Samples"

# The commands of a recipe for containers: the lines after RUN, or those of the section %post.
recipe() {
  case $1 in
    *.def) sed -n '/^%post/,/^%/p' "$1" | grep -v '^%' ;;
    *) sed -e ':join' -e '/\\$/{N;s/\\\n//;b join' -e '}' "$1" | sed -n 's/^RUN //p' ;;
  esac
}

for file in Packaging/Containerfile Packaging/apptainer.def; do
  step "the steps of $file"
  cp "$packages"/motorpool_*.deb "$root/tmp/"
  recipe "$file" >"$root/trial/recipe.sh"
  grep -q "apt-get install" "$root/trial/recipe.sh" || fail "$file: no step installs anything"
  inside sh -e /trial/recipe.sh >/dev/null
  inside motorpool --version
  inside apt-get purge -y -qq motorpool >/dev/null
  inside apt-get update -qq
done

# A patient with a visit, as `motorpool` of the folder stores them.
registry() {
  inside sh -c "cd /trial && motorpool patient add P001 --registry study.sqlite &&
    motorpool visit add P001 Samples/patient/visit01-scan.csv --date 2026-01-15 \
      --muscle 'tibialis anterior' --side left --registry study.sqlite"
}

if [[ -n $previous ]]; then
  step "the previous version, with a registry"
  cp "$previous"/motorpool*.deb "$root/previous/"
  inside sh -c 'apt-get install -y -qq --no-install-recommends /previous/motorpool_*.deb' >/dev/null
  inside motorpool --version
  rm -f "$root"/trial/study.sqlite*
  registry >/dev/null
  step "upgrade"
else
  step "install"
fi
inside sh -c 'apt-get install -y -qq --no-install-recommends /packages/*.deb' >/dev/null
inside motorpool --version --verbose
if [[ -n $previous ]]; then
  inside sh -c 'cd /trial && motorpool visit list P001 --registry study.sqlite &&
    motorpool registry verify --registry study.sqlite'
fi

step "use: by PATH, by the link, from /"
inside sh -c 'cd /trial && motorpool info Samples/grid.wav' >/dev/null
inside sh -c 'cd / && /usr/bin/motorpool decompose trial/Samples/grid.wav --output trial/grid'
inside sh -c 'cd /trial && motorpool score grid --truth Samples/grid-truth.csv'
inside sh -c 'cd /trial && motorpool scan Samples/patient/visit01-scan.csv' >/dev/null
inside sh -c 'cd /trial && mkdir -p in && cp Samples/grid.wav in/ && rm -rf out &&
  motorpool bids in out participant && motorpool bids in out group'
rm -f "$root"/trial/new.sqlite*
inside sh -c 'cd /trial && export MOTORPOOL_REGISTRY=new.sqlite && motorpool patient add N1 &&
  motorpool visit add N1 Samples/patient/visit01-scan.csv --date 2026-01-15 \
    --muscle "tibialis anterior" --side left && motorpool report N1 -o page.html'
test -s "$root/trial/page.html" || fail "no report was written"
test -s "$root/usr/share/man/man1/motorpool.1.gz" || fail "no manual page"
inside sh -c '. /usr/share/bash-completion/completions/motorpool' 2>/dev/null || true
port=18080
inside sh -c "cd /trial && motorpool serve Samples/grid.wav --port $port --json" >"$root/trial/serve.log" 2>&1 &
server=$!
for _ in $(seq 50); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  sleep 0.2
done
address=$(grep -oE 'http://[^" ]+' "$root/trial/serve.log" | head -n 1)
curl -fsSL -c "$root/trial/cookies" -b "$root/trial/cookies" "$address" | grep -q '<title>' \
  || fail "the viewer gave no page"
kill "$server" 2>/dev/null || true
pkill -f "motorpool-viewer --serve.*$port" 2>/dev/null || true
wait "$server" 2>/dev/null || true

step "remove and purge"
inside apt-get remove -y -qq motorpool-viewer motorpool >/dev/null
if inside which motorpool >/dev/null; then fail "motorpool is still there"; fi
inside apt-get purge -y -qq motorpool-viewer motorpool >/dev/null
left=$(inside sh -c 'find / -xdev \( -path /trial -o -path /packages -o -path /previous -o -path /proc \) -prune -o -name "*motorpool*" -print' \
  | grep -v '^/var/log' || true)
[[ -z $left ]] || fail "left behind: $left"
[[ -z $previous || -s $root/trial/study.sqlite ]] || fail "the registry is gone"
step "packages are as they should be"
