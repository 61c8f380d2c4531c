#!/bin/bash
# Builds the core, the primitives and a host of its own for this machine, with AddressSanitizer, leak checking and
# UBSan, and runs tests/native/test_*.c and every tests/c/*.c whose clock is virtual. Prints "ok name" / "not ok name: why"
# lines; "run.sh filter" only the tests whose name contains it. A whole run ends with the line coverage of the core and the
# primitives (coverage.js). Needs clang, llvm and gcc.
cd "$(dirname "$0")/../.." || exit 2
out=build/tests/native
filter=${1:-}
mkdir -p "$out"
rm -f "$out"/*.result

clang=${WIO_CLANG:-clang} gcc=${WIO_GCC:-gcc} seconds=${WIO_NATIVE_TIMEOUT:-120}
export jobs=${WIO_NATIVE_JOBS:-2} # at a time
sanitize=(-fsanitize=address,undefined -fno-sanitize-recover=all -g -O1 -fno-omit-frame-pointer -fprofile-instr-generate -fcoverage-mapping)
strict=(-Wall -Wextra -Wshadow -Wpedantic -Werror -std=c11)
include=(-Isrc -Itests/c -Itests/native)
# Without the files that are for WebAssembly alone: their first line of code says so.
first_line() { awk '/^\/\*/ { c = 1 } c { if (/\*\//) c = 0; next } NF { print; exit }' "$1"; }
library=()
for source in src/{core,tasks,report,debug}/*.c src/sync/*.c src/io/*.c src/http/*.c src/json/*.c src/context/*.c; do
    [ "$(first_line "$source")" = '#ifdef __wasm__' ] || library+=("$source")
done
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:abort_on_error=0:${ASAN_OPTIONS:-}
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=${LSAN_OPTIONS:-}
export LLVM_PROFILE_FILE=$PWD/$out/profiles/%m.profraw # one for each program, in which its processes add up
rm -rf "$out/profiles"

total=0 failed=0
say_ok() { total=$((total + 1)); echo "ok $1"; }
say_bad() {
    total=$((total + 1)) failed=$((failed + 1))
    echo "not ok $1: $2"
    [ -z "${3:-}" ] || tail -n 40 "$3" | sed 's/^/#   /'
}
wanted() { [[ -z $filter || $1 == *"$filter"* ]]; }

# ---------------------------------------------------------------------------------------------------------- Checks

# check name command...: the command succeeds and says nothing.
check() {
    local name=$1 log=$out/check.log
    shift
    wanted "$name" || return 0
    if timeout 300 "$@" >"$log" 2>&1 && [ ! -s "$log" ]; then say_ok "$name"; else say_bad "$name" "see below" "$log"; fi
}

each_file() { # compiler flags... -- files...: only looks at them
    local command=()
    while [ "$1" != -- ]; do command+=("$1"); shift; done
    shift
    printf '%s\n' "$@" | xargs -P "$jobs" -I{} "${command[@]}" -fsyntax-only {}
}
export -f each_file

check_all() {
    check "clang takes the library as strict C11" bash -c 'each_file "$@"' - "$clang" "${strict[@]}" -- "${library[@]}" tests/native/host.c tests/native/host_streams.c
    check "gcc takes the library as strict C11" bash -c 'each_file "$@"' - "$gcc" -O2 "${strict[@]}" -- "${library[@]}" tests/native/host.c tests/native/host_streams.c
    local c=(-Wall -Wextra -Wpedantic -Werror -Wshadow -Isrc -fsyntax-only)
    check "header as C11, clang" "$clang" -std=c11 "${c[@]}" tests/native/header.c
    check "header as C11, gcc" "$gcc" -std=c11 "${c[@]}" tests/native/header.c
    check "header as C17 with GNU extensions, gcc" "$gcc" -std=gnu17 "${c[@]}" tests/native/header.c
    check "header as C++17, clang" "$clang++" -std=c++17 "${c[@]}" -x c++ tests/native/header.c
    check "header as C++17, gcc" "$gcc" -x c++ -std=c++17 "${c[@]}" tests/native/header.c
    check "header as C++20, clang" "$clang++" -std=c++20 "${c[@]}" -x c++ tests/native/header.c
}

# ------------------------------------------------------------------------------------------------------ Programs

# The library is compiled once, for both with and without sanitizers.
compile_library() { # folder flags...
    local folder=$out/$1
    shift
    mkdir -p "$folder"
    rm -f "$folder"/*.o # of sources that are gone
    printf '%s\n' "${library[@]}" tests/native/host.c tests/native/host_streams.c | FLAGS="$*" FOLDER=$folder CC=$clang timeout 300 xargs -P "$jobs" -I{} bash -c \
        '$CC $FLAGS -Isrc -c {} -o "$FOLDER/$(echo {} | tr / _ | sed s/\\.c$/.o/)"' &&
        rm -f "$folder/lib.a" && ar rcs "$folder/lib.a" "$folder"/*.o
}

first_comments() { sed -n '/^\/\//!q; s/^\/\/ //p' "$1"; }
directive() { first_comments "$1" | sed -n "s/^$2: //p"; }

# Builds and runs one program; its result lines get the file's name in front.
program() { # name source library flags...
    local name=$1 source=$2 lib=$3
    shift 3
    local binary=$out/$name log=$out/$name.log said=$out/$name.stdout
    local link=(-lm)
    mapfile -t -O 1 link < <(directive "$source" link | tr ' ' '\n')
    if ! timeout 300 "$clang" "$@" "${strict[@]}" "${include[@]}" "$source" -Wl,--whole-archive "$out/$lib/lib.a" \
        -Wl,--no-whole-archive "${link[@]}" -o "$binary" >"$log" 2>&1; then
        { echo "not ok $name: does not compile"; sed 's/^/#   /' "$log" | head -n 40; } >"$out/$name.result"
        return
    fi
    local arguments=() environment=()
    [ -z "$filter" ] || arguments+=("${filter#*/}")
    mapfile -t environment < <(directive "$source" env)
    [ -z "$(directive "$source" main-stack)" ] || ulimit -s "$(directive "$source" main-stack)"
    ASAN_OPTIONS=$ASAN_OPTIONS:$(directive "$source" asan) timeout "$seconds" env "${environment[@]}" "$binary" \
        "${arguments[@]}" >"$said" 2>"$log"
    local code=$? expected
    expected=$(directive "$source" exit)
    {
        sed -n -E "s/^(ok|not ok|# run) /\\1 ${name//\//\\/}\\//p; /^#  /p" "$said"
        local plan done bad
        plan=$(sed -n -E 's/^1\.\.([0-9]+)$/\1/p' "$said")
        done=$(grep -c -E '^(ok|not ok) ' "$said")
        bad=$(grep -c '^not ok ' "$said")
        if [ "$code" = 124 ]; then echo "not ok $name/the program: still running after $seconds s"
        elif [ -z "$plan" ] || [ "$done" -lt "$plan" ]; then
            echo "not ok $name/$(sed -n 's/^# run //p' "$said" | tail -n 1): the program ended early, exit code $code"
        elif [ "$code" != "${expected:-$((bad > 0))}" ]; then echo "not ok $name/the exit code: $code"
        fi
        if [ "$code" != "${expected:-0}" ]; then grep -v "^wasyncio: \|ASan doesn't fully support makecontext" "$log" | head -n 60 | sed 's/^/#   /'; fi
        if [ -z "$filter" ]; then
            directive "$source" stderr | while IFS= read -r pattern; do
                if grep -qP -- "$pattern" "$log"; then echo "ok $name/stderr has ${pattern//:/ }"
                else echo "not ok $name/stderr has ${pattern//:/ }: it has not"; fi
            done
        fi
    } >"$out/$name.result"
}

