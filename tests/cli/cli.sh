#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The catdog command from outside: every sub-command, exit statuses, JSON, Ctrl-C, bad photos.
#   CATDOG           the command; default build/catdog
#   CATDOG_PROGRAMS  the folder with draw_photos and json_check; default build/tests/programs
set -u

absolute() {
    case $1 in
    /*) echo "$1" ;;
    *) echo "$PWD/$1" ;;
    esac
}
catdog=$(absolute "${CATDOG:-build/catdog}")
programs=$(absolute "${CATDOG_PROGRAMS:-build/tests/programs}")
draw=$programs/draw_photos
json=$programs/json_check

work=$(mktemp -d "${TMPDIR:-/tmp}/catdog-cli.XXXXXX") || exit 1
child=
trap '[ -z "$child" ] || kill -9 "$child" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
    echo "cli.sh: $*" >&2
    sed 's/^/    stderr: /' err >&2
    failures=$((failures + 1))
    [ $failures -lt 20 ] || exit 1
}

# expect STATUS ARGUMENTS...: runs the command; output is in out and err.
expect() {
    expected=$1
    shift
    "$catdog" "$@" >out 2>err </dev/null
    got=$?
    [ $got -eq "$expected" ] || fail "status $got instead of $expected: catdog $*"
}

# has FILE TEXT: a line of the file holds the text.
has() {
    grep -qF -e "$2" "$1" || fail "no \"$2\" in $1 of: $last"
}

# holds CLAIM...: the last output is one JSON document of which all is true.
holds() {
    "$json" "$@" <out 2>claims || fail "$last: $(cat claims)"
}

# run STATUS ARGUMENTS...: expect, and what is tested is remembered for messages.
run() {
    last="catdog$(printf ' %s' "$@")"
    expect "$@"
}

# run_builtin STATUS ARGUMENTS...: run of what needs the built-in model. Where the library was built without
# one (BUILTIN=no) it says so, and this returns 1: there is no more to be seen.
run_builtin() {
    if [ "$builtin" = yes ]; then
        run "$@"
        return 0
    fi
    shift
    run 1 "$@"
    has err "built without a model"
    return 1
}

quiet_err() {
    [ ! -s err ] || fail "stderr is not empty: $last"
}

test_help_and_usage() {
    run 0 --help
    has out article
    run 0 --version
    has out libcatdog
    run 2
    run 2 nonsense
    has err nonsense
    for command in survey split sheet train evaluate calibrate predict info convert explain filters \
        edges plot article; do
        run 0 $command --help
        has out "Usage: catdog $command"
        has out "--help"
        quiet_err
        run 0 $command --version
        run 2 $command --no-such-option
        has err "--no-such-option"
        has err "--help"
        [ $command = info ] || run 2 $command # info has a model to tell of
        run 2 $command -x
    done
    run 2 survey a b
    has err "\"b\""
    run 0 train --help
    has out "with --recipe the recipe's, else mse"
    run 2 train d
    has err conv64-128
    run 2 train d --preset conv1
    has err conv64-128
    for bad in --epochs=0 --epochs=-1 --epochs=1x --epochs= "--epochs= 1" --epochs=99999999999999999999 \
        --lr=0 --lr=nan --lr=0x1 --lr=1,5 --lr=-1 --size=94 --size=94x --size=94x0 --size=94x125x3 \
        --mean=1,2 --std=0,1,1 --std=1,1,1,1 --loss=l1 --seed=0 --seed=-3 --seed=9223372036854775808 --train=0 --strict=yes \
        --threads=1025 --fit=round --resume --out=; do
        run 2 train d --preset mlp "$bad"
        has err "${bad%%=*}"
    done
    run 2 train d --preset mlp --epochs
    has err "--epochs needs a value"
    run 2 train d --preset mlp --out m --history m
    run 2 convert m
    has err "--out FILE is needed"
    run 2 edges p.jpg
    run 2 explain p.jpg
    has err "--out FILE.jpg is needed"
    run 2 explain p.jpg --out h.jpg --opacity 2
    run 2 filters builtin
    has err "--out FILE.jpg is needed"
    run 2 plot h.csv --out h.gif
    run 2 article d --only conv24,conv1
    has err conv1
    run 0 bench --help
    has out "Usage: catdog bench"
    run 2 bench conv1
    has err "neither a file nor one of mlp"
    run 2 bench mlp --runs 0
    has err --runs
}

test_survey() {
    run 0 survey drawings
    has out "dog 24, cat 25"
    has out "200 x 150"
    has out "1 unreadable"
    run 0 survey drawings --json
    quiet_err
    holds photos=49 classes.cat=25 sizes.0.width=200 sizes.0.height=150 sizes.0.count:number \
        unreadable=1
    run 0 survey drawings --json --photos 5
    holds photos=5
    holds imbalance:number aspect_ratios:object color_spaces.YCbCr=5 orientations.1=5 \
        warnings.#=0 failed:array
    run 1 survey nowhere
    has err nowhere

    # Copies in the other class, a photo cut short, surplus bytes: told with names and reasons.
    mkdir odd
    cp folders/cats/1.jpg odd/cat.1.jpg
    cp folders/cats/1.jpg odd/dog.1.jpg
    cp folders/cats/2.jpg odd/cat.2.jpg
    cp folders/dogs/2.jpg odd/dog.2.jpg
    cp folders/dogs/3.jpg odd/dog.3.jpg
    cp folders/dogs/4.jpg odd/dog.4.jpg
    head -c 1500 folders/dogs/1.jpg >odd/dog.cut.jpg
    { printf '\377\330\000\000\000' && tail -c +3 folders/dogs/5.jpg; } >odd/dog.surplus.jpg
    run 0 survey odd
    quiet_err
    has out "the largest class has 3.0 times as many photos"
    has out "odd/dog.cut.jpg: is cut short"
    has out "odd/dog.surplus.jpg: Corrupt JPEG data"
    has out "same bytes, in different classes"
    has out "2 photos in 1 groups of the same bytes"
    run 0 survey odd --json --seed 3 --train 4 --val 4
    quiet_err
    holds photos=8 unreadable=1 imbalance=3 failed.0.path=odd/dog.cut.jpg failed.0.reason:string \
        warnings.#=1 warnings.0.path=odd/dog.surplus.jpg duplicates.0.photos.#=2 \
        duplicates.0.photos.0.path=odd/cat.1.jpg duplicates.0.photos.0.class=cat \
        duplicates.0.photos.1.class=dog duplicates.0.photos.0.part:string
    cp out whole
    run 0 survey odd --json --seed 3 --train 4 --val 4 --threads 1
    cmp -s out whole || fail "another number of threads, another survey"
    # Each photo is in the part that train puts it into.
    run 0 train odd --preset mlp --size 4x4 --seed 3 --train 4 --val 4 --epochs 1 --out odd.model \
        --split-list odd.txt
    for photo in odd/cat.1.jpg odd/dog.1.jpg; do
        part=$(grep "	$photo\$" odd.txt | cut -f1)
        grep -A 3 "\"path\": \"$photo\"" whole | grep -q "\"part\": \"$part\"" ||
            fail "$photo is not in part \"$part\""
    done
    run 0 survey odd --headers --json
    holds unreadable=0 duplicates.#=0
    run 2 survey odd --radius 64
    run 2 survey odd --plot sizes.gif
    run 1 survey odd --plot nowhere/sizes.svg
    run 1 survey odd --train 100
    if command -v gnuplot >/dev/null; then
        run 0 survey odd --plot sizes.svg
        has sizes.svg "<svg"
        has sizes.svg "most common sizes"
        quiet_err
    fi
}

test_sheet() {
    run 0 sheet drawings --out sheet.jpg --count 6 --columns 4 --size 20x30
    has out "sheet.jpg: 6 of"
    mkdir sheet && cp sheet.jpg sheet/a.1.jpg && cp sheet.jpg sheet/b.1.jpg
    run 0 survey sheet --headers --json # 4 + 4 x (30 + 4), 4 + 2 x (20 + 28 + 4)
    holds sizes.0.width=140 sizes.0.height=108
    run 0 sheet drawings --out again.jpg --count 6 --columns 4 --size 20x30 --threads 1
    cmp -s sheet.jpg again.jpg || fail "another number of threads, another sheet"
    # What --mean and --std do is undone for the eye; mirroring, order and fit show.
    run 0 sheet drawings --out again.jpg --count 6 --columns 4 --size 20x30 --mean 0.5,0.4,0.3 \
        --std 0.25,0.5,2
    cmp -s sheet.jpg again.jpg || fail "normalisation shows"
    for other in "--mirror off" "--seed 2" "--epoch 2" "--fit crop"; do
        # shellcheck disable=SC2086
        run 0 sheet drawings --out again.jpg --count 6 --columns 4 --size 20x30 $other
        cmp -s sheet.jpg again.jpg && fail "$other does not show"
    done
    run 2 sheet drawings
    has err "--out FILE.jpg is needed"
    run 1 sheet drawings --out nowhere/sheet.jpg
    run 1 sheet drawings --out sheet.jpg --size 60000x60000 --train 1 --val 1
    run 1 sheet nowhere --out sheet.jpg
    has err nowhere
}

test_class_weight() {
    set -- train odd --preset mlp --size 4x4 --epochs 1 --val 3 --seed 1 --out weighted
    run 0 "$@" --class-weight auto
    has out "times as many photos"
    run 0 info weighted --json
    grep -q 'class_weight' out || fail "class weights are not in the model's record"
    run 0 "$@" --class-weight 2,1
    run 1 "$@" --class-weight 1,2,3
    has err "3 class_weights were given; there are 2 classes"
    for bad in 1, ,1 x 1,x nan,1; do
        run 2 "$@" --class-weight "$bad"
        has err "--class-weight"
    done
    run 1 "$@" --class-weight=-1,1
    run 0 "$@" --class-weight none
}

test_train() {
    run 0 train drawings --preset mlp --size 16x20 --train 36 --val 8 --epochs 3 --batch=12 \
        --lr 0.001 --seed 5 --threads 2 --out model.safetensors --history "my history.csv" \
        --split-list split.txt
    has out "2 classes: dog 18, cat 18"
    has out "dense_1"
    has out "best epoch:"
    has out "best threshold"
    has out "model: model.safetensors"
    has err "epoch 1/3"
    has err "epoch 3/3"
    has err "empty.jpg"
    [ "$(grep -c '^epoch' err)" -eq 3 ] || fail "not one line an epoch: $last"
    [ "$(wc -l <'my history.csv')" -eq 4 ] || fail "history is not a header and 3 lines"
    [ "$(grep -c '^train	' split.txt)" -ge 35 ] || fail "too few photos in split.txt"
    [ "$(grep -c '^validation	' split.txt)" -ge 7 ] || fail "too few photos in split.txt"
    [ -z "$(cut -f2 split.txt | sort | uniq -d)" ] || fail "a photo is on both sides"

    # The same seed gives the same file, for any number of threads.
    cp model.safetensors before
    run 0 train drawings --preset mlp --size 16x20 --train 36 --val 8 --epochs 3 --batch=12 \
        --lr 0.001 --seed 5 --threads 1 --out model.safetensors --json
    cmp -s before model.safetensors || fail "another number of threads, another model"
    holds preset=mlp seed=5 model=model.safetensors history.#=3 history.2.epoch=3 \
        history.0.val_loss:number best_epoch:number validation.thresholds.#=10 classes.cat=25 \
        skipped.#:number

    # Every option is understood.
    run 0 train drawings --preset conv24 --size 12x14 --train 16 --val 8 --epochs 2 --batch 8 \
        --loss bce --optimizer sgd --momentum 0.9 --weight-decay 0 --schedule step --warmup 1 \
        --step-epochs 1 --step-factor 0.5 --patience 2 --init he --fit letterbox --decode scaled \
        --mean 0.5,0.5,0.5 --std 0.25,0.25,0.25 --layout prefix --out other.safetensors
    run 0 info other.safetensors --json
    holds preprocess.fit=letterbox preprocess.decode=scaled preprocess.mean.0=0.5 preprocess.std.2=0.25 \
        preprocess.height=12 preprocess.width=14

    run 1 train drawings --preset mlp --strict
    has err "empty.jpg"
    run 1 train nowhere --preset mlp
    has err nowhere
    run 1 train drawings --preset mlp --out nowhere/model
    has err "nowhere/model"
    run 1 train drawings --preset mlp --history .
    run 1 train drawings --preset mlp --train 1000 --val 8
    [ ! -e catdog.safetensors ] || fail "a failed training left a model"
}

# Photos by the names in a list: the split's own list trains the same model again; another folder with the
# same names; what is wrong with a list is told by name.
test_parts() {
    set -- --preset mlp --size 6x8 --epochs 1 --batch 8 --lr 0.001 --seed 4
    run 0 train drawings "$@" --train 30 --val 10 --out split.model --split-list parts.txt
    run 0 train drawings "$@" --parts parts.txt --out listed.model --split-list again.txt
    cmp -s split.model listed.model || fail "the list of the split gives another model"
    cmp -s parts.txt again.txt || fail "the list of the list is another"
    has err "photos of drawings are not in parts.txt: left out"

    # Folders a class, in which names are there twice; and the same photos in one folder.
    mkdir -p few/cats few/dogs flat
    for i in 1 2 3 4; do
        cp folders/cats/$i.jpg few/cats/$i.jpg
        cp folders/dogs/$i.jpg few/dogs/$i.jpg
        cp folders/cats/$i.jpg flat/cat.$i.jpg
        cp folders/dogs/$i.jpg flat/dog.$i.jpg
    done
    printf '# a comment\n\ntrain\t%s\ntrain\t%s\r\nvalidation\t%s\tmore\nvalidation\t%s\n' few/cats/1.jpg \
        ./few/dogs/1.jpg cats/2.jpg old/few/dogs/2.jpg >list
    printf 'left-out\tcats/3.jpg\nleft-out\tdogs/3.jpg\nleft-out\tcats/9.jpg\n' >>list
    run 0 train few "$@" --parts list --out few.model --split-list few.txt
    printf 'train\tfew/%s\ntrain\tfew/%s\nvalidation\tfew/%s\nvalidation\tfew/%s\n' cats/1.jpg dogs/1.jpg \
        cats/2.jpg dogs/2.jpg | cmp -s - few.txt || fail "other photos than listed"
    has err "2 photos of few are not in list: left out"
    run 0 evaluate few/ --model few.model --parts list --part left-out --json
    has err "list: line 9: few/ has no photo called cats/9.jpg"
    holds photos=2 confusion.matrix.0.0:number
    printf 'a\tx/cat.1.jpg\nb\tdog.1.jpg\nb\ty/cat.2.jpg\n' >list
    run 0 evaluate flat --model few.model --parts list --part b --predictions p.csv
    has p.csv flat/dog.1.jpg
    has p.csv flat/cat.2.jpg
    [ "$(wc -l <p.csv)" -eq 3 ] || fail "other photos than listed: $last"
    run 0 survey flat --parts list --part b --json
    holds photos=2
    mkdir twice
    cp few/cats/1.jpg twice/cat.1.jpg
    cp few/cats/1.jpg twice/cat.2.jpg
    cp few/dogs/1.jpg twice/dog.1.jpg
    printf 'a\tcat.1.jpg\nb\tcat.2.jpg\na\tdog.1.jpg\n' >both
    run 0 survey twice --parts both --json
    holds photos=3 duplicates.0.across_split=true duplicates.0.photos.1.part=b
    sed s/^b/a/ both >together
    run 0 survey twice --parts together --json
    holds duplicates.0.across_split=false duplicates.0.photos.1.part=a
    run 0 survey twice --parts both
    has out "1 in different parts"
    run 2 survey twice --part a
    run 0 sheet flat --parts list --part a --out one.jpg
    has out "1 of 1 a photos"

    # A photo twice in one part is fine; in two parts it is not, nor is a name that two photos have.
    printf 'a\tcats/1.jpg\na\tfew/cats/1.jpg\n' >list
    run 0 evaluate few --model few.model --parts list --part a
    printf 'a\tcats/1.jpg\nb\tfew/cats/1.jpg\n' >list
    run 1 evaluate few --model few.model --parts list --part a
    has err 'list: few/cats/1.jpg is in two parts, "a" (line 1) and "b" (line 2)'
    printf 'a\tcats/1.jpg\na\tx/4.jpg\n' >list
    run 1 evaluate few --model few.model --parts list --part a
    has err "list: line 2: x/4.jpg may be few/cats/4.jpg or few/dogs/4.jpg"
    mkdir -p own/cats own/dogs
    cp few/cats/1.jpg own/cats/cat.1.jpg
    cp few/dogs/1.jpg own/dogs/dog.1.jpg
    printf 'a\tcats/cat.1.jpg\nb\tcat.1.jpg\n' >list
    run 1 evaluate own --model few.model --parts list --part a
    has err 'list: own/cats/cat.1.jpg is in two parts, "a" (line 1) and "b" (line 2)'
    printf 'a\tcats/cat.1.jpg\nb\tdogs/cat.1.jpg\n' >list
    run 0 evaluate own --model few.model --parts list --part a
    for bad in 'a cats/1.jpg' 'a\t' '\tcats/1.jpg' 'a\tx\0y'; do
        printf "a\tcats/1.jpg\n$bad\n" >list
        run 1 evaluate few --model few.model --parts list --part a
        has err 'is not "part<TAB>path"'
    done
    printf 'a\tcats/1.jpg\n' >list
    run 1 evaluate few --model few.model --parts list --part b
    has err 'list: no photo of the folder is in part "b"'
    run 1 train few "$@" --parts list
    run 1 train few "$@" --parts nowhere
    has err "nowhere: cannot be read"
    run 1 train few "$@" --parts .
    run 2 train few "$@" --parts list --val 1
    has err --parts
    for command in "evaluate few --model few.model" "survey few" "sheet few --out x.jpg"; do
        # The words of $command apart. A survey of all parts tells which duplicates lie in several.
        [ "$command" = "survey few" ] || run 2 $command --parts list
        run 2 $command --part a
        has err "go together"
    done
}

# Augmentation and recipes: of train, and as sheet shows them; the mirrored second look.
test_recipe() {
    cat >r.json <<'END'
{"preset": "mlp", "preprocess": {"height": 8, "width": 10, "fit": "squash", "decode": "full",
 "pad": [0, 0, 0], "mean": [0, 0, 0], "std": [1, 1, 1]},
 "training": {"epochs": 1, "batch_size": 8, "mirror": true, "rotation": 20, "seed": 5,
              "class_weight": [1, 2]}}
END
    set -- drawings --train 24 --val 8
    run 0 train "$@" --recipe r.json --crop 0.5 --crop-aspect 1.5 --shear 9 --brightness 0.2 \
        --contrast 0.2 --saturation 0.2 --hue 9 --erase 0.3 --mixup 0.4 --cutmix 1 \
        --label-smoothing 0.1 --average 0.9 --clip-norm 1 --out recipe.safetensors
    run 0 info recipe.safetensors --json
    holds preprocess.width=10 training.epochs=1 training.seed=5 training.rotation=20 \
        training.crop_area=0.5 training.shear=9 training.erase:number training.cutmix=1 \
        training.average_decay:number training.clip_norm=1 training.class_weight.1=2
    run 0 sheet "$@" --recipe r.json --crop 0.5 --cutmix 1 --out sheet.jpg
    has out "24 of 24"
    run 0 sheet "$@" --recipe r.json --crop 0.5 --cutmix 1 --out again.jpg --threads 1
    cmp -s sheet.jpg again.jpg || fail "another number of threads, another sheet"
    run 0 sheet "$@" --recipe r.json --crop 0.5 --out again.jpg
    cmp -s sheet.jpg again.jpg && fail "--cutmix changes nothing on the sheet"
    for command in train sheet; do
        set -- $command drawings --out x
        run 2 "$@" --recipe r.json --preset mlp
        has err --recipe
        run 2 "$@" --recipe r.json --rotation 181
        has err --rotation
        run 1 "$@" --recipe nowhere.json
        has err nowhere.json
        echo '{"preset": "mlp", "training": {"rotate": 1}}' >bad.json
        run 1 "$@" --recipe bad.json
        has err 'bad.json: "rotate" is not known'
        echo '{"preset": "mlp", "training": {"rotation": 181}}' >bad.json
        run 1 "$@" --recipe bad.json
        has err "bad.json: rotation must be from 0 to 180"
    done
    # What is wrong with the network is told before photos are loaded, and leaves the last list of parts.
    echo before >parts.before
    echo '{"graph": {"layers": [{"type": "input", "name": "i", "height": 4, "width": 5, "channels": 3},
        {"type": "flatten", "name": "f", "inputs": ["i"]},
        {"type": "dense", "name": "head", "inputs": ["f"], "units": 3, "activation": "softmax", "bias": true,
         "initializer": "default"}]}}' >three.json
    for bad in "preset=mlp --freeze nolayer:no layer \"nolayer\"" "recipe=r.json --freeze nolayer:no layer" \
        "recipe=three.json:it needs 3"; do
        # shellcheck disable=SC2086
        run 1 train drawings --train 24 --val 8 --${bad%%:*} --out x --split-list parts.before
        has err "${bad#*:}"
        grep -q "loaded for" err && fail "photos were loaded first: $last"
        [ "$(cat parts.before)" = before ] || fail "the list was replaced: $last"
    done
    run 0 predict --model recipe.safetensors --mirror folders/cats/1.jpg
    cp out mirrored
    run 0 predict --model recipe.safetensors folders/cats/1.jpg
    run 0 train drawings --train 24 --val 8 --recipe r.json --weights recipe.safetensors --out warm.safetensors
    has out "parameters are those of recipe.safetensors"
    run 0 info warm.safetensors --json
    holds weights_from.parameters:number weights_from.classes.0=dog weights_from.training.rotation=20 \
        weights_from.recipe.preset=mlp adapted_from:null
    run 0 info warm.safetensors
    has out "weights_from: {"
    run 0 train drawings --train 24 --val 8 --recipe r.json --weights warm.safetensors --out again.safetensors
    run 0 info again.safetensors --json
    holds weights_from.weights_from.training.rotation=20
    run 0 train drawings --train 24 --val 8 --epochs 1 --from warm.safetensors --out again.safetensors
    run 0 info again.safetensors --json
    holds adapted_from.weights_from.training.rotation=20 weights_from:null
    run 1 train drawings --train 24 --val 8 --preset mlp --weights nowhere.safetensors --out warm.safetensors
    has err nowhere.safetensors
    run 2 train drawings --from recipe.safetensors --weights recipe.safetensors --out warm.safetensors
    has err --weights
    cmp -s out mirrored && fail "--mirror predicts the same"
    run 0 evaluate folders --model recipe.safetensors --mirror --json
    holds photos=24 mse:number
    run 0 info mlp --memory --training --clipped --averaged --json
    holds memory.average_weights:number
    run 0 info mlp --memory --training --json
    holds memory.average_weights=0
}

# The same model wherever the pixels live; a damaged cache is made anew, and said to be.
test_cache_and_memory() {
    set -- train drawings --preset conv24 --size 12x14 --train 32 --val 8 --batch 8 --epochs 2 --seed 3
    run 0 "$@" --out plain.safetensors
    for where in "--cache pixels" "--cache pixels" "--memory 2K" "--memory 1" "--memory 1G"; do
        run 0 "$@" $where --out stored.safetensors # the words of $where apart
        cmp -s plain.safetensors stored.safetensors || fail "another model: $last"
        grep -q "made anew" err && fail "a cache that is whole is made anew: $last"
        has err "empty.jpg"
    done
    cp pixels whole
    printf 'damage' | dd of=pixels bs=1 seek=5000 conv=notrunc 2>/dev/null
    run 0 "$@" --cache pixels --out stored.safetensors
    has err "pixels: a picture in it is damaged: the cache is made anew"
    [ "$(grep -c "made anew" err)" -eq 1 ] || fail "made anew more than once: $last"
    cmp -s plain.safetensors stored.safetensors || fail "another model after a damaged cache"
    cmp -s pixels whole || fail "the damaged cache is not as it was"
    printf 'dear friend' >letter
    run 0 "$@" --cache letter --out stored.safetensors
    has err "letter: not a cache of pictures: left as it is, going on without this cache"
    [ "$(cat letter)" = 'dear friend' ] || fail "something else was replaced by a cache"
    cmp -s plain.safetensors stored.safetensors || fail "another model without its cache"
    run 0 "$@" --cache no/such/pixels --out stored.safetensors
    has err "no/such/pixels: cannot be written: No such file or directory: going on without this cache"
    cmp -s plain.safetensors stored.safetensors || fail "another model where no cache can be made"
    for bad in 0 -1 64X M 64MB 1.5G 99999999999G ""; do
        run 2 train drawings --preset mlp --memory "$bad"
        has err "--memory: \"$bad\" is not a number of bytes"
    done
    run 2 train drawings --preset mlp --cache=
    has err --cache
}

# little STATUS ARGUMENT...: the command with a gigabyte of memory.
little() {
    want=$1
    shift
    last="catdog $*, with little memory"
    (ulimit -v 1000000 && exec "$catdog" "$@") >out 2>err
    got=$?
    [ $got -eq "$want" ] || fail "status $got instead of $want: $last"
    has err "--memory SIZE"
    has err "--cache FILE"
}

# Where the pixels do not fit, a part is held; where more was asked for than there is, what helps is told.
test_little_memory() {
    last="catdog --version, with little memory"
    (ulimit -v 1000000 && exec "$catdog" --version) >out 2>err || return 0 # not under a sanitizer
    set -- sheet drawings --out little.jpg --count 1 --batch 1 --size 3000x3000 --threads 2
    little 0 "$@"
    has err "1024 MB of memory: 256 MB of them are held"
    little 1 "$@" --memory 100G
    has err "pictures of 3000 x 3000"
}

test_resume() {
    set -- train drawings --preset mlp --size 8x10 --train 24 --val 8 --batch 8 --lr 0.001 \
        --schedule constant
    run 0 "$@" --epochs 4 --out straight.safetensors --history straight.csv
    run 0 "$@" --epochs 2 --out resumed.safetensors --checkpoint checkpoint
    run 0 "$@" --epochs 4 --out resumed.safetensors --history resumed.csv --checkpoint checkpoint \
        --resume
    [ "$(grep -c '^epoch' err)" -eq 2 ] || fail "resuming did not go on after epoch 2: $last"
    cut -d, -f1-10 straight.csv >a
    cut -d, -f1-10 resumed.csv >b
    cmp -s a b || fail "resuming gives another history"
    run 0 "$@" --epochs 1 --out fresh.safetensors --checkpoint fresh --resume
    has err "does not exist yet"
}

test_three_classes() {
    "$draw" three 8 folders 2 3 || fail "draw_photos"
    run 0 train three --preset mlp --size 8x10 --epochs 1 --lr 0.001 --out three.safetensors --json
    holds classes.birds=8 validation.confusion.matrix.2.2:number validation.best_threshold:null
    run 0 info three.safetensors --json
    holds classes.#=3
    run 0 train three --recipe r.json --class-weight none --val 6 --out recipe.safetensors
    run 0 info recipe.safetensors --json
    holds training.loss=mse # as the recipe says nothing
    run 0 predict --model three.safetensors --json three/birds/0.jpg
    holds 0.probabilities.birds:number 0.probabilities.#=3
}

# The toys of three classes; folders "cats" and "dogs" are the built-in model's classes.
test_fine_tuning() {
    set -- train three --epochs 1 --val 6 --out tuned.safetensors
    if run_builtin 0 "$@" --from builtin --head-only --json; then
        holds from=builtin classes.birds=8 history.#=1
        run 0 info tuned.safetensors --json
        holds classes.#=3 training.freeze='*' training.loss=cross_entropy training.mirror=true \
            training.schedule=cosine
    fi
    run 0 "$@" --from three.safetensors --freeze flatten --lr 0.001
    has out "whose classes these are"
    has out '"flatten" and all before it stay'
    if run_builtin 0 train folders --epochs 1 --from builtin --out tuned.safetensors; then
        has out "whose classes these are"
        run 0 info tuned.safetensors --json
        holds classes.0=dog classes.1=cat training.loss=binary_cross_entropy adapted_from.classes.0=dog \
            calibration:null
    fi
    run 0 train folders --epochs 1 --from three.safetensors --out tuned.safetensors
    has out "but the head's"
    run 1 "$@" --from three.safetensors --freeze nolayer
    has err 'no layer "nolayer"'
    grep -q "loaded for" err && fail "photos were loaded first: $last"
    run 1 "$@" --from nowhere
    has err nowhere
    for bad in --preset=mlp --recipe=r.json --size=8x8 --fit=crop --decode=scaled --mean=1,1,1 \
        --std=2,2,2; do
        run 2 "$@" --from builtin "$bad"
        has err "${bad%%=*}"
    done
    run 2 "$@" --from builtin --head-only --freeze dense
    has err --head-only
}

test_convert() {
    run 0 convert model.safetensors --half --out half.safetensors
    has out "model: half.safetensors"
    [ "$(wc -c <half.safetensors)" -lt "$(($(wc -c <model.safetensors) * 6 / 10))" ] ||
        fail "half.safetensors is not much smaller"
    run 0 convert half.safetensors --half --out again.safetensors
    cmp -s half.safetensors again.safetensors || fail "halves change when they are saved again"
    run 0 convert model.safetensors --out whole.safetensors
    cmp -s model.safetensors whole.safetensors || fail "another model: $last"
    run 0 convert whole.safetensors --half --out whole.safetensors # in place
    cmp -s half.safetensors whole.safetensors || fail "another model: $last"
    run 0 evaluate folders --model half.safetensors --json
    holds photos=24 mse:number
    run 1 convert nowhere --out x.safetensors
    has err nowhere
    run 1 convert model.safetensors --out nowhere/x.safetensors
    has err nowhere/x.safetensors
    run 1 convert model.safetensors --size 20x31 --out x.safetensors
    has err "cannot see 20 x 31: layer"
    [ ! -e x.safetensors ] || fail "a model that cannot be: $last"
    run 2 convert model.safetensors --size 20 --out x.safetensors
    has err --size
}

# Without --model, or by its name.
test_builtin() {
    if ! run_builtin 0 info --json; then
        for command in "predict folders/cats/1.jpg" "evaluate folders" "bench builtin --inference --runs 1" \
            "convert builtin --out x" "train drawings --preset mlp --weights builtin"; do
            # shellcheck disable=SC2086
            run_builtin 0 $command
            [ ! -s out ] || [ "${command%% *}" = train ] || fail "an answer without a model: $last"
        done
        return
    fi
    quiet_err
    holds classes.0=dog classes.1=cat parameter_count:number adapted_from.training.epochs:number
    run 0 info --memory --cpu --json
    holds memory.batch_size=32 memory.layers.1.name=stem cpu.kernels:string
    run 0 predict folders/cats/1.jpg folders/dogs/1.jpg
    quiet_err
    cp out unnamed
    run 0 predict --model builtin folders/cats/1.jpg folders/dogs/1.jpg
    cmp -s out unnamed || fail "another model: $last"
    run 0 convert builtin --out builtin.safetensors
    run 0 predict --model builtin.safetensors folders/cats/1.jpg folders/dogs/1.jpg
    cmp -s out unnamed || fail "another model: $last"
    run 0 convert builtin --size 60x80 --out small.safetensors
    run 0 info small.safetensors --json
    holds layers.0.height=60 layers.0.width=80 preprocess.height=60 preprocess.width=80
    run 0 predict --model small.safetensors folders/cats/1.jpg
    run 0 evaluate folders --json
    holds photos=24 mse:number
    run 0 bench builtin --inference --runs 1 --batch 2 --json
    holds model=builtin
    run 1 predict --model ./builtin folders/cats/1.jpg
    has err ./builtin
}

# Starts a training that would take hours, waits for its first epoch, interrupts it.
test_interrupt() {
    last="catdog train, interrupted"
    for signal in INT:130 TERM:143; do
        : >err
        rm -f stopped.safetensors
        "$catdog" train drawings --preset mlp --size 8x10 --train 32 --val 8 --epochs 1000000 \
            --lr 0.0001 --out stopped.safetensors --history stopped.csv >out 2>err </dev/null &
        child=$!
        tries=0
        while ! grep -q '^epoch 1/' err && [ $tries -lt 300 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        kill -"${signal%:*}" $child
        wait $child
        got=$?
        child=
        [ $got -eq "${signal#*:}" ] || fail "status $got after SIG$signal"
        [ -s stopped.csv ] || fail "no history after SIG$signal"
        run 0 info stopped.safetensors
        last="catdog train, interrupted"
    done
}

test_evaluate() {
    run 0 evaluate folders --model model.safetensors --predictions predictions.csv
    has out "ROC AUC"
    has out "threshold"
    has err "empty.jpg"
    [ "$(wc -l <predictions.csv)" -eq 25 ] || fail "not a line for each photo in predictions.csv"
    has predictions.csv "path,class,predicted,dog,cat"
    run 0 evaluate folders --model model.safetensors --json
    holds mse:number binary_cross_entropy:number pearson auc:number accuracy:number \
        best_threshold:number best_accuracy:number thresholds.#=10 thresholds.9.threshold=0.9 \
        thresholds.9.accuracy:number confusion.classes.1=cat confusion.matrix.1.1:number \
        photos=24 skipped.#=1 skipped.0.path:string skipped.0.reason:string
    # Nothing varies: the figures that are not defined are null.
    mkdir one && cp -r folders/cats one/cats
    run 0 evaluate one --layout folders --model model.safetensors --json
    holds photos=12 auc:null pearson:null mse:number
    run 1 evaluate folders --model model.safetensors --strict
    run 1 evaluate folders --model "$catdog"
    run 1 evaluate folders --model nowhere
    has err nowhere
    run 1 evaluate folders --model model.safetensors --predictions nowhere/p.csv
}

test_mistakes() {
    run 0 evaluate folders --model model.safetensors --predictions p.csv --mistakes 1000 --json
    awk -F, 'NR > 1 && $2 != $3 { n++ } END { exit !(n > 1) }' p.csv || fail "this model makes too few mistakes"
    n=$(awk -F, 'NR > 1 && $2 != $3' p.csv | wc -l)
    holds mistakes.#="$n" mistakes.0.path:string mistakes.0.class:string mistakes.0.predicted:string \
        mistakes.0.probability:number
    run 0 evaluate folders --model model.safetensors --mistakes wrong.txt --json
    holds photos=24
    [ "$(wc -l <wrong.txt)" -eq "$n" ] || fail "not a line for each mistake"
    awk -F '\t' 'NF != 5 || $1 != "mistake" || $3 == $4 || $5 > 0.5 || $5 < p { exit 1 } { p = $5 }' wrong.txt ||
        fail "not part, path, class, predicted, rising probability"
    awk -F '\t' '{ print $2 "," $3 "," $4 }' wrong.txt | sort >a
    awk -F, 'NR > 1 && $2 != $3 { print $1 "," $2 "," $3 }' p.csv | sort | cmp -s - a ||
        fail "other mistakes than predictions show"
    run 0 evaluate folders --model model.safetensors --mistakes 1
    has out "$n photos are taken for another class"
    has out "$(head -n 1 wrong.txt | cut -f 2)"
    [ "$(grep -c ', taken for' out)" -eq 1 ] || fail "not one mistake: $last"
    run 0 sheet folders --parts wrong.txt --part mistake --out wrong.jpg --count 1000
    has out "wrong.jpg: $n of $n mistake photos"
    run 2 evaluate folders --model model.safetensors --mistakes 0
    has err --mistakes
    run 1 evaluate folders --model model.safetensors --mistakes nowhere/x
}

test_reliability() {
    run 0 evaluate folders --model model.safetensors --reliability table.csv --json
    holds calibration_error:number accuracy_low:number accuracy_high:number reliability.#=15 \
        reliability.0.photos=0 reliability.0.confidence:null reliability.14.high=1
    awk -F, 'NR > 1 { n += $3; e += $3 * ($4 > $5 ? $4 - $5 : $5 - $4) } END { print n, e / n }' table.csv >a
    sed -n 's/.*"calibration_error": \([0-9.e-]*\).*/\1/p' out >b
    awk 'NR == 1 { n = $1; e = $2 } NR == 2 { exit !(n == 24 && e - $1 < 1e-5 && $1 - e < 1e-5) }' a b ||
        fail "another calibration error than the table's"
    run 0 evaluate folders --model model.safetensors
    has out "95 % interval"
    has out "calibration error"
    if command -v gnuplot >/dev/null; then
        run 0 evaluate folders --model model.safetensors --reliability table.svg
        has table.svg "<svg"
        has table.svg "expected calibration error"
    fi
    run 2 evaluate folders --model model.safetensors --reliability table.gif
    run 1 evaluate folders --model model.safetensors --reliability nowhere/table.csv
}

