import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../server.ts';
import { launchChromium, visit } from './browser.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    startServer({ POOL_SIZE: '2', SOURCE_BYTES: '5000' }),
    launchChromium(),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

async function runProgram(page: Page, source: string): Promise<void> {
  await page.getByLabel('Program').fill(source);
  await page.getByRole('button', { name: 'Run' }).click();
  await page.waitForURL('**/send_code#result');
}

const output = (page: Page) => page.getByLabel('Output');
const verdict = (page: Page) => page.getByRole('status');

describe.each([
  ['off', false],
  ['on', true],
])('with JavaScript %s', (_state, javaScriptEnabled) => {
  const options = { javaScriptEnabled };

  it('runs the example that is in the box at first', async () => {
    await using visited = await visit(browser, server.url, options);
    const { page, complaints } = visited;
    await page.getByRole('button', { name: 'Run' }).click();
    await page.waitForURL('**/send_code#result');
    expect(await output(page).innerText()).toBe(
      '1\n2\nFizz\n4\nBuzz\nFizz\n7\n8\nFizz\nBuzz\n11\nFizz\n13\n14\nFizzBuzz\n',
    );
    expect(complaints).toEqual([]);
  });

  it('shows the output on the same page, with the text kept and how it ended', async () => {
    await using visited = await visit(browser, server.url, options);
    const { page } = visited;
    const source = '\n\nprint("héllo", 1 < 2 & 3)\n# "quotes" </textarea> &amp;\n';
    await runProgram(page, source);
    expect(await output(page).innerText()).toBe('héllo True\n');
    expect(await page.getByLabel('Program').inputValue()).toBe(source);
    expect(await verdict(page).innerText()).toMatch(/^Finished in \d+ ms · [\d.]+ MiB$/);
  });

  it('tells a traceback apart and says the exit code', async () => {
    await using visited = await visit(browser, server.url, options);
    const { page } = visited;
    await runProgram(page, 'import time\nprint("before")\ntime.sleep(0.2)\n1/0');
    expect(await page.locator('.stderr').innerText()).toContain('ZeroDivisionError');
    expect(await page.locator('.stdout').innerText()).toBe('before\n');
    expect(await verdict(page).innerText()).toMatch(/^Exited with code 1 after \d+ ms/);
  });

  it('gives the program its input and keeps that, too', async () => {
    await using visited = await visit(browser, server.url, options);
    const { page } = visited;
    await page.locator('summary').click({ position: { x: 5, y: 5 } });
    await page.getByLabel('Input').fill('Ada\nLovelace');
    await runProgram(page, 'print(input(), "&", input())');
    expect(await output(page).innerText()).toBe('Ada & Lovelace\n');
    expect(await page.getByLabel('Input').inputValue()).toBe('Ada\nLovelace');
  });

  it('shows what a program writes, and runs none of it', async () => {
    await using visited = await visit(browser, server.url, options);
    const { page, complaints } = visited;
    const hostile = '</pre></textarea><script>document.title="owned"</script><img src=x onerror=alert(1)>';
    await runProgram(page, `print('''\n${hostile}''')`);
    expect(await output(page).innerText()).toBe(`\n${hostile}\n`);
    expect(await page.title()).toBe('Katabox');
    expect(await page.locator('script, img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('shows an error in place, with the text kept', async () => {
    await using visited = await visit(browser, server.url, options);
    const { page } = visited;
    const source = `print("too long")\n${'#'.repeat(5000)}`;
    await runProgram(page, source);
    expect(await page.getByRole('alert').innerText()).toMatch(/source_code is too large: 5018 bytes.* 5000/s);
    expect(await page.getByLabel('Program').inputValue()).toBe(source);
  });
});

it('refuses what a page of another site posts', async () => {
  const form = `<form method="post" action="${server.url}/send_code"><input name="source_code" value="1"><button>Go</button></form>`;
  const otherSite = createServer((_req, res) => res.setHeader('Content-Type', 'text/html').end(form)).listen(
    0,
  );
  try {
    const { port } = otherSite.address() as AddressInfo;
    await using visited = await visit(browser, `http://localhost:${port}/`);
    const { page } = visited;
    const answered = page.waitForResponse('**/send_code');
    await page.getByRole('button', { name: 'Go' }).click();
    expect((await answered).status()).toBe(403);
  } finally {
    otherSite.close();
  }
});

describe('on a phone', () => {
  it.each(['light', 'dark'] as const)('nothing sticks out, in %s', async (colorScheme) => {
    await using visited = await visit(browser, server.url, {
      viewport: { width: 360, height: 740 },
      colorScheme,
    });
    const { page } = visited;
    await runProgram(page, `print("x" * 500)\nprint("${'y'.repeat(300)}")`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const [ground, ink] = (await page.evaluate(
      '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]',
    )) as [string, string];
    expect(brightness(ground) > brightness(ink)).toBe(colorScheme === 'light');
  });
});

/** Of a colour as the browser computes it, `rgb(r, g, b)`. */
const brightness = (color: string) =>
  (color.match(/\d+/g) ?? []).map(Number).reduce((sum, part) => sum + part, 0);
