#!/bin/sh
# SPDX-License-Identifier: MIT
#
# aarch64-root.sh FOLDER: unpacks Debian's libraries for 64-bit ARM into FOLDER. The cross compiler
# links them, and the emulator loads them. Nothing is installed on the system, and root is not
# needed: apt uses package lists and a cache in a temporary folder, and an empty status file.
set -eu

packages="libjpeg62-turbo-dev libopenblas-dev libjansson-dev libexif-dev check"
mkdir -p "$1"
root=$(cd "$1" && pwd)
complete=$root/.complete
[ "$(cat "$complete" 2>/dev/null)" != "$packages" ] || exit 0

echo "make deps-aarch64: unpacking libraries for 64-bit ARM"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial"

# apt OPTION...: runs apt-get for 64-bit ARM as the current user, who owns the folders.
apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 \
        -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root \
        -o Dir::State="$work/state" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache" "$@"
}

# A failure of apt-get update is ignored: the failing package source may not be needed.
apt update || echo "make deps-aarch64: apt-get update had errors; trying all the same" >&2
# shellcheck disable=SC2086
apt install -y --no-install-recommends --download-only $packages
rm -rf "$root"
mkdir -p "$root"
for package in "$work"/cache/archives/*.deb; do
    dpkg-deb -x "$package" "$root"
done

# The packages' installation scripts do not run, so this script sets the links. Absolute links are
# changed to point into FOLDER. OpenBLAS gets the links that Debian's alternatives system would set.
find "$root" -type l -lname '/*' | while read -r link; do
    ln -sfn "$root$(readlink "$link")" "$link"
done
libraries=$root/usr/lib/aarch64-linux-gnu
ln -s openblas-pthread/libopenblas.so.0 "$libraries/libopenblas.so.0"
ln -s ../openblas-pthread/pkgconfig/openblas.pc "$libraries/pkgconfig/openblas.pc"
echo "$packages" > "$complete"
