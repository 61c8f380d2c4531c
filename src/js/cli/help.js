const buildOptions = `  -O0 -O1 -O2 -O3 -Os -Oz   optimize (default -O2)
  -g                        for debugging: names, line numbers, little optimization
  -I DIR                    search DIR for headers (<wasyncio.h> is found without)
  -D NAME[=VALUE]           define a macro
  -l NAME, -L DIR           link a library; search DIR for libraries
  --toolchain NAME          emscripten (default), or npm: the packages @yowasp/clang and binaryen, which need
                            nothing but Node and build C only
  --blocking-sleep          sleep(), usleep(), nanosleep() in a task hold all tasks up, instead of this one
  --threads                 memory that workers share, for wio_to_thread(); a page must be cross-origin isolated
  -W… -f… -m… -std=… -U… -isystem… -include…
                            given to the compiler as they are`;

/** @type {Record<string, string>} */
export const help = {
  '': `wasyncio: asyncio for C on WebAssembly

usage:
  wasyncio build app.c -o app.wasm    compile C or C++ to one WebAssembly file
  wasyncio run app.c [-- args]        build if needed, then run main() under Node.js
  wasyncio serve app.c                build if needed, then answer HTTP requests under Node.js
  wasyncio cflags                     print the compiler flags that find <wasyncio.h>

  wasyncio COMMAND --help             all options of a command
  wasyncio --version
`,
  build: `usage: wasyncio build FILES… -o app.wasm [options]

FILES: C (.c) and C++ (.cc .cpp .cxx) sources, objects (.o) and archives (.a) made by emcc.

  -o FILE                   where to write the module (default: the first source's name with .wasm)
${buildOptions}

Emscripten is looked for on PATH, in $EMSDK and in /usr/share/emscripten. Where there is none, Debian's package is
installed if that takes no password; WASYNCIO_NO_INSTALL=1 prevents it.
`,
  run: `usage: wasyncio run FILES… [options] [-- arguments of the program]
       wasyncio run app.wasm [options] [-- arguments of the program]

Builds FILES as 'wasyncio build' does, keeps the result until a source, header or option changes, runs main() and exits
with its code. Ctrl-C cancels main, so that it can clean up; a second one kills. Ctrl-\\ prints the tree of tasks.
WASYNCIODEBUG=1 in the environment turns debug mode on.

  --dir DIR[:NAME]          the program may read and write files in DIR, which it sees as NAME (default: DIR)
  --allow-run[=A,B]         the program may start other programs (only A and B)
  --virtual-time            no real waiting: when every task waits, the clock jumps to the next deadline
  --seed N                  shuffle the order of ready tasks; the same N gives the same order
  --explore N               run with the seeds 1 to N on the virtual clock, up to the first that fails: a crash, a
                            deadlock, an exit code, no end, or another output than without a seed
  --any-output              for --explore: another output is no failure
  --time-limit SECONDS      for --explore: a run with a seed that takes longer has failed (default: 10, or ten times
                            what the run without a seed takes)
  --trace FILE              write what happens as a Chrome trace, to open in ui.perfetto.dev
  --ps                      show the live tasks while they run
${buildOptions}
`,
  serve: `usage: wasyncio serve FILES… [options] [-- arguments of the program]
       wasyncio serve app.wasm [options] [-- arguments of the program]

Builds FILES as 'wasyncio run' does and answers HTTP requests with its WIO_SERVE(request) { … }, each in a task of its own,
which is cancelled when the client goes away. Ctrl-C cancels all of them and ends. A crash ends it, too, with code 70,
and exit() with its own.

  --port N                  where to listen (default 8000; 0: any port that is free)
  --host NAME               the address to listen on (default 127.0.0.1; 0.0.0.0: all)
  --dir DIR[:NAME]          the program may read and write files in DIR, which it sees as NAME (default: DIR)
  --allow-run[=A,B]         the program may start other programs (only A and B)
${buildOptions}
`,
  cflags: `usage: wasyncio cflags

Prints the flags with which any C compiler or editor finds <wasyncio.h>, e.g. for compile_flags.txt.
`,
};
