#!/usr/bin/env node
/** Writes docs/c-reference.md from src/wasyncio.h: `node docs/make-reference.js`; with --check it only compares. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const HEADER = join(root, 'src/wasyncio.h');
const OUTPUT = join(root, 'docs/c-reference.md');
const SHOWN_EXAMPLES = 3;

/**
 * One comment of the header with what stands below it.
 * @typedef {{ comment: string[], code: string, names: string[] }} Entry
 * @typedef {{ title: string, entries: Entry[] }} Section
 */

/** The header's text between the banner lines. @param {string} header */
function cut(header) {
  const parts = header.split(/^\/\* -{20,} ([^-]+?) -{3} \*\/$/m);
  const [intro, ...rest] = parts;
  const pairs = Array.from({ length: rest.length / 2 }, (_, i) => ({ title: rest[2 * i], body: rest[2 * i + 1] }));
  return { intro, pairs: pairs.filter(({ title }) => !/not for use/.test(title)) };
}

/** The lines of a comment without its frame. @param {string} text */
const bare = (text) => text.replace(/^\/\*\s?/, '').replace(/\s*\*\/$/, '').split('\n').map((line) => line.replace(/^ ?\*? ?/, ''));

/** Attributes and what only an old preprocessor needs. @param {string} code */
const tidy = (code) => code.replace(/\n#if[^]*?#endif\n\s*;/g, ';').trim();

/** Private ones have two underscores. @param {string} code @returns {string[]} */
function namesIn(code) {
  const withoutComments = code.replace(/\/\*[^]*?\*\//g, '');
  const found = [
    ...[...withoutComments.matchAll(/^typedef (?!struct)[^;]*?\b(wio_\w+)\(/gm)].map(([, name]) => name),
    ...[...withoutComments.matchAll(/^(?:\}|typedef struct \w+|typedef enum \{[^}]*\}) (wio_\w+);/gm)].map(([, name]) => name),
    ...[...withoutComments.matchAll(/^(?!typedef)[A-Za-z][\w *]*?\b(wio_\w+)\(/gm)].map(([, name]) => name),
    ...[...withoutComments.matchAll(/^#define (WIO_\w+)/gm)].map(([, name]) => name),
    ...[...withoutComments.matchAll(/^typedef enum \{([^}]*)\}/gm)].flatMap(([, list]) => list.match(/\bWIO_\w+/g) ?? []),
  ];
  return [...new Set(found.filter((name) => !/^wio__/i.test(name)))];
}

/** What the reader sees of it: prototypes, the heads of macros, and structs unless their fields are private. @param {string} code @param {string} comment */
function shown(code, comment) {
  const heads = [...code.matchAll(/^#define (WIO_(?!_)\w+(?:\([^)]*\))?)/gm)].map(([, head]) => head);
  if (heads.length) return [...new Set(heads)].join('\n');
  if (/Fields are private/.test(comment)) return code.replace(/\{[^]*\}/, '{ … }');
  return code;
}

/** @param {string} body @returns {Entry[]} */
function entriesOf(body) {
  // A comment at the left margin and the code up to the next empty line, comment or private part.
  const found = [...body.matchAll(/^(\/\*(?:[^*]|\*(?!\/))*\*\/)\n((?:(?!\/\*)(?!\n).*\n)*)/gm)];
  return found.flatMap(([, comment, below]) => {
    const lines = bare(comment);
    const code = tidy(below);
    const names = namesIn(code);
    if (!names.length) return [];
    return [{ comment: lines, code: shown(code, comment), names }];
  });
}

/* ---------------------------------------------------------------------------------------------- into Markdown --- */

/** Names, codes and calls as code; stars and angle brackets as they are. @param {string} text */
function marked(text) {
  const pieces = text.split(/(`[^`]*`)/);
  const code = /(\bWIO_\w+(?:\((?:[^()]|\([^()]*\))*\))?(?: \{[^}]*\})?|\bwio_\w+(?:\((?:[^()]|\([^()]*\))*\))?|-E[A-Z]{2,}\b|"E[A-Z]+"|\.stack_size\b|\b(?:asyncio|loop|task|tg|timeout|session|semaphore|executor|future|lock|event|condition|barrier|queue|handle|var|runner|generator|error|request|web|reader|writer|server|process|websocket|contextlib|os|errno|ExceptionGroup|TaskGroup)\.[a-z_]+(?:\([^()]*\))?)/g;
  const plain = (/** @type {string} */ piece) => piece.replace(/[<*]/g, (c) => (c === '<' ? '&lt;' : '\\*'));
  return pieces
    .map((piece) => {
      if (piece.startsWith('`')) return piece;
      return piece.split(code).map((part, i) => (i % 2 ? `\`${part}\`` : plain(part))).join('');
    })
    .join('');
}

/** Paragraphs; a line that begins with an error code starts the list of errors. @param {string[]} lines */
function prose(lines) {
  /** @type {string[]} */
  const blocks = [];
  /** @type {string[]} */
  let open = [];
  const close = () => {
    if (!open.length) return;
    const text = open.join(' ');
    if (/^-E[A-Z]/.test(text)) {
      // Codes that share one explanation stay together: "-EINVAL or -EIO if …".
      const [list, ...rest] = text.split(/\. (?=(?!-E))/);
      blocks.push(list.split(/; (?=-E)/).map((item) => `- ${marked(item.replace(/\.$/, ''))}`).join('\n'));
      if (rest.length) blocks.push(marked(rest.join('. ')));
    } else blocks.push(marked(text));
    open = [];
  };
  for (const line of lines) {
    const first = /^\s*-E[A-Z]/.test(line) && !/^-E[A-Z]/.test(open[0] ?? '');
    if (line === '' || first) close();
    if (line !== '') open.push(line.trim());
  }
  close();
  return blocks.join('\n\n');
}

const ASYNCIO = /`?\b((?:asyncio|loop|task|tg|timeout|session|semaphore|executor|future|lock|event|condition|barrier|queue|handle|var|runner|generator|error|response|os|errno)\.[a-zA-Z_]+(?:\.\w+)*(?:\((?:[^()]|\([^()]*\))*\))?)`?|`((?:await (?!app\.)|raise|yield|async with|async for|python)[^`]*)`|\b(ExceptionGroup\.exceptions)/g;

/** The counterparts that a comment names. @param {string[]} comment */
function counterparts(comment) {
  const text = comment.join(' ').replace(/`errno\.errorcode\[n\]`, `os\.strerror\(n\)`/, 'os.strerror(n)');
  return [...new Set([...text.matchAll(ASYNCIO)].map(([, a, b, c]) => a ?? b ?? c))];
}

/** @type {[string, string][]} the examples, with their sources */
const examples = readdirSync(join(root, 'examples'))
  .filter((name) => name.endsWith('.c'))
  .sort()
  .map((name) => [name, readFileSync(join(root, 'examples', name), 'utf8')]);

/** @param {string[]} names */
function usedIn(names) {
  const files = examples.filter(([, text]) => names.some((name) => new RegExp(`\\b${name}\\b`).test(text))).map(([name]) => name);
  if (!files.length) return '';
  return `\n\nUsed in ${files.slice(0, SHOWN_EXAMPLES).map((name) => `[${name}](../examples/${name})`).join(', ')}.`;
}

/** @param {Entry} entry */
function written({ comment, code, names }) {
  return `### ${names.map((name) => `\`${name}\``).join(', ')}\n\n\`\`\`c\n${code}\n\`\`\`\n\n${prose(comment)}${usedIn(names)}`;
}

/** GitHub's anchors of the headings, in their order: the second of a name gets a number (wio_shield, WIO_SHIELD). */
function anchors() {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return (/** @type {string[]} */ names) => {
    const plain = names.join(', ').toLowerCase().replace(/[^\w -]/g, '').replace(/ /g, '-');
    const count = seen.get(plain) ?? 0;
    seen.set(plain, count + 1);
    return count ? `${plain}-${count}` : plain;
  };
}

/** May the call suspend its task? @param {Entry} entry */
function waits({ comment, names }) {
  const text = comment.join(' ');
  if (/only if it must/.test(text)) return 'if it must';
  if (/\bWaits\b/.test(text)) return 'yes';
  return names.every((name) => /^WIO_(TASK_GROUP|WITH_|GATHER|ASYNC_FOR|AS_COMPLETED)/.test(name)) ? 'yes' : '';
}

/** @param {Section[]} sections */
function index(sections) {
  const anchor = anchors();
  const rows = sections.flatMap(({ entries }) =>
    entries
      .map((entry) => ({ entry, target: anchor(entry.names) }))
      .filter(({ entry }) => !entry.code.startsWith('typedef'))
      .map(({ entry, target }) => {
        const link = entry.names.map((name) => `\`${name}\``).join(', ');
        return `| [${link}](#${target}) | ${waits(entry)} | ${counterparts(entry.comment).map((name) => `\`${name}\``).join(', ') || '–'} |`;
      }),
  );
  return `| C | waits | asyncio |\n|---|---|---|\n${rows.join('\n')}`;
}

/** The header's first comment: text, an indented list of errors, and the end of the sentence. @param {string[]} lines */
function introduction(lines) {
  const isError = (/** @type {string} */ line) => /^\s+-E/.test(line);
  const [first, last] = [lines.findIndex(isError), lines.findLastIndex(isError)];
  const errors = lines.slice(first, last + 1).map((line) => `- ${marked(line.trim().replace(/\s{2,}/, ': ').replace(/ {2,}/g, ' '))}`);
  const end = lines.findIndex((line, i) => i > last && line === '');
  return `${prose(lines.slice(1, first))}\n\n${errors.join('\n')}\n\n${prose(lines.slice(last + 1, end))}`;
}

/** The header with those that it includes. @param {string} file @returns {string} */
const whole = (file) => readFileSync(file, 'utf8').replace(/^#include "(.+)"$/gm, (_, name) => whole(join(dirname(file), name)));

/** The page. @param {string} [header] */
export function makeReference(header = whole(HEADER)) {
  const { intro, pairs } = cut(header);
  // Two parts of the header have the same title; here they are one section.
  const titles = [...new Set(pairs.map(({ title }) => title).reverse())].reverse();
  const sections = titles
    .map((title) => ({ title, entries: pairs.filter((pair) => pair.title === title).flatMap(({ body }) => entriesOf(body)) }))
    .filter(({ entries }) => entries.length);
  const top = bare(/** @type {RegExpExecArray} */ (/^\/\*[^]*?\*\//.exec(intro))[0]);
  return `# C reference

<!-- Written by docs/make-reference.js from src/wasyncio.h. Change the header, then run: node docs/make-reference.js -->

${introduction(top)}

The rules behind cancellation, timeouts and errors are in [cancellation.md](cancellation.md). Error codes are those of
\`<errno.h>\`; their numbers are Emscripten's and differ from Linux's, so compare with the names.

## All names

"Waits" says whether a call may suspend the calling task; nothing else does. asyncio's names are methods where they
begin with \`task\`, \`tg\` (a \`TaskGroup\`), \`loop\`, \`timeout\` or \`semaphore\`, and aiohttp's where they begin with
\`session\` or \`response\`.

${index(sections)}

${sections.map(({ title, entries }) => `## ${title}\n\n${entries.map(written).join('\n\n')}`).join('\n\n')}
`;
}

function main() {
  const made = makeReference();
  if (!process.argv.includes('--check')) return writeFileSync(OUTPUT, made);
  if (readFileSync(OUTPUT, 'utf8') === made) return;
  console.error('docs/c-reference.md is not what src/wasyncio.h says: node docs/make-reference.js');
  process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