test_calibrate() {
    run 0 evaluate drawings --model model.safetensors --json
    cp out before
    run 0 calibrate model.safetensors drawings --out calibrated.safetensors
    has out "temperature"
    has out "model: calibrated.safetensors"
    has err "empty.jpg"
    run 0 calibrate model.safetensors drawings --out again.safetensors --threads 1 --json
    holds photos=48 temperature:number cross_entropy_before:number cross_entropy_after:number \
        calibration_error_before:number calibration_error_after:number model=again.safetensors skipped.#=1
    cmp -s calibrated.safetensors again.safetensors || fail "another number of threads, another model"
    run 0 evaluate drawings --model calibrated.safetensors --json
    for same in accuracy auc; do
        [ "$(grep "\"$same\"" out | head -n 1)" = "$(grep "\"$same\"" before | head -n 1)" ] ||
            fail "calibration changes the $same"
    done
    run 0 info calibrated.safetensors --json
    holds calibration.temperature:number training:object
    run 0 calibrate model.safetensors drawings --out again.safetensors --mirror --parts split.txt \
        --part validation --json
    holds photos:number
    run 1 calibrate model.safetensors nowhere --out x
    run 1 calibrate nowhere drawings --out x
    run 1 calibrate model.safetensors drawings --out nowhere/x
    run 2 calibrate model.safetensors drawings
    has err "--out FILE"
    run 2 calibrate model.safetensors drawings --out x --part train
}

