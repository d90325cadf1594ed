import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../server.ts';
import { visit } from './browser.ts';
import { programText, serverAndBrowser, write } from './page.ts';

const site = serverAndBrowser(); // which allows nobody

const fragment = `#code=${deflateRawSync('print("from the link")').toString('base64url')}`;

/** A page of another site with ours in a frame. */
const host = createServer((req, res) => {
  const target = new URL(req.url ?? '/', 'http://x').searchParams.get('frame') ?? '';
  res
    .setHeader('Content-Type', 'text/html')
    .end(`<iframe src="${target}" width="700" height="500"></iframe><br><input>`);
});
let origin: string;
let allowing: TestServer;

const originOf = (server: Server) => `http://localhost:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  host.listen(0);
  await once(host, 'listening');
  origin = originOf(host);
  allowing = await startServer({ POOL_SIZE: '1', ALLOWED_ORIGINS: origin });
});

afterAll(async () => {
  host.close();
  await allowing?.[Symbol.asyncDispose]();
});

const framed = (url: string) => `${origin}/?frame=${encodeURIComponent(url)}`;

describe('the runner in a frame of an allowed site', () => {
  it('runs the program of its address, and shows nothing but itself', async () => {
    await using visited = await visit(site.browser, framed(`${allowing.url}/?embed=1${fragment}`));
    const { page, complaints } = visited;
    const frame = page.frameLocator('iframe');
    await frame.getByText('from the link').waitFor();
    await frame.getByRole('button', { name: 'Run' }).click();
    await frame.locator('#verdict', { hasText: 'Finished' }).waitFor();
    expect(await frame.getByLabel('Output').innerText()).toBe('from the link\n');
    expect(await frame.locator('header, #examples').count()).toBe(0);
    const [outer, ending] = [
      await page.locator('iframe').boundingBox(),
      await frame.locator('#verdict').boundingBox(),
    ];
    expect(ending!.y + ending!.height).toBeLessThanOrEqual(outer!.y + outer!.height);
    expect(complaints).toEqual([]);
  });

  it('has its program back by Reset', async () => {
    await using visited = await visit(site.browser, framed(`${allowing.url}/?embed=1${fragment}`));
    const frame = visited.page.frameLocator('iframe');
    await frame.getByText('from the link').waitFor();
    await frame.getByLabel('Program').press('Control+a');
    await visited.page.keyboard.type('x = 1');
    await frame.getByRole('link', { name: 'Reset' }).click();
    await frame.getByText('from the link').waitFor();
    expect(await frame.getByText('x = 1').count()).toBe(0);
  });

  it('keeps its hands off what the page itself keeps', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await write(page, 'mine = 1');
    await page.goto(`${site.server.url}/?embed=1`);
    await write(page, 'embedded = 1');
    await page.getByRole('link', { name: 'Reset' }).click();
    await page.goto(site.server.url);
    expect(await programText(page)).toBe('mine = 1');
  });

  it('leaves the keys to the page around it', async () => {
    const asking = 'import time\ntime.sleep(0.6)\nprint(input("name? "))';
    const link = `#code=${deflateRawSync(asking).toString('base64url')}`;
    await using visited = await visit(site.browser, framed(`${allowing.url}/?embed=1${link}`));
    const { page } = visited;
    const frame = page.frameLocator('iframe');
    await frame.getByText('import time').waitFor();
    await frame.getByRole('button', { name: 'Run' }).click();
    await page.locator('input').click();
    await frame.locator('#output', { hasText: 'name?' }).waitFor();
    await page.keyboard.type('private', { delay: 60 });
    expect(await page.locator('input').inputValue()).toBe('private');
  });

  it('works without a script, too', async () => {
    await using visited = await visit(site.browser, framed(`${allowing.url}/?embed=1`), {
      javaScriptEnabled: false,
    });
    const frame = visited.page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Run' }).click();
    await frame.locator('#output', { hasText: 'FizzBuzz' }).waitFor();
    expect(await frame.locator('header').count()).toBe(0);
  });
});

it.each([
  ['the runner, on a site that is not allowed', () => `${site.server.url}/?embed=1`],
  ['the page itself, on a site that is', () => `${allowing.url}/`],
])('%s, is shown in no frame', async (_what, url) => {
  await using visited = await visit(site.browser, framed(url()));
  const { page, complaints } = visited;
  await expect.poll(() => complaints.join(), { timeout: 10_000 }).toMatch(/frame-ancestors/);
  expect(await page.frameLocator('iframe').locator('#program').count()).toBe(0);
});
