// The page as it looks, into screenshots/: to be looked at after each change of views/ or src/client/.
import { mkdir } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium, visit } from '../test/browser/browser.ts';
import { startServer } from '../test/server.ts';

const folder = 'screenshots';

const wide = { viewport: { width: 1280, height: 720 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };
const dark = { colorScheme: 'dark' } as const;

interface Shot {
  readonly path?: string;
  readonly options: BrowserContextOptions;
  /** What is done before it is taken. */
  readonly act?: (page: Page) => Promise<unknown>;
}

const run = (page: Page) => page.getByRole('button', { name: 'Run' }).click();
const ended = (page: Page) => page.locator('#verdict', { hasText: /Finished|Exited|Stopped/ }).waitFor();
const runToEnd = async (page: Page) => {
  await run(page);
  await ended(page);
};
const guess = async (page: Page) => {
  await run(page);
  await page.getByLabel('Your input').fill('0'); // which it never is
  await page.getByLabel('Your input').press('Enter');
  await page.locator('#verdict', { hasText: 'Running' }).waitFor();
};
const stopped = async (page: Page) => {
  await run(page);
  await page.locator('#output', { hasText: 'primes' }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await ended(page);
};
const search = async (page: Page) => {
  await page.getByLabel('Program').press('Control+f');
  await page.getByPlaceholder('Find').pressSequentially('i');
};

const shots: Readonly<Record<string, Shot>> = {
  first: { options: wide },
  wide: { path: '/?example=mandelbrot', options: wide, act: runToEnd },
  dark: { path: '/?example=mandelbrot', options: { ...wide, ...dark }, act: runToEnd },
  error: { path: '/?example=traceback', options: wide, act: runToEnd },
  'error-dark': { path: '/?example=traceback', options: { ...wide, ...dark }, act: runToEnd },
  input: { path: '/?example=guess', options: wide, act: guess },
  limit: { path: '/?example=primes', options: wide, act: runToEnd },
  stopped: { path: '/?example=primes', options: wide, act: stopped },
  busy: {
    path: '/?example=guess',
    options: wide,
    act: async (page) => {
      const others = await Promise.all([1, 2].map(() => visit(page.context().browser()!, page.url())));
      for (const { page } of others) await guess(page);
      await run(page);
      await page.getByText('Will try again').waitFor();
    },
  },
  refused: { path: '/#code=x', options: wide, act: (page) => page.getByText('damaged').waitFor() },
  menu: { options: wide, act: (page) => page.getByText('Examples').click() },
  search: { options: wide, act: search },
  'search-dark': { options: { ...wide, ...dark }, act: search },
  phone: { path: '/?example=traceback', options: phone, act: runToEnd },
  'phone-dark': { path: '/?example=guess', options: { ...phone, ...dark }, act: guess },
  'zoom-200': { options: { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 }, act: runToEnd },
  embed: { path: '/?embed=1', options: { viewport: { width: 700, height: 400 } }, act: runToEnd },
  'no-script': { options: { ...wide, javaScriptEnabled: false }, act: runToEnd },
};

await mkdir(folder, { recursive: true });
await using server = await startServer({ POOL_SIZE: '3', MAX_RUNNING: '2', MAX_WAITING: '0' });
const browser = await launchChromium();
try {
  for (const [name, { path = '/', options, act }] of Object.entries(shots)) {
    await using visited = await visit(browser, `${server.url}${path}`, options);
    await act?.(visited.page);
    await visited.page.screenshot({ path: `${folder}/${name}.png`, fullPage: name.startsWith('phone') });
    process.stdout.write(`${folder}/${name}.png\n`);
  }
} finally {
  await browser.close();
}