# Lists for training, validation and test, and folds.
test_split() {
    run 0 split drawings --out parts.txt --train 20 --val 10 --seed 6
    has out "train: 20 photos, 2 classes: dog 10, cat 10"
    run 0 train drawings --preset mlp --size 4x4 --epochs 1 --train 20 --val 10 --seed 6 --out x.model \
        --split-list train.txt
    grep -v empty.jpg parts.txt | cmp -s - train.txt || fail "another split than train's"
    run 0 split drawings --out parts.txt --test 9 --val 10
    [ "$(cut -f 1 parts.txt | sort | uniq -c | tr -s '\n ' ' ')" = " 9 test 30 train 10 validation " ] ||
        fail "other sizes: $last"
    [ -z "$(cut -f 2 parts.txt | sort | uniq -d)" ] || fail "a photo is in two parts"
    run 0 train drawings --preset mlp --size 4x4 --epochs 1 --parts parts.txt --out x.model
    run 0 evaluate drawings --model x.model --parts parts.txt --part test --json
    run 0 split drawings --out fold --folds 4
    for k in 1 2 3 4; do
        [ "$(wc -l <fold.$k)" -eq 49 ] || fail "not every photo is in fold.$k"
        grep '^validation' fold.$k
    done | cut -f 2 | sort | uniq -c | awk '$1 != 1 { exit 1 } END { exit NR != 49 }' ||
        fail "the folds do not share out the photos"
    # odd: cat.1 and dog.1 are the same file.
    for seed in 1 2 3 4 5 6; do
        run 0 split odd --out parts.txt --train 3 --val 3 --test 2 --seed $seed --together
        [ "$(grep '[.]1[.]jpg' parts.txt | cut -f 1 | uniq | wc -l)" -eq 1 ] || fail "a pair is torn: $last"
    done
    run 2 split drawings
    run 2 split drawings --out x --folds 4 --val 3
    run 2 split drawings --out x --folds 1
    run 1 split drawings --out x --test 49
    run 1 split drawings --out nowhere/x
    run 1 split nowhere --out x
    [ ! -e x ] || fail "a failed split left a list"
}

