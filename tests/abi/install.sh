#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs `make install` with a DESTDIR, then builds programs with the installed library as a user
# would: by pkg-config, shared and static, and by CMake. Finally checks that `make uninstall`
# removes all files.
set -eu

. tests/abi/common.sh

step "make install"
install_into_stage
(cd "$stage" && find . ! -type d | LC_ALL=C sort) >"$temporary/installed"
version=$(PKG_CONFIG_PATH=$stage$prefix/lib/pkgconfig pkg-config --modversion catdog)
LC_ALL=C sort >"$temporary/expected" <<END
.$prefix/bin/catdog
$(cd include/catdog && printf ".$prefix/include/catdog/%s\n" *.h)
.$prefix/lib/cmake/catdog/catdog-config-version.cmake
.$prefix/lib/cmake/catdog/catdog-config.cmake
.$prefix/lib/libcatdog.a
.$prefix/lib/libcatdog.so
.$prefix/lib/libcatdog.so.${version%%.*}
.$prefix/lib/libcatdog.so.$version
.$prefix/lib/pkgconfig/catdog.pc
.$prefix/share/catdog/catdog.safetensors
.$prefix/share/man/man1/catdog.1
$("$stage$prefix/bin/catdog" --commands | sed "s|.*|.$prefix/share/man/man1/catdog-&.1|")
END
diff -u "$temporary/expected" "$temporary/installed"
if grep -rl '@[A-Z]*@' "$stage$prefix/lib/pkgconfig" "$stage$prefix/lib/cmake"; then
    fail "a variable was not filled in"
fi

step "pkg-config without --static names the library alone"
libs=$(catdog_pkg_config --libs)
case $libs in
*openblas* | *jpeg*) fail "the dependencies are the library's own matter: $libs" ;;
esac

cat >"$temporary/version.c" <<'END'
#include <catdog/catdog.h>
#include <stdio.h>

int main(void)
{
    printf("%s\n", cnn_version());
    return cnn_version_number() != CNN_VERSION_NUMBER;
}
END

step "a program of one's own, shared, static, and wholly static"
build_shared "$temporary/version.c" "$temporary/shared"
build_static "$temporary/version.c" "$temporary/static"
build_static "$temporary/version.c" "$temporary/whole" -static
for kind in shared static whole; do
    [ "$(run "$temporary/$kind")" = "$version" ] || fail "the $kind program does not run"
done
readelf -d "$temporary/shared" | grep -q "NEEDED.*libcatdog.so.${version%%.*}\]" ||
    fail "the shared program does not need the soname"
if readelf -d "$temporary/static" | grep -q 'NEEDED.*libcatdog'; then
    fail "the static program needs libcatdog.so"
fi

step "C++"
if command -v c++ >/dev/null; then
    # shellcheck disable=SC2046
    c++ -x c++ -std=c++17 -Wall -Wextra -Werror $(catdog_pkg_config --cflags) \
        "$temporary/version.c" -o "$temporary/cplusplus" $(catdog_pkg_config --libs)
    [ "$(run "$temporary/cplusplus")" = "$version" ] || fail "the C++ program does not run"
fi

step "the installed command"
[ "$("$stage$prefix/bin/catdog" --version | grep -cF "$version")" = 1 ] ||
    fail "catdog --version does not say $version"

step "CMake"
if command -v cmake >/dev/null; then
    # Installs to the final prefix without DESTDIR, because the CMake package has absolute paths.
    make_quietly install PREFIX="$temporary/cmake-prefix"
    mkdir "$temporary/cmake"
    cp "$temporary/version.c" "$temporary/cmake/"
    cat >"$temporary/cmake/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.13)
project(host C)
find_package(catdog ${version%.*} REQUIRED CONFIG)
add_executable(shared version.c)
target_link_libraries(shared catdog::catdog)
add_executable(static version.c)
target_link_libraries(static catdog::static)
END
    if ! { cmake -S "$temporary/cmake" -B "$temporary/cmake/build" \
        -DCMAKE_PREFIX_PATH="$temporary/cmake-prefix" &&
        cmake --build "$temporary/cmake/build"; } >"$temporary/cmake.log" 2>&1; then
        cat "$temporary/cmake.log"
        fail "the CMake package does not build"
    fi
    for kind in shared static; do
        [ "$("$temporary/cmake/build/$kind")" = "$version" ] || fail "CMake's $kind does not run"
    done
else
    echo "(no cmake here: its package is not tried)"
fi

step "make uninstall"
make_quietly uninstall DESTDIR="$stage" PREFIX="$prefix"
left=$(find "$stage" ! -type d -o -name '*catdog*' | grep -vxF "$stage$prefix" || :)
[ -z "$left" ] || fail "make uninstall leaves: $left"
