/** `make`'s part: the library, in build/, where those who link by hand find it too. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError, CompileError, buildLibrary } from './build.js';
import { cacheDirectory } from './directories.js';

try {
  const { path } = await buildLibrary();
  copyFileSync(path, join(cacheDirectory(), 'libwasyncio.a'));
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  if (!(error instanceof CompileError)) process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
