#!/bin/sh
# Installs hale: downloads a release, checks it against SHA256SUMS, puts it into ~/.local/bin.
#
#   HALE_VERSION=1.2.3       another release than the newest
#   HALE_INSTALL_DIR=DIR     another folder
#   HALE_REPOSITORY=O/NAME   another repository; HALE_RELEASES_ENDPOINT=URL another GitHub
set -eu

# The release that this file is part of fills in where it comes from.
repository=${HALE_REPOSITORY:-}
endpoint=${HALE_RELEASES_ENDPOINT:-https://github.com}
folder=${HALE_INSTALL_DIR:-${HOME:?HOME is not set: name a folder with HALE_INSTALL_DIR}/.local/bin}

fail() {
  echo "hale was not installed: $1" >&2
  exit 1
}

[ -n "$repository" ] || fail "set HALE_REPOSITORY to the OWNER/NAME that it is released in."

case "$(uname -s)" in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  *) fail "it is not released for $(uname -s); on Windows use install.ps1." ;;
esac
case "$(uname -m)" in
  x86_64 | amd64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) fail "it is not released for $(uname -m)." ;;
esac
# A shell under Rosetta says x86_64 on an Apple processor.
if [ "$os-$arch" = darwin-amd64 ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ]; then
  arch=arm64
fi
if [ "$os" = linux ] && ldd --version 2>&1 | grep -qi musl; then
  fail "this system has musl, and hale needs glibc 2.27 or later."
fi

asset=hale-$os-$arch
if [ -n "${HALE_VERSION:-}" ]; then
  base=$endpoint/$repository/releases/download/v${HALE_VERSION#v}
else
  base=$endpoint/$repository/releases/latest/download
fi

if command -v curl >/dev/null; then
  get() { curl -fsSL --retry 3 -o "$2" "$1"; }
elif command -v wget >/dev/null; then
  get() { wget -q -O "$2" "$1"; }
else
  fail "neither curl nor wget is there to download it with."
fi
if command -v sha256sum >/dev/null; then
  sha256() { sha256sum "$1" | cut -d' ' -f1; }
else
  sha256() { shasum -a 256 "$1" | cut -d' ' -f1; }
fi

mkdir -p "$folder"
# In the folder itself, so that the last step is a rename: nobody ever runs a half file.
work=$(mktemp -d "$folder/.hale-install.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

get "$base/SHA256SUMS" "$work/SHA256SUMS" || fail "$base/SHA256SUMS cannot be had."
expected=$(awk -v asset="$asset" '$2 == asset || $2 == "*" asset { print $1 }' "$work/SHA256SUMS")
[ -n "$expected" ] || fail "$base/SHA256SUMS has no checksum for $asset."
get "$base/$asset" "$work/hale" || fail "$base/$asset cannot be had."
received=$(sha256 "$work/hale")
[ "$received" = "$expected" ] || fail "the SHA-256 of $asset should be $expected and is $received."
chmod 755 "$work/hale"
version=$("$work/hale" version) || fail "the new executable does not run here."
mv -f "$work/hale" "$folder/hale"

echo "$version: $folder/hale"
case ":$PATH:" in
  *":$folder:"*) ;;
  *) echo "Put $folder on your PATH." ;;
esac
