# SPDX-License-Identifier: MIT
#
# Sourced by the scripts of this folder: a staged installation and functions that build against it.
# They run from the project's root and use the libraries that are built there.

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
stage=$temporary/stage
prefix=/opt/catdog

# The make that runs the tests must not pass its settings to the calls of make below.
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

# Finds the value of PREFIX= among the arguments.
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

# Sets pkg-config up as for a cross build: the stage is the root of the installed package.
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
