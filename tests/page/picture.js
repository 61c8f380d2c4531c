/** Makes docs/playground.png of the page: `node tests/page/picture.js`, after a change of how it looks. */
import path from 'node:path';
import { openBrowsers } from '../lib/browsers.js';
import { ROOT } from '../lib/hosts.js';
import { open, prepare, pressRun, untilEnded } from './playground.js';

await prepare();
const browsers = await openBrowsers(['chromium']);
try {
  await browsers.visit('chromium', 120_000, async (page, errors) => {
    await open({ page, origin: browsers.origin, browser: 'chromium', errors }, 'semaphore');
    await pressRun(page);
    await untilEnded(page);
    await page.mouse.click(1215, 132); // the playhead, between two instants
    await page.mouse.move(1120, 268);
    await new Promise((resolve) => setTimeout(resolve, 600)); // what moves has come to rest
    await page.screenshot({ path: /** @type {`${string}.png`} */ (path.join(ROOT, 'docs/playground.png')) });
  });
} finally {
  await browsers.close();
}
