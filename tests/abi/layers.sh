#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The tree shows the architecture, and this keeps it so: includes go downwards only, a third-party
# header lives in one room, file names are unique.
set -eu

failed=0

complain() {
    echo "$1"
    failed=1
}

# layer ROOM MAY-INCLUDE...: the rooms below it.
layer() {
    room=$1
    shift
    allowed=" $room $* "
    [ -d "src/$room" ] || complain "src/$room: no such room; is tests/abi/layers.sh up to date?"
    for used in $(cat "src/$room"/*.[ch] "src/$room"/*/*.[ch] 2>/dev/null |
        sed -n 's|^# *include "\([^"/]*\)/.*|\1|p' | sort -u); do
        case $allowed in
        *" $used "*) ;;
        *) complain "src/$room includes $used/: $(grep -l "include \"$used/" "src/$room"/*.[ch])" ;;
        esac
    done
}

layer core
layer image core
layer data core image
layer graph core
layer kernels core graph
layer plan core graph kernels
layer io core graph
layer model core image graph kernels plan io
layer evaluate core image data graph kernels plan model
layer train core image data graph kernels plan io model evaluate
layer measure core graph kernels plan train
layer api core image data graph kernels plan io model evaluate train measure

for directory in src/*/; do
    grep -q "^layer $(basename "$directory")\b" "$0" || complain "$directory: a room without a layer"
done

# only HEADER ROOM...: a header of others that these rooms alone may include.
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
