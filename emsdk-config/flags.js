import { isOlder } from './version.js';

/** Every flag, by the tool that gets it, with its reason. */

/** @typedef {'-O0' | '-O1' | '-O2' | '-O3' | '-Os' | '-Oz' | '-g'} Optimize */

/** @param {Optimize} optimize */
const isForSize = (optimize) => optimize === '-Os' || optimize === '-Oz';

/** @param {Optimize} optimize */
const isForSpeed = (optimize) => optimize !== '-g' && !isForSize(optimize);

/** Whether a task's stack begins small and takes more when it needs it: see segments.js, and stack-check.js for the others. */
export const growsStacks = isForSpeed;

/** Whether branches that are hardly ever taken get hints (hints.js): a few bytes each. */
export const hintsBranches = isForSpeed;

/** The library has two builds, for speed and for size; -O0 is not for it, since its assembly-level care is not for that. Bulk memory: src/context/copy.c. @param {Optimize} optimize */
export const library = (optimize) => [isForSize(optimize) ? '-Os' : '-O2', '-std=c11', '-mbulk-memory'];

/** In a checkout the library's own sources must be clean. */
export const libraryWarnings = ['-Wall', '-Wextra', '-Wshadow', '-Wpedantic', '-Werror'];

/** C++ sources of the user; C keeps the compiler's default standard. */
export const cxx = ['-std=c++17'];

/** @param {Optimize} optimize */
export const compile = (optimize) => (optimize === '-g' ? ['-O1', '-g'] : [optimize]);

/**
 * @param {string} version Emscripten's
 * @param {Optimize} optimize
 * @param {(library: string) => boolean} has whether Emscripten has it built: some are built when first asked for
 */
export const link = (version, optimize, has) => [
  '-O1', // more would run Emscripten's own wasm-opt and JavaScript optimizers; ours comes after, with Asyncify
  optimize === '-g' ? '-g' : '--profiling-funcs', // names tell Asyncify's lists and error messages who is who
  '--no-entry', // main() is called by wio__start(), on a stack of its own
  ...(isForSize(optimize) ? ['-sMALLOC=none'] : []), // src/context/small_malloc.c; dlmalloc is faster with many blocks, and 3 KB gzip larger
  ...(isForSize(optimize) && has('libc-optz') ? ['-lc-optz'] : []), // what -Oz would link, but for its optimizers
  '-sALLOW_MEMORY_GROWTH',
  '-sMAXIMUM_MEMORY=4GB',
  `-s${isOlder(version, '3.1.27') ? 'TOTAL_STACK' : 'STACK_SIZE'}=262144`, // for what runs outside main() and tasks
  '-sERROR_ON_UNDEFINED_SYMBOLS=0', // emcc takes imports of other modules for undefined: imports.js checks instead
  '-sWARN_ON_UNDEFINED_SYMBOLS=0',
  '-Wl,--wrap=emscripten_resize_heap', // src/context/memory.c: grow geometrically, not page by page
  '-Wl,--wrap=abort', // src/core/abort.c
  // src/files/open.c: Emscripten has weak ones that refuse everything, and whether the linker meets ours first depends on what else a program uses
  ...['__syscall_open', '__syscall_openat'].map((name) => `-Wl,--wrap=${name}`),
  ...(growsStacks(optimize) ? ['-Wl,-u,wio__stack_more'] : []), // called by what segments.js puts into functions
  '-Wl,-u,wio__start', // the entry points live in an archive: this pulls core/entry.c
  '-Wl,--export=wio__tick',
];

/** The parts of the library that only JavaScript calls, by what a program has that needs them: nothing else would link them. */
export const parts = {
  exports: ['-Wl,-u,wio__calls_begin', '-Wl,-u,wio__listen'],
  imports: ['-Wl,-u,wio__import_begin'],
  plain: ['-Wl,-u,wio__listen'],
};

/**
 * libc's sleeps suspend only the calling task (src/core/libc_sleep.c). Whoever does not call them links nothing.
 * @param {boolean} block they hold up all tasks
 */
export const sleeps = (block) => [
  ...['sleep', 'usleep', 'nanosleep', 'clock_nanosleep', 'emscripten_thread_sleep'].map((name) => `-Wl,--wrap=${name}`),
  ...(block ? ['-Wl,-u,wio__sleeps_block'] : []),
];

/**
 * What watches a program from outside: app.tasks() in full, traces, seeds, WASYNCIODEBUG. In every module but those built
 * for size, so that whatever is there to be looked at can be; there it is 5 KB gzip, and costs nothing until it is asked for.
 * @param {Optimize} optimize
 */
export const development = (optimize) =>
  isForSize(optimize) ? [] : ['wio__tell_misuse', 'wio__tell_failure', 'wio__waited_in_vain', 'wio__task_details', 'wio__trace_start', 'wio__seed', 'wio__debug', 'wio__run_checked'].map((name) => `-Wl,-u,${name}`);

