#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks the symbols of the built libraries. The shared library must export exactly the functions of
# the headers, each with a symbol version. It must not import functions that end the process or
# print. Its soname must have the major version of the headers.
set -eu

lib=${CATDOG_LIB:-lib}
headers=include/catdog
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
failed=0

# complain TEXT FILE: reports an error and prints the file, unless the file is empty.
complain() {
    [ -s "$2" ] || return 0
    echo "$1:"
    sed 's/^/    /' "$2"
    failed=1
}

cd "$temporary"
root=$OLDPWD
case $lib in
/*) ;;
*) lib=$root/$lib ;;
esac

cat "$root/$headers"/*.h | tr '\n' ' ' | grep -o 'CNN_API [^;(]*(' |
    sed -n 's/.*[ *]\(cnn_[a-z0-9_]*\)($/\1/p' | LC_ALL=C sort -u >declared
[ "$(wc -l <declared)" -gt 50 ] || echo "fewer functions in the headers than expected" >few
[ ! -e few ] || complain "$headers" few

version() {
    sed -n "s/^.define CNN_VERSION_$1 *\\([0-9]*\\).*/\\1/p" "$root/$headers/base.h"
}
major=$(version MAJOR)

# Lists each exported symbol as NAME@@VERSION. The names of the versions, which are absolute symbols
# (type A), are left out.
nm -D --defined-only --with-symbol-versions "$lib/libcatdog.so" | awk '$2 != "A" { print $3 }' |
    LC_ALL=C sort -u >versioned
sed 's/@.*//' versioned >exported
grep -v '@@LIBCATDOG_[0-9]*\.[0-9]*$' versioned >unversioned || :
complain "exported without a symbol version" unversioned
sed -n 's/.*@@LIBCATDOG_//p' versioned | sort -u |
    awk -F. -v major="$major" -v minor="$(version MINOR)" '$1 != major || $2 + 0 > minor' >later
complain "symbol versions that do not fit the headers' version" later
LC_ALL=C comm -13 declared exported >surplus
LC_ALL=C comm -23 declared exported >missing
complain "exported, but not in the headers" surplus
complain "in the headers, but not exported" missing

# Functions that the library must not call: the host program decides when it ends and what it
# prints.
forbidden='_?_?(exit|_Exit|quick_exit|abort|assert|assert_fail|assert_perror_fail|chk_fail)
v?printf|__v?printf_chk|puts|putchar|perror|stdout|stderr'
forbidden=$(echo "$forbidden" | tr '\n' '|')
nm -D --undefined-only "$lib/libcatdog.so" | awk '{sub(/@.*/, "", $NF); print $NF}' |
    grep -xE "${forbidden%|}" >ends || :
complain "imported, but the library must not end the process or print" ends

# In the static library each global name must have the project's prefix, and public functions must
# be defined in src/api.
nm -A --defined-only "$lib/libcatdog.a" 2>/dev/null | awk '$(NF - 1) ~ /^[TDBRCVW]$/' >globals
awk '$NF !~ /^(cnn|cd)_/' globals >foreign
complain "global names without the project's prefix" foreign
awk '$NF ~ /^cnn_/ && $0 !~ /:api_[a-z_]*\.o:/' globals >stray
complain "public functions defined outside src/api" stray

readelf -d "$lib/libcatdog.so" >dynamic
grep -q "soname: \[libcatdog\.so\.$major\]" dynamic || {
    echo "the soname is not libcatdog.so.$major"
    failed=1
}
grep TEXTREL dynamic >relocations || :
complain "relocations in code" relocations
sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' dynamic |
    grep -vE '^(libjpeg|libjansson|libexif|libm|libc|libpthread|ld-linux.*)\.so' >needs || :
complain "needs a library that is not one of the project's dependencies" needs

exit $failed
