/**
 * @typedef {'void' | 'int' | 'bool' | 'i64' | 'float' | 'text' | 'owned text' | 'bytes' | 'pointer and size' | 'pointer'} Type
 * @typedef {{ type: Type, c: string, bits: number, signed: boolean, status: boolean }} CType `status`: a negative result is an error
 * @typedef {{ name: string, result: CType, parameters: CType[], text: string }} Signature
 */

const INTEGERS = /** @type {const} */ ([
  [8, true, ['char', 'signed char', 'int8_t']],
  [8, false, ['unsigned char', 'uint8_t']],
  [16, true, ['short', 'short int', 'int16_t']],
  [16, false, ['unsigned short', 'unsigned short int', 'uint16_t']],
  [32, true, ['int', 'signed', 'signed int', 'long', 'long int', 'ssize_t', 'ptrdiff_t', 'intptr_t', 'int32_t']],
  [32, false, ['unsigned', 'unsigned int', 'unsigned long', 'unsigned long int', 'size_t', 'uintptr_t', 'uint32_t']],
  [64, true, ['long long', 'long long int', 'int64_t', 'intmax_t']],
  [64, false, ['unsigned long long', 'unsigned long long int', 'uint64_t', 'uintmax_t']],
]);

/** These hold errors as negative values; others are values. */
const STATUS = ['int', 'long', 'long int', 'ssize_t', 'int32_t'];

/** @type {Record<string, Type>} */
const OTHERS = {
  void: 'void',
  bool: 'bool',
  _Bool: 'bool',
  float: 'float',
  double: 'float',
  'const char *': 'text',
  'char *': 'owned text',
  wio_bytes: 'bytes',
  'const void *': 'pointer',
  'const uint8_t *': 'pointer',
  'const unsigned char *': 'pointer',
};

/** @param {string} c @returns {CType | undefined} */
function typeOf(c) {
  for (const [bits, signed, names] of INTEGERS)
    if (/** @type {readonly string[]} */ (names).includes(c)) return { type: bits === 64 ? 'i64' : 'int', c, bits, signed, status: STATUS.includes(c) };
  return Object.hasOwn(OTHERS, c) ? { type: OTHERS[c], c, bits: 0, signed: false, status: false } : undefined;
}

/** One space between words, and none behind a star. @param {string} c */
const plain = (c) => c.replace(/\s*\*\s*/g, ' *').replace(/\s+/g, ' ').trim();

/** "const char *question", "int" or "unsigned count". @param {string} c */
const parameterType = (c) => typeOf(plain(c)) ?? typeOf(plain(c).replace(/\w+$/, '').trim());

/** @param {string[]} declaration ["export", "int", "add", "(int a, int b)"] @param {import('../app.js').Inside} inside @returns {Signature} */
function parse([, result, name, list], inside) {
  const text = `${result} ${name}${list}`;
  const known = (/** @type {CType | undefined} */ type, /** @type {string} */ c) => {
    if (type) return type;
    throw inside.error('ENOTSUP', `${text}: '${c.trim()}' cannot cross between C and JavaScript; use integers, double, bool, const char * or wio_bytes`);
  };
  const inner = list.trim().slice(1, -1).trim();
  /** @type {CType[]} */
  const parameters = [];
  for (const c of inner === '' || inner === 'void' ? [] : inner.split(',')) {
    const type = known(parameterType(c), c);
    const last = parameters.at(-1);
    if (last?.type === 'pointer' && type.type === 'int' && !type.signed) parameters[parameters.length - 1] = { ...last, type: 'pointer and size' };
    else parameters.push(type);
  }
  for (const { type, c } of parameters) if (type === 'pointer') known(undefined, `${c} without a size_t behind it`);
  const type = known(typeOf(plain(result)), result);
  if (type.type === 'pointer') known(undefined, result);
  return { name, result: type, parameters, text };
}

/** @param {string[][]} declarations @param {import('../app.js').Inside} inside */
export function readSignatures(declarations, inside) {
  const of = (/** @type {string} */ wanted) => {
    const signatures = declarations.filter(([kind]) => kind === wanted).map((line) => parse(line, inside));
    return new Map(signatures.map((signature) => [signature.name, signature]));
  };
  return { exports: of('export'), imports: of('import') };
}
