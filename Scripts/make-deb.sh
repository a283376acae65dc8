#!/usr/bin/env bash
# Builds the Debian packages motorpool and motorpool-viewer from the last commit, reproducibly: the
# sources are exported to a fixed place and built there, with the Swift run time linked in.
# Usage: make-deb.sh [folder of the packages, .build-deb]
# MOTORPOOL_DEB_BUILD: where it is built (/var/tmp/motorpool-deb); MOTORPOOL_DEB_VERSION: another version;
# MOTORPOOL_DEB_COMMIT: another commit, such as that of the previous version;
# MOTORPOOL_DEB_PACKAGES=motorpool leaves the viewer's package out, whose web server takes most of the time.
set -euo pipefail
cd "$(dirname "$0")/.."
output=$(realpath -m "${1:-.build-deb}")
place=${MOTORPOOL_DEB_BUILD:-/var/tmp/motorpool-deb}
commit=$(git rev-parse "${MOTORPOOL_DEB_COMMIT:-HEAD}")
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct "$commit")
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
version=${MOTORPOOL_DEB_VERSION:-$(git grep -h 'static let number = "' "$commit" -- \
  'Sources/*/SoftwareVersion.swift' | sed -n 's/.*number = "\(.*\)".*/\1/p' | head -n 1)}
here=$PWD
for program in dpkg-deb dpkg-shlibdeps gzip objcopy; do
  command -v "$program" >/dev/null || {
    echo "make-deb: $program is missing; install dpkg-dev and binutils" >&2
    exit 1
  }
done
if [[ -n $(git status --porcelain --untracked-files=no) ]]; then
  echo "make-deb: changes that are not committed are left out" >&2
fi

mkdir -p "$place" "$output"
rm -rf "$place/stage"
# A checkout that stays: only files that changed get a new time, so that a second build is a short one.
[[ -d $place/source/.git ]] || git clone --quiet --no-checkout "$PWD" "$place/source"
git -C "$place/source" fetch --quiet "$PWD" "$commit"
git -C "$place/source" checkout --quiet --force --detach "$commit"

# Parts of the compiler go through sets in an order that is random for each process, and its threads allocate in an
# order of their own: one function of this program came out in two lengths. With a fixed order, one thread for each
# module and no random addresses seven of seven compilations of that module gave the same bytes.
export SWIFT_DETERMINISTIC_HASHING=1
steady=()
setarch "$(uname -m)" -R true 2>/dev/null && steady=(setarch "$(uname -m)" -R)

build() {
  MOTORPOOL_COMMIT=${commit:0:12} MOTORPOOL_VIEWER=1 "${steady[@]}" ${SWIFT:-swift} build -c release \
    -Xswiftc -num-threads -Xswiftc 1 --static-swift-stdlib --package-path "$place/source" --product "$1" >&2
}
build motorpool
# A version before the viewer has one package.
packages=(motorpool)
if [[ -d $place/source/Sources/motorpool-viewer && ${MOTORPOOL_DEB_PACKAGES:-} != motorpool ]]; then
  build motorpool-viewer
  packages+=(motorpool-viewer)
fi
products=$(MOTORPOOL_COMMIT=${commit:0:12} MOTORPOOL_VIEWER=1 ${SWIFT:-swift} build -c release \
  --static-swift-stdlib --package-path "$place/source" --show-bin-path)

architecture=$(dpkg --print-architecture)
stage() { printf '%s' "$place/stage/$1"; }

# Documents that every package has: changelog, copyright.
documents() {
  local root
  root=$(stage "$1")
  install -d "$root/usr/share/doc/$1"
  {
    printf 'motorpool (%s) unstable; urgency=medium\n\n  * See the list of changes in motorpool'"'"'s CHANGELOG.md.\n\n' \
      "$version"
    printf ' -- MotorPool maintainers <maintainers@motorpool.example>  %s\n' \
      "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
  } | gzip -9n >"$root/usr/share/doc/$1/changelog.gz"
  bash "$here/Scripts/licences.sh" copyright "$place/source" "$1" \
    >"$root/usr/share/doc/$1/copyright"
}

# A program without its symbols and without the hashes of what the compiler had between source and code, which
# tell of the times of headers. The linker's build ID is a hash over those too: the program gets one over what it is.
install_program() {
  local note=$place/note
  install -s -m 755 "$1" "$2"
  objcopy --remove-section .swift_modhash "$2"
  objcopy --dump-section .note.gnu.build-id="$note" "$2"
  # 16 bytes of header, then the 20 of the ID.
  [[ $(stat -c %s "$note") == 36 ]] || { echo "make-deb: $1 has no build ID of 20 bytes" >&2; exit 1; }
  head -c 16 "$note" >"$note.none"
  head -c 20 /dev/zero >>"$note.none"
  objcopy --update-section .note.gnu.build-id="$note.none" "$2"
  {
    head -c 16 "$note"
    printf '%b' "$(sha1sum <"$2" | cut -c 1-40 | sed 's/../\\x&/g')"
  } >"$note.own"
  objcopy --update-section .note.gnu.build-id="$note.own" "$2"
}

