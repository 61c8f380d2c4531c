/** The Python twins of examples and lessons are Python: CPython compiles them, and has every name of asyncio that they use. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { loadPyodide } from 'pyodide';
import { examples } from '../../examples/list.js';
import { root } from '../../examples/needs.js';
import { lessons } from '../../web/lessons/list.js';

/** Compiles, and gives the names that are not there. */
const CHECK = `
import ast, asyncio, builtins
def check(source, name):
    tree = ast.parse(source, name)
    compile(tree, name, "exec", dont_inherit=True)
    missing = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "asyncio" and not hasattr(asyncio, node.attr):
            missing.append(f"{name}:{node.lineno} asyncio.{node.attr}")
    return missing
check
`;

/** @type {(source: string, name: string) => { toJs: () => string[] }} */
let check;

before(async () => {
  const python = await loadPyodide();
  check = python.runPython(CHECK);
});

const twins = [...examples.map(({ name }) => `examples/${name}.py`), ...lessons.map(({ name }) => `web/lessons/${name}.py`)];

for (const twin of twins) {
  test(twin, () => {
    assert.ok(existsSync(join(root, twin)), 'every program has a twin');
    assert.deepEqual(check(readFileSync(join(root, twin), 'utf8'), twin).toJs(), []);
  });
}

test('a twin belongs to a program, and what is no Python is refused', () => {
  const files = ['examples', 'web/lessons'].flatMap((folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.py')).map((name) => `${folder}/${name}`));
  assert.deepEqual(files.filter((file) => !twins.includes(file)), []);
  assert.throws(() => check('async def f(:\n', 'x.py'), /SyntaxError/);
  assert.throws(() => check('def f():\n    await g()\n', 'x.py'), /SyntaxError/);
  assert.deepEqual(check('import asyncio\nasyncio.slep(1)\n', 'x.py').toJs(), ['x.py:2 asyncio.slep']);
});