run_all() {
    if ! compile_library asan "${sanitize[*]} -std=c11" >"$out/library.log" 2>&1; then
        say_bad "the library with sanitizers" "does not compile" "$out/library.log"
        return
    fi
    local running=0 source base
    for source in tests/native/test_*.c tests/c/*.c; do
        base=$(basename "$source" .c)
        case $source in
        tests/c/*) [ "$(directive "$source" clock)" = virtual ] || continue ;;
        *) base=${base#test_}-native ;;
        esac
        if [[ -n $filter && $filter == */* && $base != "${filter%%/*}" ]]; then continue; fi
        (program "$base" "$source" asan "${sanitize[@]}") &
        running=$((running + 1))
        [ $((running % jobs)) != 0 ] || wait
    done
    wait
}

# libFuzzer, for as long as a test may take; fuzz.sh alone goes on for ten minutes.
fuzz() {
    local name="fuzz: 30000 programs that libFuzzer makes of the generator's"
    wanted "$name" || return 0
    if timeout 300 bash tests/native/fuzz.sh --runs 30000 >"$out/fuzz.log" 2>&1; then say_ok "$name"; else say_bad "$name" "see below" "$out/fuzz.log"; fi
}

check_all
run_all
fuzz
[ -n "$filter" ] || node tests/native/coverage.js --last --tests >"$out/~coverage.result"
for result in "$out"/*.result; do
    [ -e "$result" ] || continue
    cat "$result"
    total=$((total + $(grep -c -E '^(ok|not ok) ' "$result")))
    failed=$((failed + $(grep -c '^not ok ' "$result")))
done
echo "1..$total"
echo "# $total tests, $failed failed"
[ "$failed" = 0 ]
