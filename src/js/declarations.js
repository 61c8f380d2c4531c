import { WasyncioError, misuse } from './errors.js';

/** What the imports and exports between the two halves look like; src/core/entry.c says the same number. */
export const ABI = 1;

/**
 * @typedef {'void' | 'int' | 'unsigned' | 'bool' | 'i64' | 'u64' | 'float' | 'text' | 'owned text' | 'bytes' | 'pointer and size' | 'pointer'} Type
 * @typedef {{ type: Type, status: boolean, c: string }} CType `status`: a negative result is an error
 * @typedef {{ name: string, result: CType, parameters: CType[], text: string }} Signature
 * @typedef {{ exports: Map<string, Signature>, imports: Map<string, Signature> }} Declarations
 */

/** @type {Record<string, Type>} */
const TYPES = {
  void: 'void',
  bool: 'bool',
  _Bool: 'bool',
  ...Object.fromEntries(['char', 'signed char', 'short', 'int', 'long', 'long int', 'signed', 'ssize_t', 'ptrdiff_t', 'intptr_t', 'int8_t', 'int16_t', 'int32_t'].map((c) => [c, 'int'])),
  ...Object.fromEntries(['unsigned char', 'unsigned short', 'unsigned', 'unsigned int', 'unsigned long', 'size_t', 'uintptr_t', 'uint8_t', 'uint16_t', 'uint32_t'].map((c) => [c, 'unsigned'])),
  ...Object.fromEntries(['long long', 'long long int', 'int64_t'].map((c) => [c, 'i64'])),
  ...Object.fromEntries(['unsigned long long', 'uint64_t'].map((c) => [c, 'u64'])),
  float: 'float',
  double: 'float',
  'const char *': 'text',
  'char *': 'owned text',
  wio_bytes: 'bytes',
};

/** @param {string} c @returns {CType} */
function typeOf(c) {
  const plain = c.replace(/\s+/g, ' ').replace(/\s*\*\s*/g, ' *').trim();
  const type = TYPES[plain] ?? (/^const (void|uint8_t|unsigned char) \*$/.test(plain) ? 'pointer' : undefined);
  if (!type) throw new WasyncioError('ENOTSUP', `'${plain}' cannot cross between C and JavaScript; use integers, double, const char * or wio_bytes`);
  return { type, status: ['int', 'long', 'long int', 'ssize_t', 'int32_t'].includes(plain), c: plain };
}

/** "const char *question" without its name. @param {string} parameter */
function withoutName(parameter) {
  const text = parameter.trim();
  const bare = text.replace(/\s*\b[A-Za-z_]\w*\s*$/, '').trim();
  const words = /^(const|unsigned|signed|long|short|struct)?$/;
  return bare === '' || (words.test(bare) && !/[*\s]\w+$/.test(text)) || TYPES[text] ? text : bare;
}

/** @param {string} line "export\tint\tadd\t(int a, int b)" @returns {[string, Signature]} */
function parse(line) {
  const [kind, result, name, list] = line.split('\t');
  const inner = list.trim().slice(1, -1).trim();
  /** @type {CType[]} */
  const parameters = [];
  for (const c of inner === '' || inner === 'void' ? [] : inner.split(',')) {
    const type = typeOf(withoutName(c));
    const last = parameters.at(-1);
    if (last?.type === 'pointer' && type.type === 'unsigned') parameters[parameters.length - 1] = { ...last, type: 'pointer and size' };
    else parameters.push(type);
  }
  return [kind, { name, result: typeOf(result), parameters, text: `${result} ${name}${list}` }];
}

/** What WIO_EXPORT and WIO_IMPORT have left in the module. @param {WebAssembly.Module} module @returns {Declarations} */
export function readDeclarations(module) {
  const sections = WebAssembly.Module.customSections(module, 'wasyncio');
  if (sections.length === 0)
    throw misuse('this module was not built with wasyncio (it has no "wasyncio" section): build it with `wasyncio build app.c -o app.wasm`');
  /** @type {Declarations} */
  const found = { exports: new Map(), imports: new Map() };
  let abi = 0;
  for (const line of sections.map((section) => new TextDecoder().decode(section)).join('').split('\n')) {
    if (line.startsWith('abi\t')) abi = Number(line.slice(4));
    else if (line.includes('\t')) {
      const [kind, signature] = parse(line);
      (kind === 'export' ? found.exports : found.imports).set(signature.name, signature);
    }
  }
  if (abi !== ABI)
    throw new WasyncioError('EPROTO', `this module speaks wasyncio ABI ${abi || '(none)'}, this package ${ABI}: rebuild it with the wasyncio that you load it with`);
  return found;
}