test_predict() {
    set -- folders/cats/1.jpg folders/dogs/1.jpg folders/cats/2.jpg
    run 0 predict --model model.safetensors "$@"
    quiet_err
    cut -f1 out >order
    printf '%s\n' "$@" | cmp -s - order || fail "another order: $last"
    awk -F '\t' 'NF != 3 || ($2 != "cat" && $2 != "dog") || $3 < 0.5 || $3 > 1 { exit 1 }' out ||
        fail "not path, label, probability: $last"
    cp out good

    # Bad photos among good ones.
    printf 'no photo' >text.jpg
    run 1 predict --model model.safetensors "$1" text.jpg "$2" nowhere.jpg "$3"
    cmp -s out good || fail "the good photos did not go on: $last"
    has err text.jpg
    has err nowhere.jpg
    [ "$(wc -l <err)" -eq 2 ] || fail "not a line for each bad photo: $last"
    run 1 predict --model model.safetensors --json "$1" text.jpg "$2"
    holds "#=3" 0.path="$1" 0.label:string 0.probability:number 0.probabilities.dog:number \
        1.error:string 2.path="$2"

    # Standard input; names with blanks and leading dashes.
    last="catdog predict -"
    "$catdog" predict --model model.safetensors "$2" - "$3" <"$1" >out 2>err || fail "stdin"
    [ "$(sed -n 2p out | cut -f2-)" = "$(sed -n 1p good | cut -f2-)" ] ||
        fail "standard input is predicted otherwise"
    [ "$(sed -n 2p out | cut -f1)" = - ] || fail "standard input is not called -"
    run 1 predict --model model.safetensors -
    cp "$1" ./-b.jpg
    cp "$1" 'a b.jpg'
    run 0 predict --model=model.safetensors 'a b.jpg' -- -b.jpg
    [ "$(wc -l <out)" -eq 2 ] || fail "two photos, other lines: $last"
    run 1 predict --model text.jpg "$1"
    has err text.jpg
}

