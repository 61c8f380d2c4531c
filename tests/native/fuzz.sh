#!/bin/bash
# Fuzzes the core and the primitives with programs of the oracle: fuzz.sh [seconds] (default 600). The corpus begins with
# the generator's own programs. A finding is left in build/tests/fuzz and ends it with its report. Needs clang and node.
cd "$(dirname "$0")/../.." || exit 2
seconds=${1:-600} out=build/tests/fuzz clang=${WIO_CLANG:-clang}
mkdir -p "$out/corpus" "$out/objects"

first_line() { awk '/^\/\*/ { c = 1 } c { if (/\*\//) c = 0; next } NF { print; exit }' "$1"; }
sources=(tests/native/host*.c tests/native/fuzz_programs.c)
for source in src/core/*.c src/sync/*.c src/io/*.c src/context/*.c; do
    [ "$(first_line "$source")" = '#ifdef __wasm__' ] || sources+=("$source")
done
flags='-std=c11 -g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -Isrc -Itests/native'
printf '%s\n' "${sources[@]}" | FLAGS=$flags OUT=$out CC=$clang xargs -P 2 -I{} bash -c \
    '$CC $FLAGS -c {} -o "$OUT/objects/$(echo {} | tr / _ | sed s/\\.c$/.o/)"' || exit 1
"$clang" -fsanitize=fuzzer,address,undefined "$out"/objects/*.o -lm -o "$out/fuzz" || exit 1

node --input-type=module -e "
    import { writeFileSync } from 'node:fs';
    import { generate } from './tests/conformance/lib/generate.js';
    import { encode } from './tests/conformance/lib/ops.js';
    for (let seed = 1; seed <= 500; seed++) writeFileSync('$out/corpus/seed-' + seed, Uint8Array.from(encode(generate(seed))));
" || exit 1
exec "$out/fuzz" -max_total_time="$seconds" -max_len=1024 -timeout=20 -artifact_prefix="$out/" "$out/corpus" 2>"$out/log"
