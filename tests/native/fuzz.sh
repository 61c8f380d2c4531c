#!/bin/bash
# Fuzzes the core and the primitives with programs of the oracle: "fuzz.sh [seconds]" (default 600), or "fuzz.sh --runs N",
# with a fixed seed and a corpus of its own, as the native tests do. The corpus begins with the generator's own programs. A
# finding is left in build/tests/fuzz and ends it with its report. Needs clang and node.
cd "$(dirname "$0")/../.." || exit 2
out=build/tests/fuzz clang=${WIO_CLANG:-clang} corpus=$PWD/build/tests/fuzz/corpus
log=$out/log
if [ "${1:-}" = --runs ]; then
    log=$out/log-short
    corpus=$PWD/$out/corpus-short limit=(-runs="$2" -seed=1)
    rm -rf "$corpus"
else
    limit=(-max_total_time="${1:-600}")
fi
mkdir -p "$corpus" "$out/objects"

first_line() { awk '/^\/\*/ { c = 1 } c { if (/\*\//) c = 0; next } NF { print; exit }' "$1"; }
sources=(tests/native/host*.c tests/native/fuzz_programs.c)
for source in src/{core,tasks,report,debug}/*.c src/sync/*.c src/io/*.c src/context/*.c; do
    [ "$(first_line "$source")" = '#ifdef __wasm__' ] || sources+=("$source")
done
flags='-std=c11 -g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -Isrc -Itests/native'
rm -f "$out"/objects/*.o # of sources that are gone
printf '%s\n' "${sources[@]}" | FLAGS=$flags OUT=$out CC=$clang xargs -P "${WIO_NATIVE_JOBS:-2}" -I{} bash -c \
    '$CC $FLAGS -c {} -o "$OUT/objects/$(echo {} | tr / _ | sed s/\\.c$/.o/)"' || exit 1
"$clang" -fsanitize=fuzzer,address,undefined "$out"/objects/*.o -lm -o "$out/fuzz.new" || exit 1
mv "$out/fuzz.new" "$out/fuzz" # one that is being run stays as it is

CORPUS=$corpus node --input-type=module -e "
    import { writeFileSync } from 'node:fs';
    import { generate } from './tests/conformance/lib/generate.js';
    import { encode } from './tests/conformance/lib/ops.js';
    for (let seed = 1; seed <= 500; seed++) writeFileSync(process.env.CORPUS + '/seed-' + seed, Uint8Array.from(encode(generate(seed))));
" || exit 1
"$out/fuzz" "${limit[@]}" -max_len=1024 -timeout=20 -artifact_prefix="$out/" "$corpus" 2>"$log"
code=$?
if [ $code = 0 ]; then grep '^Done ' "$log"; else tail -n 60 "$log"; fi
exit $code