test_info() {
    run 0 info model.safetensors
    has out "dog cat"
    has out "16 x 20"
    has out "parameters"
    run 0 info model.safetensors --json
    holds classes.0=dog classes.1=cat preprocess.fit=squash layers.0.type=input \
        parameter_count:number parameters.0.name:string training:object
    head -c 100 model.safetensors >cut.safetensors
    run 1 info cut.safetensors
    has err cut.safetensors
    run 0 info conv24 --size 20x24
    has out "20 x 24 x 3"
    run 0 info conv24 --size 20x24 --json
    holds layers.0.height=20 layers.1.type=conv2d parameter_count:number
}

test_info_cpu() {
    run 0 info --cpu
    quiet_err
    has out "CPU:"
    has out "the best that run here"
    has out "reference   runs here"
    run 0 info --cpu --json --threads 3
    quiet_err
    holds cpu.features:string cpu.threads=3 cpu.cpus:number cpu.kernels:string cpu.chosen_by=cpu \
        cpu.available.0.name:string cpu.convolutions:null
    run 0 info --cpu conv48x2 --json
    holds cpu.convolutions.#=2 cpu.convolutions.1.layer=conv2d_1 \
        cpu.convolutions.1.training:string cpu.convolutions.0.predicting:string
    last="catdog info --cpu with CATDOG_KERNELS"
    CATDOG_KERNELS=reference,gemm=blas "$catdog" info --cpu conv24 >out 2>err || fail "$last"
    has out "reference,gemm=blas (chosen by CATDOG_KERNELS)"
    has out "im2col"
    CATDOG_KERNELS=reference "$catdog" info --cpu --json model.safetensors >out 2>err || fail "$last"
    holds cpu.kernels=reference cpu.chosen_by=environment cpu.convolutions.#=0
    CATDOG_KERNELS=reference,gem=blas "$catdog" info --cpu >out 2>err && fail "$last: gem is taken"
    has err '"gem=blas"'
}