/** Exports that Emscripten (some when its libraries are named with -l) and Asyncify add and nobody calls; without them their functions go too. */
export const unwantedExports =
  /^(malloc|free|stack(Save|Restore|Alloc)|_?emscripten_stack_\w+|__errno_location|[hn]to[hn][sl]|emscripten_main_thread_process_queued_calls|[sg]etTempRet0|setThrew|dynCall_\w+|__indirect_function_table|wio__body_\w+|asyncify_(start|stop)_\w+)$/;

/** Exports that are not the program's own. */
export const ownExports = /^(memory|_initialize|wio__\w+)$/;

/** Exports that JavaScript calls only in modules with such an import ("module.name"). */
export const exportsForImports = [
  { names: /^wio__(malloc|free)$/, only: /^(wasyncio\.(args|returned)|wasyncio_import\..*)$/ },
  { names: /^wio__has_aborted$/, only: /^wasyncio\.op_/ }, // executors and threads: see jobs.js; others ask wio__check()
  { names: /^asyncify_get_state$/, only: /^wasyncio_import\./ },
];

/** Only these can suspend; every other import would otherwise count, and all that calls it be instrumented. */
export const suspendingImports = ['wasyncio_import.*'];

/**
 * Asyncify takes every indirect call for one that may suspend, and so every caller of printf(). These functions of libc
 * and libc++ call their own functions that way; programs that plug in one of theirs (`unless`) are the exception.
 * qsort(), bsearch(), atexit() and their like call the user's functions and are therefore not here.
 */
export const neverSuspend = [
  {
    unless: 'fopencookie',
    names: [
      ...['__fwritex', '__overflow', '__towrite', '__toread', '__uflow', '__fseeko_unlocked', '__ftello_unlocked', '__stdio_exit'],
      ...['__vfprintf_internal', 'printf_core', 'vfprintf', 'fread', 'fflush', 'fclose'],
    ],
  },
  {
    unless: 'std::set_new_handler(void (*)())',
    names: ['operator new(unsigned long)', 'operator new[](unsigned long)'],
  },
  { unless: undefined, names: ['__dynamic_cast', '__cxxabiv1::*', 'wio__json_*'] }, // Jansson calls its own functions by pointers: src/json/names.h
];

/** Named to wasm-opt as far as it knows them: what LLVM may emit (14 needs few of them, 22 more). */
export const features = [
  'mutable-globals',
  'sign-ext',
  'bulk-memory',
  'bulk-memory-opt',
  'nontrapping-float-to-int',
  'multivalue',
  'reference-types',
  'call-indirect-overlong',
  'simd',
  'exception-handling',
];

/** Functions must not be merged before Asyncify has seen them: those of asyncify.S are what it is told apart by. */
export const noInlining = ['--always-inline-max-function-size=0', '--one-caller-inline-max-function-size=0', '--flexible-inline-max-function-size=0'];

/**
 * Of wasm-opt. -O0 is not taken at its word: unoptimized Asyncify is several times larger.
 * @param {Optimize} optimize
 */
export const optimizer = (optimize) => [optimize === '-g' || optimize === '-O0' ? '-O1' : optimize];

/**
 * Of wasm-opt after Asyncify: the halves of a switch are inlined into one another. On Node 20, whose V8 inlines nothing, a
 * yield costs 9.5 instead of 12.5 ns; Node 26 does it itself. Large functions stay apart even if they are called once:
 * V8 inlines run_steps() into a function of which it is less than a tenth, and then a task's function no longer into that, and a
 * yield costs 7.5 instead of 5.2 ns (tests/js/inlining.test.js). For size, what is no larger than its call: 80 bytes gzip of a
 * small program.
 * @param {Optimize} optimize
 */
export const inlining = (optimize) => (optimize === '-O2' || optimize === '-O3' ? ['--always-inline-max-function-size=40', '--one-caller-inline-max-function-size=120'] : isForSize(optimize) ? ['--always-inline-max-function-size=8'] : []);

/**
 * For size, once more in a run of its own, which sees the code as it was written: 40 bytes gzip of a small program. Not
 * --converge, 4 bytes more: it ends the Binaryen of the npm road.
 * @param {Optimize} optimize @param {string} version
 */
export const again = (optimize, version) => (isForSize(optimize) ? [...memory(version), ...optimizer(optimize)] : []);

/** @param {Optimize} optimize */
export const stripping = (optimize) => (optimize === '-g' ? ['-g'] : ['--strip-debug', '--strip-producers']);

/** Emscripten puts nothing below address 1024, so that accesses need less arithmetic; newer ones may put the stack there. @param {string} version */
export const memory = (version) => (isOlder(version, '3.1.27') ? ['--low-memory-unused'] : []);

/** Asyncify's control flow, built anew before the last optimization: 100 bytes gzip of a small program. @param {Optimize} optimize */
export const restructuring = (optimize) => (isForSize(optimize) ? ['--flatten', '--rereloop'] : []);
