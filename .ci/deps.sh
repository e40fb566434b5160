#!/bin/sh
# SPDX-License-Identifier: MIT
#
# deps.sh [aarch64|docs|fuzz]: installs the Debian packages that are missing. `make deps` runs it.
# If no package is missing, apt is not called. The argument adds packages:
#
#   aarch64  a compiler and an emulator for 64-bit ARM (`make deps-aarch64`)
#   docs     the program that makes the API reference (`make deps-docs`)
#   fuzz     a compiler with libFuzzer
set -eu

missing=
updated=

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# want PACKAGE TEST...: adds a package to $missing if the command TEST fails and dpkg has not
# installed the package.
want() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || is_installed "$package" || missing="$missing $package"
}

install_missing() {
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "make deps: missing:$missing" >&2
        echo "make deps: (Debian's names; there is no apt-get here: please install them)" >&2
        exit 1
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null; then
        as_root=sudo
    else
        echo "make deps: neither root nor sudo; as root, please run: apt-get install$missing" >&2
        exit 1
    fi
    echo "make deps: installing$missing"
    # A failure of apt-get update is ignored: the failing package source may not be needed.
    if [ -z "$updated" ]; then
        apt update || echo "make deps: apt-get update had errors; trying all the same" >&2
    fi
    # shellcheck disable=SC2086
    apt install -y --no-install-recommends $missing
    missing=
    updated=yes
}

apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 \
        -o Dpkg::Use-Pty=0 "$@"
}

want gcc command -v gcc
want g++ command -v g++
want libc6-dev test -e /usr/include/stdlib.h
want make command -v make
want pkg-config command -v pkg-config
want libjpeg62-turbo-dev pkg-config --exists libjpeg
want libopenblas-dev pkg-config --exists openblas
want libjansson-dev pkg-config --exists jansson
want libexif-dev pkg-config --exists libexif
want check pkg-config --exists check
want gnuplot-nox command -v gnuplot
install_missing

case ${1-} in
aarch64)
    want gcc-aarch64-linux-gnu command -v aarch64-linux-gnu-gcc
    want qemu-user command -v qemu-aarch64
    ;;
docs)
    want doxygen command -v doxygen
    ;;
fuzz)
    want clang command -v clang
    want libclang-rt-dev sh -c \
        'echo "int LLVMFuzzerTestOneInput(void) { return 0; }" |
         clang -fsanitize=fuzzer,address -x c - -o /dev/null'
    ;;
esac
install_missing