test_info_memory() {
    run 0 info --memory --training conv24 --batch 5
    quiet_err
    has out "training, batches of 5"
    has out "optimizer"
    run 0 info --memory mlp --batch 2 --size 10x10 --json
    holds memory.batch_size=2 memory.optimizer=0 memory.pictures=3000 memory.arena:number \
        memory.total:number memory.layers.#:number memory.layers.1.name=flatten \
        memory.layers.1.values=0
    run 0 info --memory model.safetensors --cpu --json
    holds memory.batch_size=32 cpu.kernels:string
    run 2 info --memory --batch 0 mlp
    run 1 info --memory nowhere
    has err nowhere
}

# size FILE: what survey says of its width and height, as WIDTHxHEIGHT.
size() {
    rm -rf sized && mkdir sized && cp "$1" sized/a.1.jpg && cp "$1" sized/b.1.jpg
    "$catdog" survey sized --headers | sed -n 's/^ *\([0-9]*\) x \([0-9]*\) .*/\1x\2/p' | sed 1q
}

test_explain() {
    run 0 train drawings --preset conv24 --size 20x26 --train 24 --val 8 --epochs 1 --seed 1 \
        --out conv.safetensors
    run 0 explain folders/cats/1.jpg --out heat.jpg --model conv.safetensors
    quiet_err
    has out "heat.jpg: "
    has out "by the 9 x 12 places of max_pool2d"
    [ "$(size heat.jpg)" = "$(size folders/cats/1.jpg)" ] || fail "the heat map has another size"
    cp heat.jpg again.jpg
    run 0 explain folders/cats/1.jpg --out heat.jpg --model conv.safetensors --threads 1
    cmp -s heat.jpg again.jpg || fail "another number of threads, another heat map"
    run 0 explain folders/cats/1.jpg --out heat.jpg --model conv.safetensors --layer conv2d --opacity 1
    has out "by the 18 x 24 places of conv2d"
    cmp -s heat.jpg again.jpg && fail "another layer, the same heat map"
    for class in cat dog; do
        run 0 explain folders/cats/1.jpg --out $class.jpg --model conv.safetensors --class $class --json
        quiet_err
        holds path=folders/cats/1.jpg class=$class probability:number drawing=$class.jpg \
            layer=max_pool2d map.#=9 map.8.#=12 map.8.11:number
    done
    cmp -s cat.jpg dog.jpg && fail "both classes have the same heat map"
    run_builtin 0 explain folders/cats/1.jpg --out heat.jpg
    run 1 explain folders/cats/1.jpg --out heat.jpg --model conv.safetensors --class bird
    has err 'there is no class "bird"'
    run 1 explain folders/cats/1.jpg --out heat.jpg --model conv.safetensors --layer conv
    has err 'there is no layer "conv"'
    run 1 explain folders/cats/1.jpg --out heat.jpg --model conv.safetensors --layer dense
    has err 'layer "dense" is flat'
    run 1 explain folders/cats/1.jpg --out heat.jpg --model model.safetensors
    has err "no layer of this network has a map"
    run 1 explain text.jpg --out heat.jpg --model conv.safetensors
    has err text.jpg
    run 1 explain folders/cats/1.jpg --out heat.jpg --model nowhere
    run 1 explain folders/cats/1.jpg --out nowhere/heat.jpg
}

