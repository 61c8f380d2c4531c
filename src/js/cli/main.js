#!/usr/bin/env node
/** The command `wasyncio`. Exit codes: the program's own; 1 does not build; 2 wrong command line; 70 the run failed. */
import { BuildError, CompileError } from '../../../emsdk-config/build.js';
import { WasyncioError } from '../node.js';
import { command } from './commands.js';
import { placeOfCrash } from './crash.js';
import { red } from './progress.js';
import { UsageError } from './usage.js';

/** @param {unknown} error @returns {number} the exit code */
function report(error) {
  if (error instanceof CompileError) return 1;
  const say = (/** @type {string} */ text) => process.stderr.write(`${red('wasyncio:')} ${text}\n`);
  if (error instanceof UsageError || error instanceof BuildError) say(error.message);
  else if (error instanceof WasyncioError) say(`${error.name}: ${error.message}${placeOfCrash(error.cause)}`);
  else say(`${/** @type {Error} */ (error)?.stack ?? error}`);
  return error instanceof UsageError ? 2 : error instanceof BuildError ? 1 : 70;
}

// `wasyncio run app.c | head -1`: nobody reads on, which is no error
process.stdout.on('error', (error) => {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? 0);
});

// not process.exit(): output that is still on its way would be lost
process.exitCode = await command(process.argv.slice(2)).catch(report);
