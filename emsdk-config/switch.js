import { readFileSync, writeFileSync } from 'node:fs';
import { BuildError } from './errors.js';
import { globals, exportedFunctions, filterExports, functionBodies, leb, replaceBytes } from './wasm.js';

/** @param {string} file after asyncify; rewritten */
export function mendSwitch(file) {
  let module = Buffer.from(readFileSync(file));
  const exported = exportedFunctions(module);
  const replace = (name, body) => {
    const range = functionBodies(module).get(exported.get(name));
    module = Buffer.from(replaceBytes(module, range, Uint8Array.from([...leb(body.length), ...body])));
  };
  const bodyOf = (name) => { const r = functionBodies(module).get(exported.get(name)); return module.subarray(r.start, r.end); };
  const g = bodyOf('asyncify_get_state');
  const S = g[3];
  console.error('get_state', g, 'start', bodyOf('asyncify_start_unwind'));
  const setState = (n) => [0, 0x41, n, 0x24, S, 0x0b];
  const D = bodyOf('asyncify_start_unwind')[9];
  replace('wio__switching', [0, 0x23, S, 0x0b]);
  const withData = (n) => process.env.NODATA ? setState(n) : [0, 0x41, n, 0x24, S, 0x20, 0, 0x24, D, 0x0b];
  replace('asyncify_start_unwind', withData(1));
  replace('asyncify_start_rewind', withData(2));
  replace('asyncify_stop_unwind', setState(0));
  replace('asyncify_stop_rewind', setState(0));
  if (process.env.NODATA) {
    const all = globals(module); const at = all[D]; const b = bodyOf('wio__saved_at');
    console.error(module.subarray(at.start, at.end), b);
    const init = b.subarray(3, -1); 
    const GLOBALS = 6;
    // section rewrite by hand
    let pos = 8;
    const num = () => { let r = 0; for (let s = 0; ; s += 7) { const x = module[pos++]; r += (x & 127) * 2 ** s; if (x < 128) return r; } };
    while (pos < module.length) { const st = pos; const id = module[pos++]; const size = num(); const c = pos; pos += size;
      if (id === GLOBALS) { const content = Buffer.concat([module.subarray(c, at.start + 3), init, module.subarray(at.end - 1, pos)]);
        module = Buffer.concat([module.subarray(0, st), Uint8Array.from([6, ...leb(content.length)]), content, module.subarray(pos)]); break; } }
  }
  writeFileSync(file, filterExports(module, (name) => name !== 'wio__switching' && name !== 'wio__saved_at'));
}