test_filters() {
    run 0 filters conv.safetensors --out sheet.jpg
    quiet_err
    has out "sheet.jpg: 24 kernels of conv2d, 3 x 3 x 3"
    [ "$(size sheet.jpg)" = 264x264 ] || fail "not 5 x 5 places: $last" # 4 + 5 x (3 x 16 + 4)
    run 0 filters conv.safetensors --out sheet.jpg --photo folders/cats/1.jpg
    quiet_err
    has out "sheet.jpg: 24 maps of conv2d, 18 x 24"
    [ "$(size sheet.jpg)" = 264x204 ] || fail "not 5 x 5 maps: $last" # 4 + 5 x (24 x 2 + 4)
    run 0 filters conv.safetensors --out sheet.jpg --photo folders/cats/1.jpg --layer dense
    has out "128 maps of dense, 1 x 1"
    run_builtin 0 filters builtin --out sheet.jpg
    run 1 filters conv.safetensors --out sheet.jpg --layer dense
    has err 'layer "dense" is no convolution'
    run 1 filters conv.safetensors --out sheet.jpg --layer conv
    has err 'there is no layer "conv"'
    run 1 filters model.safetensors --out sheet.jpg
    has err "no convolution"
    run 1 filters conv.safetensors --out sheet.jpg --photo text.jpg
    has err text.jpg
    run 1 filters text.jpg --out sheet.jpg
    run 1 filters conv.safetensors --out nowhere/sheet.jpg
}

