#!/bin/sh
# SPDX-License-Identifier: MIT
#
# aarch64-root.sh FOLDER: unpacks Debian's libraries for 64-bit ARM there, for the cross compiler to
# link and the emulator to load. Nothing is installed: the system's packages and its list of
# architectures stay as they are, and nobody has to be root. apt resolves and checks the packages as
# usual, with lists and a cache of its own and an empty system to install into.
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

# The folders are this user's, so there is nobody to drop privileges to.
apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 \
        -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root \
        -o Dir::State="$work/state" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache" "$@"
}

# A source that cannot be reached, or has nothing for ARM, need not be the one that is needed.
apt update || echo "make deps-aarch64: apt-get update had errors; trying all the same" >&2
# shellcheck disable=SC2086
apt install -y --no-install-recommends --download-only $packages
rm -rf "$root"
mkdir -p "$root"
for package in "$work"/cache/archives/*.deb; do
    dpkg-deb -x "$package" "$root"
done

# What the packages' own scripts would do: absolute links stay inside, and OpenBLAS is an alternative.
find "$root" -type l -lname '/*' | while read -r link; do
    ln -sfn "$root$(readlink "$link")" "$link"
done
libraries=$root/usr/lib/aarch64-linux-gnu
ln -s openblas-pthread/libopenblas.so.0 "$libraries/libopenblas.so.0"
ln -s ../openblas-pthread/pkgconfig/openblas.pc "$libraries/pkgconfig/openblas.pc"
echo "$packages" > "$complete"
