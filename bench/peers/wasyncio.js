/** `node bench/peers/wasyncio.js MODULE WORKLOAD STACK NUMBERS…` */
import { load } from '../../src/js/node.js';
import { Report } from './report.js';

const [module, ...args] = process.argv.slice(2);
const report = new Report();
const app = await load(module, { args, stdout: (text) => report.read(text) });
report.end(await app.run());