test_edges() {
    run 0 edges folders/cats/1.jpg --out "an edge"
    for name in vertical horizontal; do
        [ -s "an edge-$name.jpg" ] || fail "no $name edges"
    done
    cmp -s "an edge-vertical.jpg" "an edge-horizontal.jpg" && fail "both kernels see the same"
    run 1 edges text.jpg --out e
    run 1 edges folders/cats/1.jpg --out nowhere/e
}

test_plot() {
    if command -v gnuplot >/dev/null; then
        for kind in svg png; do
            run 0 plot "my history.csv" --out "my 'curves'.$kind"
            [ -s "my 'curves'.$kind" ] || fail "no curves in $kind"
        done
        has "my 'curves'.svg" "<svg"
        has "my 'curves'.svg" "validation"
        quiet_err
        awk 'NR == 1; NR == 2 { for (i = 1; i <= 41; i++) { sub(/^[0-9]+/, i); print } }' "my history.csv" >long.csv
        run 0 plot long.csv --out long.svg # lines without points
        quiet_err
    else
        echo "cli.sh: gnuplot is absent: no curves drawn" >&2
    fi
    last="catdog plot without gnuplot"
    PATH=/nowhere "$catdog" plot "my history.csv" --out x.svg >out 2>err
    [ $? -eq 1 ] || fail "plot without gnuplot"
    has err "gnuplot is not installed"
    [ ! -e x.svg ] || fail "plot without gnuplot left a file"
    echo "epoch,loss" >bad.csv
    run 1 plot bad.csv --out x.svg
    has err "line 1"
    { sed -n 1,2p "my history.csv" && echo "2,x,0,0,0,0,0,0,0,0,0,0"; } >bad.csv
    run 1 plot bad.csv --out x.svg
    has err "line 3"
    sed 1q "my history.csv" >bad.csv
    run 1 plot bad.csv --out x.svg
    run 1 plot nowhere.csv --out x.svg
    run 1 plot "my history.csv" --out nowhere/x.svg
}

test_article() {
    run 0 article drawings --train 16 --val 8 --epochs 1 --only mlp,conv24 --out runs --seed 2
    has out "mlp"
    has out "conv24"
    has out "(0.15)"
    for file in mlp.safetensors mlp.csv conv24.safetensors conv24.csv; do
        [ -s "runs/$file" ] || fail "no runs/$file"
    done
    run 0 article drawings --train 16 --val 8 --epochs 1 --only conv24 --json
    holds presets.#=1 presets.0.preset=conv24 presets.0.mse:number presets.0.article.pearson=0.15 \
        presets.0.epochs=1 presets.0.seconds_per_epoch:number validation_photos=8 skipped:array
    run 1 article drawings
    run 1 article drawings --out text.jpg
}

test_bench() {
    run 0 bench mlp --size 8x10 --runs 1 --threads 2 --json
    quiet_err
    holds preset=mlp model:null batch=32 threads=2 kernels:string train_images_per_second:number \
        predict_images_per_second:number latency_ms:number fma_gflops:number bandwidth_gbs:number \
        layers.0.layer=dense layers.0.pass=forward layers.0.ms:number layers.0.gflops:number \
        layers.0.fma_share:number layers.0.bandwidth_share:number layers.1.pass=backward+update
    run 0 bench conv24 model.safetensors --size 12x14 --runs 1 --batch 3 --inference
    quiet_err
    has out "conv24: batch 3"
    has out "model.safetensors: batch 3"
    has out "predict"
    has out "images/s"
    grep -q -e training -e backward out && fail "training is measured: $last"
    run 0 bench model.safetensors --inference --runs 2 --json
    holds preset:null model=model.safetensors batch=64 train_images_per_second:null
    run 0 bench conv24 --size 12x14 --runs 1 --batch 2 --tune --json
    holds candidates.0.layer=conv2d candidates.0.algorithm=im2col candidates.0.pass=forward \
        candidates.0.ms:number candidates.0.cost:number candidates.1.pass="backward kernel"
    run 0 bench conv24 --size 12x14 --runs 1 --batch 2 --tune
    has out "cost model"
    has out "im2col"
    has out "chosen"
    run 1 bench text.jpg
    has err text.jpg
}

# Where stderr is a terminal there is a bar; where standard output is full, a failure.
test_terminal_and_full_disk() {
    last="catdog train at a terminal"
    : >err
    if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
        script -qec "'$catdog' train drawings --preset mlp --size 8x10 --epochs 1 --out t.model" \
            /dev/null </dev/null >out 2>&1 || fail "train at a terminal"
        has out "epoch 1/1 ["
        has out "ETA"
        has out "images"
    else
        echo "cli.sh: no terminal can be made here (script): none tried" >&2
    fi
    last="catdog survey to a full disk"
    if [ -c /dev/full ]; then
        "$catdog" survey drawings >/dev/full 2>err
        [ $? -eq 1 ] || fail "a full standard output is no failure"
        "$catdog" survey drawings --json >/dev/full 2>err
        [ $? -eq 1 ] || fail "a full standard output is no failure with --json"
    fi
}

# Nothing that was begun and not ended is left behind.
test_no_leftovers() {
    last="all"
    : >err
    found=$(find . -name '*.tmp*')
    [ -z "$found" ] || fail "left behind: $found"
}

: >err
last=draw_photos
"$draw" drawings 24 prefix 1 && "$draw" folders 12 folders 2 || exit 1
: >drawings/cat.empty.jpg
: >folders/dogs/empty.jpg
builtin=yes
"$catdog" info builtin >out 2>err </dev/null || ! grep -q "built without a model" err || builtin=no
test_help_and_usage
test_survey
test_sheet
test_class_weight
test_train
test_parts
test_recipe
test_cache_and_memory
test_little_memory
test_resume
test_three_classes
test_fine_tuning
test_interrupt
test_convert
test_builtin
test_evaluate
test_mistakes
test_reliability
test_calibrate
test_split
test_predict
test_info
test_info_cpu
test_info_memory
test_explain
test_filters
test_edges
test_plot
test_article
test_bench
test_terminal_and_full_disk
test_no_leftovers
[ $failures -eq 0 ] || echo "cli.sh: $failures failures" >&2
[ $failures -eq 0 ]
