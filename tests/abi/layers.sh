#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks the dependencies between the files of src. A room is a folder of src. Files include and
# call only files of the same room or of the rooms below it. No files depend on each other in a
# circle. A third-party header may be included in certain rooms only. File names are unique. The
# calls are read from the symbols of the static library, which must be built.
set -eu

library=${CATDOG_LIB:-lib}/libcatdog.a
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

complain() {
    echo "$1"
    failed=1
}

# Each line names a room, then the rooms below it, which it may include and call.
cat >"$work/rooms" <<'ROOMS'
core
graph core
kernels core graph
image core kernels
data core image
plan core graph kernels
io core graph
model core image graph kernels plan io
evaluate core image data graph kernels plan model
train core image data graph kernels plan io model evaluate
measure core graph kernels plan model train
api core image data graph kernels plan io model evaluate train measure
ROOMS

for directory in src/*/; do
    grep -q "^$(basename "$directory")\b" "$work/rooms" ||
        complain "$directory: a room without a line"
done

# Writes a line "FILE USED_FILE includes" for each include, with paths relative to src.
find src -name '*.[ch]' | while read -r file; do
    sed -n "s|^# *include \"\([^\"]*\)\".*|${file#src/} \1 includes|p" "$file"
done >"$work/includes"

[ -f "$library" ] || complain "$library: not built"
find src -name '*.c' | sed 's|^src/||' >"$work/sources"
nm -A "$library" 2>/dev/null | awk -v sources="$work/sources" '
    BEGIN {
        while ((getline path < sources) > 0) {
            name = path
            sub(/.*\//, "", name)
            path_of[name] = path
        }
    }
    {
        split($1, place, ":")
        name = place[2]
        sub(/(\.[a-z0-9]+)?\.o$/, ".c", name) # name.o, or name.LEVEL.o of a kernel
        kind = $(NF - 1)
        symbol = $NF
        if (kind == "U")
            used[path_of[name] " " symbol] = 1
        else if (kind ~ /^[A-Z]$/)
            defined[symbol] = path_of[name]
    }
    END {
        for (pair in used) {
            split(pair, part, " ")
            if (part[2] in defined && defined[part[2]] != part[1])
                print part[1], defined[part[2]], "calls(" part[2] ")"
        }
    }' >"$work/calls"

cat "$work/includes" "$work/calls" | awk -v rooms="$work/rooms" '
    function room(file) { sub(/\/.*/, "", file); return file }
    BEGIN {
        while ((getline line < rooms) > 0) {
            n = split(line, word, " ")
            for (i = 1; i <= n; i++)
                allowed[word[1] " " word[i]] = 1
        }
    }
    !((room($1) " " room($2)) in allowed) { print "src/" $1, $3, "src/" $2 ", a room not below" }
' >"$work/upwards"
[ ! -s "$work/upwards" ] || complain "$(cat "$work/upwards")"

# A dependency is part of a circle if the used file depends, directly or through other files, on
# the file that uses it.
awk '
    function visit(file,    k) {
        if (file in reached)
            return
        reached[file] = 1
        for (k = 1; k <= n_uses[file]; k++)
            visit(uses[file, k])
    }
    !(($1, $2) in how) { uses[$1, ++n_uses[$1]] = $2; how[$1, $2] = $3 }
    END {
        for (pair in how) {
            split(pair, part, SUBSEP)
            split("", reached)
            visit(part[2])
            if (part[1] in reached)
                print "a circle of files: src/" part[1], how[pair], "src/" part[2]
        }
    }' "$work/includes" "$work/calls" | sort >"$work/circles"
[ ! -s "$work/circles" ] || complain "$(cat "$work/circles")"

# only HEADER ROOM...: checks that no other rooms include a third-party header.
only() {
    header=$1
    shift
    for file in $(grep -rlE "^# *include <($header)>" src include || :); do
        room=${file#src/}
        room=${room%%/*}
        case " $* " in
        *" $room "*) ;;
        *) complain "$file includes <$header>, which belongs in: $*" ;;
        esac
    done
}

only 'jpeglib\.h|jerror\.h' image
only 'libexif/.*' image
only 'cblas\.h' kernels
only 'jansson\.h' io
only 'pthread\.h' core data
only 'check\.h' nowhere

names=$(find src -name '*.c' -exec basename {} \; | sort | uniq -d)
[ -z "$names" ] || complain "file names used twice in src: $names"

exit $failed
