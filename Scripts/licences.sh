#!/usr/bin/env bash
# Lists what the programs hold of others: as a Debian copyright file, as a table, or as an SPDX document.
# Usage: licences.sh copyright|table|spdx SOURCE [PACKAGE]
# SOURCE is a built checkout: versions and licences are read from what was built, not from a list kept by hand.
set -euo pipefail
form=$1 source=$2 package=${3:-motorpool}
export LC_ALL=C
version=$(find "$source/Sources" -name SoftwareVersion.swift -exec sed -n 's/.*number = "\(.*\)".*/\1/p' {} + | head -n 1)

# The licence of a checkout, recognised by its words.
licence() {
  local file
  file=$(find "$1" -maxdepth 1 -type f -iname 'licen[cs]e*' | sort | head -n 1)
  if [[ -z $file ]]; then
    echo NOASSERTION
  elif grep -q "Runtime Library Exception" "$file"; then
    echo "Apache-2.0 WITH Swift-exception"
  elif grep -q "Apache License" "$file"; then
    echo Apache-2.0
  elif grep -qi "Permission is hereby granted, free of charge" "$file"; then
    echo MIT
  else
    echo NOASSERTION
  fi
}

# The Swift packages whose modules are linked into a program: name, version, licence, address.
packages() {
  local file="$source/Package.resolved" checkout name
  [[ -f $file ]] || {
    echo "licences: $file is missing; build first" >&2
    exit 1
  }
  python3 - "$file" <<'PY' | while IFS=$'\t' read -r name number address; do
import json, sys
for pin in sorted(json.load(open(sys.argv[1]))["pins"], key=lambda p: p["identity"]):
    print(pin["identity"], pin["state"].get("version", ""), pin["location"], sep="\t")
PY
    checkout="$source/.build/checkouts/$(basename "${address%.git}")"
    printf '%s\t%s\t%s\t%s\n' "$name" "$number" "$(licence "$checkout")" "$address"
  done
  printf 'swift\t%s\t%s\t%s\n' \
    "$(${SWIFT:-swift} --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)" \
    "Apache-2.0 WITH Swift-exception" "https://github.com/swiftlang/swift"
}

# The Debian packages that a program loads when it runs: name, version.
loaded() {
  local program="$source/.build/release/$package"
  # Where /lib is a link to /usr/lib, packages still list some files under /lib: both are asked for.
  ldd "$program" | awk '$3 ~ /^\// { print $3 }' | xargs -r realpath | sed 'p; s#^/usr/lib/#/lib/#' | sort -u \
    | { xargs -r dpkg-query -S 2>/dev/null || true; } | sed 's/:.*//' | sort -u \
    | while read -r name; do
      printf '%s\t%s\n' "$name" "$(dpkg-query -W -f='${Version}\n' "$name" | head -n 1)"
    done
}

case $form in
  copyright)
    cat <<TEXT
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: MotorPool

Files: *
Copyright: The MotorPool maintainers
License: GPL-3+

TEXT
    packages | while IFS=$'\t' read -r name number licence address; do
      short=${licence/ WITH Swift-exception/ with Swift exception}
      printf 'Files: linked/%s\nCopyright: its authors (%s)\nLicense: %s\nComment: version %s, linked into the program\n\n' \
        "$name" "$address" "${short/NOASSERTION/other}" "$number"
    done
    cat <<'TEXT'
License: GPL-3+
 On Debian systems the text is in /usr/share/common-licenses/GPL-3.

License: Apache-2.0
 On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.

License: Apache-2.0 with Swift exception
 The Apache License 2.0, on Debian systems in /usr/share/common-licenses/Apache-2.0,
 with this exception: where compiling with the software embeds parts of it into a
 product, that product may be redistributed without complying with sections 4(a),
 4(b) and 4(d) of the licence.

License: MIT
 Permission is granted, free of charge, to any person obtaining a copy of the
 software, to deal in it without restriction, provided that the copyright notice and
 this permission notice are in all copies. It is provided "as is", without warranty of
 any kind. The whole text is at https://opensource.org/license/mit.
TEXT
    ;;
  table)
    printf 'Linked into %s\n' "$package"
    packages | awk -F '\t' '{ printf "  %-34s %-10s %s\n", $1, $2, $3 }'
    printf 'Loaded when %s runs (packages of Debian)\n' "$package"
    loaded | awk -F '\t' '{ printf "  %-34s %s\n", $1, $2 }'
    ;;
  spdx)
    commit=$(git -C "$source" rev-parse HEAD)
    created=$(date -u -d "@$(git -C "$source" log -1 --format=%ct)" +%FT%TZ)
    { packages | sed 's/^/linked\t/'; loaded | sed 's/^/loaded\t/'; } \
      | python3 "$(dirname "$0")/spdx.py" "$package" "$version" "$commit" "$created"
    ;;
  *)
    echo "licences: $form: expected copyright, table or spdx" >&2
    exit 64
    ;;
esac
