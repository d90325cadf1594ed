import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { visit } from './browser.ts';
import { giveInput, output, problem, serverAndBrowser, verdict } from './page.ts';

const site = serverAndBrowser({ SOURCE_BYTES: '5000' });

async function runProgram(page: Page, source: string): Promise<void> {
  await page.getByLabel('Program').fill(source);
  await page.getByRole('button', { name: 'Run' }).click();
  await page.waitForURL('**/send_code#result');
}

describe('with JavaScript off', () => {
  const options = { javaScriptEnabled: false };

  it('runs the example that is in the box at first', async () => {
    await using visited = await site.visit('/', options);
    const { page, complaints } = visited;
    await page.getByRole('button', { name: 'Run' }).click();
    await page.waitForURL('**/send_code#result');
    expect(await output(page).innerText()).toBe(
      '1\n2\nFizz\n4\nBuzz\nFizz\n7\n8\nFizz\nBuzz\n11\nFizz\n13\n14\nFizzBuzz\n',
    );
    expect(complaints).toEqual([]);
  });

  it('shows the output on the same page, with the text kept and how it ended', async () => {
    await using visited = await site.visit('/', options);
    const { page } = visited;
    const source = '\n\nprint("héllo", 1 < 2 & 3)\n# "quotes" </textarea> &amp;\n';
    await runProgram(page, source);
    expect(await output(page).innerText()).toBe('héllo True\n');
    expect(await page.getByLabel('Program').inputValue()).toBe(source);
    expect(await verdict(page).innerText()).toMatch(/^Finished in \d+ ms · \d+ MB$/);
  });

  it('tells a traceback apart and says the exit code', async () => {
    await using visited = await site.visit('/', options);
    const { page } = visited;
    await runProgram(page, 'import time\nprint("before")\ntime.sleep(0.2)\n1/0');
    expect(await page.locator('.stderr').innerText()).toContain('ZeroDivisionError');
    expect(await page.locator('.stdout').innerText()).toBe('before\n');
    expect(await verdict(page).innerText()).toMatch(/^Exited with code 1 after \d+ ms/);
  });

  it('gives the program its input and keeps that, too', async () => {
    await using visited = await site.visit('/', options);
    const { page } = visited;
    await giveInput(page, 'Ada\nLovelace');
    await runProgram(page, 'print(input(), "&", input())');
    expect(await output(page).innerText()).toBe('Ada & Lovelace\n');
    expect(await page.getByLabel('Input', { exact: true }).inputValue()).toBe('Ada\nLovelace');
  });

  it('shows what a program writes, and runs none of it', async () => {
    await using visited = await site.visit('/', options);
    const { page, complaints } = visited;
    const hostile = '</pre></textarea><script>document.title="owned"</script><img src=x onerror=alert(1)>';
    await runProgram(page, `print('''\n${hostile}''')`);
    expect(await output(page).innerText()).toBe(`\n${hostile}\n`);
    expect(await page.title()).toBe('Katabox');
    expect(await page.locator('#output :not(span), img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('opens the input by its name', async () => {
    await using visited = await site.visit('/', options);
    const { page } = visited;
    await page.getByText('Input', { exact: true }).click();
    expect(await page.getByLabel('Input', { exact: true }).isVisible()).toBe(true);
  });

  it('offers the examples and the way back, by links', async () => {
    await using visited = await site.visit('/', options);
    const { page } = visited;
    await page.getByText('Examples').click();
    await page.getByRole('link', { name: /traceback/ }).click();
    expect(await page.getByLabel('Program').inputValue()).toMatch(/^prices = /);
    await page.getByRole('link', { name: 'Reset' }).click();
    expect(await page.getByLabel('Program').inputValue()).toMatch(/^def fizzbuzz/);
  });

  it('shows nothing that would not work', async () => {
    await using visited = await site.visit('/', options);
    const { page } = visited;
    const ids = ['share', 'curl', 'theme', 'stop', 'typing', 'divider', 'escape-hatch', 'input-hint'];
    expect(await page.locator(ids.map((id) => `#${id}`).join()).count()).toBe(ids.length);
    expect(await page.locator(ids.map((id) => `#${id}:visible`).join()).count()).toBe(0);
  });

  it('shows an error in place, with the text kept', async () => {
    await using visited = await site.visit('/', options);
    const { page } = visited;
    const source = `print("too long")\n${'#'.repeat(5000)}`;
    await runProgram(page, source);
    expect(await problem(page).innerText()).toMatch(/source_code is too large: 5018 bytes.* 5000/s);
    expect(await page.getByLabel('Program').inputValue()).toBe(source);
  });
});

it('refuses what a page of another site posts', async () => {
  const form = `<form method="post" action="${site.server.url}/send_code"><input name="source_code" value="1"><button>Go</button></form>`;
  const otherSite = createServer((_req, res) => res.setHeader('Content-Type', 'text/html').end(form)).listen(
    0,
  );
  try {
    const { port } = otherSite.address() as AddressInfo;
    await using visited = await visit(site.browser, `http://localhost:${port}/`);
    const { page } = visited;
    const answered = page.waitForResponse('**/send_code');
    await page.getByRole('button', { name: 'Go' }).click();
    expect((await answered).status()).toBe(403);
  } finally {
    otherSite.close();
  }
});
