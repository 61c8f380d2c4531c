/**
 * Runs one program under the Node that executes this script: run-node.js file.wasm '{"args":[],"env":{},"clock":"real"}'.
 * It sets the exit code and does not exit, so that a program which keeps Node alive for nothing is found out.
 */
import { load } from '../../src/js/node.js';

const [file, options = '{}'] = process.argv.slice(2);
const app = await load(file, JSON.parse(options));
process.exitCode = await app.run();
