# SPDX-License-Identifier: MIT
#
# Functions for the other scripts of this folder, which source this file. They install the library
# into a temporary folder (the stage) and build programs against it. The scripts run in the
# project's root folder and use the libraries that are built there.

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
stage=$temporary/stage
prefix=/opt/catdog

# Keeps the make that runs the tests from passing its settings to the calls of make below.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES DESTDIR

step() {
    echo "== $*"
}

fail() {
    echo "failed: $*"
    exit 1
}

make_quietly() {
    make "$@" LIBDIR="$(prefix_of "$@")/lib" BINDIR="$(prefix_of "$@")/bin" \
        INCLUDEDIR="$(prefix_of "$@")/include" DATADIR="$(prefix_of "$@")/share" \
        >"$temporary/make.log" 2>&1 || {
        cat "$temporary/make.log"
        fail "make $*"
    }
}

# prefix_of ARGUMENT...: prints the value of the argument PREFIX=VALUE.
prefix_of() {
    for argument in "$@"; do
        case $argument in
        PREFIX=*) echo "${argument#PREFIX=}" ;;
        esac
    done
}

install_into_stage() {
    make_quietly install DESTDIR="$stage" PREFIX="$prefix"
}

# catdog_pkg_config OPTION...: runs pkg-config for the staged package. As in a cross build, the
# stage is the root folder of the paths that it prints.
catdog_pkg_config() {
    PKG_CONFIG_PATH=$stage$prefix/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$stage \
        pkg-config "$@" catdog
}

warnings="-Wall -Wextra -Wpedantic -Werror"

# build_shared SOURCE OUTPUT: links with the staged shared library.
build_shared() {
    # shellcheck disable=SC2046,SC2086
    ${CC:-cc} -std=c11 $warnings $(catdog_pkg_config --cflags) "$1" -o "$2" -pthread \
        $(catdog_pkg_config --libs)
}

# build_static SOURCE OUTPUT [FLAG]: links with the staged static library.
build_static() {
    libs=$(catdog_pkg_config --static --libs | sed 's/-lcatdog/-l:libcatdog.a/')
    # shellcheck disable=SC2046,SC2086
    ${CC:-cc} -std=c11 $warnings $(catdog_pkg_config --static --cflags) "$1" -o "$2" ${3:-} $libs
}

# run PROGRAM ARGUMENT...: runs a program with the staged shared library.
run() {
    LD_LIBRARY_PATH=$stage$prefix/lib "$@"
}
