import { MemoryDirectory, MemoryFile } from './files.js';

/**
 * A directory of the browser's (OPFS, or one that the user has chosen) in memory: WASI's calls return at once, the browser's
 * do not. It is read when the program is loaded, and what has changed is written back when main() has ended and when the app
 * is closed.
 * @typedef {Map<string, { version: number } | Saved>} Saved what is there, as it was written last
 */

/** @param {FileSystemDirectoryHandle} handle @param {Saved} saved @returns {Promise<MemoryDirectory>} */
async function read(handle, saved) {
  /** @type {[string, MemoryDirectory | MemoryFile][]} */
  const entries = [];
  for await (const [name, entry] of /** @type {any} */ (handle).entries()) {
    if (entry.kind === 'file') {
      const file = new MemoryFile(new Uint8Array(await (await entry.getFile()).arrayBuffer()));
      saved.set(name, { version: file.version });
      entries.push([name, file]);
    } else {
      /** @type {Saved} */
      const below = new Map();
      entries.push([name, await read(entry, below)]);
      saved.set(name, below);
    }
  }
  return new MemoryDirectory(entries);
}

/** @param {FileSystemDirectoryHandle} handle @param {MemoryDirectory} directory @param {Saved} saved */
async function write(handle, directory, saved) {
  for (const [name, was] of [...saved]) {
    const entry = directory.contents.get(name);
    if (entry && entry instanceof MemoryDirectory === was instanceof Map) continue;
    await handle.removeEntry(name, { recursive: true });
    saved.delete(name);
  }
  for (const [name, entry] of directory.contents) {
    const was = saved.get(name);
    if (entry instanceof MemoryDirectory) {
      const below = was instanceof Map ? was : new Map();
      await write(await handle.getDirectoryHandle(name, { create: true }), entry, below);
      saved.set(name, below);
    } else if (entry instanceof MemoryFile && (!was || was instanceof Map || was.version !== entry.version)) {
      const { version } = entry;
      const stream = await (await handle.getFileHandle(name, { create: true })).createWritable();
      await stream.write(/** @type {Uint8Array<ArrayBuffer>} */ (entry.data.slice()));
      await stream.close();
      saved.set(name, { version });
    }
  }
}

/** @param {FileSystemDirectoryHandle} handle */
export async function mirror(handle) {
  /** @type {Saved} */
  const saved = new Map();
  const directory = await read(handle, saved);
  /** One after the other. @type {Promise<void>} */
  let last = Promise.resolve();
  const save = () => (last = last.catch(() => {}).then(() => write(handle, directory, saved)));
  return { directory, save };
}
