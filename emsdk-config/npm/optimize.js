/**
 * wasm-opt's options for the npm package binaryen, which is a library.
 * @typedef {any} Binaryen the package's default export
 */

/** Features.All would have imports encoded in a way that Node 20 does not read. @param {Binaryen} binaryen */
const features = ({ Features }) =>
  Features.MutableGlobals | Features.SignExt | Features.BulkMemory | Features.BulkMemoryOpt | Features.NontrappingFPToInt | Features.Multivalue |
  Features.ReferenceTypes | Features.CallIndirectOverlong | Features.SIMD128 | Features.ExceptionHandling;

/** What wasm-opt's -O flags mean. @type {Record<string, [level: number, shrink: number]>} */
const LEVELS = { '-O0': [0, 0], '-O1': [1, 0], '-O2': [2, 0], '-O3': [3, 0], '-Os': [2, 1], '-Oz': [2, 2] };

/** The library keeps its settings in globals; these are wasm-opt's defaults. @param {Binaryen} binaryen @param {string[]} options of wasm-opt */
function set(binaryen, options) {
  const valueOf = (/** @type {string} */ name, /** @type {number} */ otherwise) => Number(options.find((option) => option.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
  const [level, shrink] = LEVELS[options.find((option) => LEVELS[option]) ?? '-O0'];
  binaryen.setOptimizeLevel(level);
  binaryen.setShrinkLevel(shrink);
  binaryen.setAlwaysInlineMaxSize(valueOf('always-inline-max-function-size', 2));
  binaryen.setFlexibleInlineMaxSize(valueOf('flexible-inline-max-function-size', 20));
  binaryen.setOneCallerInlineMaxSize(valueOf('one-caller-inline-max-function-size', 0xffffffff));
  binaryen.setLowMemoryUnused(options.includes('--low-memory-unused'));
  binaryen.clearPassArguments();
  for (const option of options) {
    const [, name, value] = /^--pass-arg=([^@]+)@(.*)$/.exec(option) ?? [];
    if (name) binaryen.setPassArgument(name, value);
  }
}

const SETTING = /^(-O.|-g|--pass-arg=.*|--low-memory-unused|--[a-z-]+=.*)$/;

/**
 * Runs wasm-opt's options in their order.
 * @param {Binaryen} binaryen @param {Uint8Array} bytes @param {string[]} options
 * @param {boolean} [quick] a level is a setting of the passes that are named, and no passes of its own
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function optimize(binaryen, bytes, options, quick = false) {
  const module = binaryen.readBinary(bytes);
  try {
    module.setFeatures(features(binaryen));
    set(binaryen, options);
    binaryen.setDebugInfo(options.includes('-g'));
    for (const option of options) {
      if (LEVELS[option]) quick || module.optimize();
      else if (!SETTING.test(option)) module.runPasses([option.slice(2)]);
    }
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
