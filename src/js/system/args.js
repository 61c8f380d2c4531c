/**
 * The arguments of main(int argc, char **argv), for modules whose libc does not ask WASI for them.
 * @param {import('../app.js').Inside} inside @param {string[]} args with the program's name
 */
export const createArgs = (inside, args) => ({
  /** From C. @param {number} result where argv goes @returns {number} argc */
  args(result) {
    const { exports, memory, code } = inside;
    const texts = args.map((text) => memory.encode(`${text}\0`));
    const table = 4 * (texts.length + 1);
    const argv = exports.wio__malloc(texts.reduce((sum, text) => sum + text.length, table));
    if (!argv) return code('ENOMEM');
    let at = argv + table;
    texts.forEach((text, i) => {
      memory.setU32(argv + 4 * i, at);
      memory.write(at, text);
      at += text.length;
    });
    memory.setU32(argv + table - 4, 0);
    memory.setU32(result, argv);
    return texts.length;
  },
});
