#!/bin/sh
# Installs hale: downloads a release, verifies it with SHA256SUMS, installs it into ~/.local/bin.
#
#   HALE_VERSION=1.2.3       version to install (default: the newest)
#   HALE_INSTALL_DIR=DIR     folder to install into
#   HALE_REPOSITORY=O/NAME   repository; HALE_RELEASES_ENDPOINT=URL: server instead of GitHub
set -eu

# The release workflow writes the name of its repository into the next line.
repository=${HALE_REPOSITORY:-}
endpoint=${HALE_RELEASES_ENDPOINT:-https://github.com}
folder=${HALE_INSTALL_DIR:-${HOME:?is not set. Set HALE_INSTALL_DIR to a folder}/.local/bin}

fail() {
  echo "hale was not installed: $1" >&2
  exit 1
}

[ -n "$repository" ] || fail "no repository is known. Set HALE_REPOSITORY=OWNER/NAME."

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
# Under Rosetta uname reports x86_64 on an Apple processor.
if [ "$os-$arch" = darwin-amd64 ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ]; then
  arch=arm64
fi
if [ "$os" = linux ] && ldd --version 2>&1 | grep -qi musl; then
  fail "it requires glibc 2.27 or later, but this system uses musl."
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
  fail "curl or wget is required to download it. Install one of them."
fi
if command -v sha256sum >/dev/null; then
  sha256() { sha256sum "$1" | cut -d' ' -f1; }
else
  sha256() { shasum -a 256 "$1" | cut -d' ' -f1; }
fi

mkdir -p "$folder"
# In the target folder, so that the last step is a rename: an incomplete file is never run.
# What an installation left that was killed. A younger one may be under way.
find "$folder" -maxdepth 1 -type d -name '.hale-install.??????' -mmin +60 -exec rm -rf {} + 2>/dev/null || true
work=$(mktemp -d "$folder/.hale-install.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

get "$base/SHA256SUMS" "$work/SHA256SUMS" || fail "could not download $base/SHA256SUMS. Check the network connection and HALE_VERSION."
expected=$(awk -v asset="$asset" '$2 == asset || $2 == "*" asset { print $1 }' "$work/SHA256SUMS")
[ -n "$expected" ] || fail "$base/SHA256SUMS has no checksum for $asset."
get "$base/$asset" "$work/hale" || fail "could not download $base/$asset. Check the network connection and HALE_VERSION."
received=$(sha256 "$work/hale")
[ "$received" = "$expected" ] || fail "$base/$asset has the wrong checksum. Expected SHA-256 $expected, received $received. Try again."
chmod 755 "$work/hale"
version=$("$work/hale" version) || fail "the downloaded executable does not run on this machine."
mv -f "$work/hale" "$folder/hale"

echo "$version: $folder/hale"
case ":$PATH:" in
  *":$folder:"*) ;;
  *) echo "Add $folder to your PATH." ;;
esac