core=$(stage motorpool)
install -d "$core/usr/lib/motorpool/MotorPool_UnitNumber.resources" "$core/usr/bin"
install_program "$products/motorpool" "$core/usr/lib/motorpool/motorpool"
ln -s ../lib/motorpool/motorpool "$core/usr/bin/motorpool"
install -m 644 "$place/source/Sources/UnitNumber/Resources/cmap-scan-weights.bin" \
  "$core/usr/lib/motorpool/MotorPool_UnitNumber.resources/"
documents motorpool
install -m 644 "$place/source/README.md" "$place/source/CHANGELOG.md" \
  "$core/usr/share/doc/motorpool/"
install -d "$core/usr/share/doc/motorpool/docs" "$core/usr/share/doc/motorpool/examples"
install -m 644 "$place/source"/docs/*.md "$core/usr/share/doc/motorpool/docs/"
install -m 644 "$here"/Packaging/Containerfile "$here"/Packaging/apptainer.def \
  "$core/usr/share/doc/motorpool/examples/"
gzip -9n "$core/usr/share/doc/motorpool/README.md" "$core/usr/share/doc/motorpool/CHANGELOG.md"

completions() {
  "$products/motorpool" --generate-completion-script "$1"
}
install -d "$core/usr/share/bash-completion/completions" "$core/usr/share/zsh/vendor-completions" \
  "$core/usr/share/fish/vendor_completions.d"
completions bash >"$core/usr/share/bash-completion/completions/motorpool"
completions zsh >"$core/usr/share/zsh/vendor-completions/_motorpool"
completions fish >"$core/usr/share/fish/vendor_completions.d/motorpool.fish"

install -d "$core/usr/share/man/man1"
bash "$here/Scripts/make-man.sh" "$products/motorpool" \
  "$place/source/.build/checkouts/swift-argument-parser" "$place/manual" \
  "$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)" "$core/usr/share/man/man1"

if [[ ${#packages[@]} -gt 1 ]]; then
  viewer=$(stage motorpool-viewer)
  install -d "$viewer/usr/lib/motorpool/MotorPool_Viewer.resources" "$viewer/usr/lib/systemd/system" \
    "$viewer/usr/lib/sysusers.d" "$viewer/DEBIAN"
  install_program "$products/motorpool-viewer" "$viewer/usr/lib/motorpool/motorpool-viewer"
  cp -r "$place/source/Sources/Viewer/Assets" "$viewer/usr/lib/motorpool/MotorPool_Viewer.resources/"
  install -m 644 "$here/Packaging/debian/motorpool-viewer.service" \
    "$viewer/usr/lib/systemd/system/"
  install -m 644 "$here/Packaging/debian/motorpool-viewer.sysusers" \
    "$viewer/usr/lib/sysusers.d/motorpool-viewer.conf"
  for script in postinst prerm postrm; do
    install -m 755 "$here/Packaging/debian/motorpool-viewer.$script" "$viewer/DEBIAN/$script"
  done
  documents motorpool-viewer
fi

mkdir -p "$place/shlibs/debian"
cp "$here/Packaging/debian/control" "$place/shlibs/debian/control"
for package in "${packages[@]}"; do
  root=$(stage "$package")
  install -d "$root/DEBIAN"
  find "$root" -path "$root/DEBIAN" -prune -o -type d -exec chmod 755 {} + -o -type f \
    ! -perm -u+x -exec chmod 644 {} +
  depends=$(cd "$place/shlibs" && dpkg-shlibdeps -O "$root/usr/lib/motorpool/$package" \
    2>"$place/shlibs/messages" | sed -n 's/^shlibs:Depends=//p') || {
    cat "$place/shlibs/messages" >&2
    exit 1
  }
  paragraph=$(awk -v RS= -v wanted="$package" 'index($0, "Package: " wanted "\n") == 1' \
    "$here/Packaging/debian/control")
  size=$(du -k -s --apparent-size --exclude=DEBIAN "$root" | cut -f1)
  {
    sed -n '/^Source:/p' "$here/Packaging/debian/control" | sed "s/^Source: $package\$//" | sed '/^$/d'
    printf '%s\n' "$paragraph" | sed \
      -e "s/^Architecture: any/Version: $version\nArchitecture: $architecture\nInstalled-Size: $size\nSection: science\nPriority: optional\nMaintainer: MotorPool maintainers <maintainers@motorpool.example>/" \
      -e "s/\${shlibs:Depends}/$depends/; s/, \${misc:Depends}//; s/\${binary:Version}/$version/"
  } >"$root/DEBIAN/control"
  (cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | sort \
    | xargs -d '\n' md5sum >DEBIAN/md5sums)
  find "$root" -depth -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group -Zxz --build "$root" \
    "$output/${package}_${version}_${architecture}.deb" >&2
done
(cd "$output" && sha256sum motorpool*_"${version}_$architecture".deb | tee SHA256SUMS)
