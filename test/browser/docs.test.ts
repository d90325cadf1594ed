import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../server.ts';
import { launchChromium, visit } from './browser.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ POOL_SIZE: '1' }), launchChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

describe('the page of the documentation', () => {
  it('shows every route, and breaks no policy', async () => {
    await using visited = await visit(browser, `${server.url}/docs`);
    const { page, complaints } = visited;
    await page.locator('.opblock').first().waitFor();
    const paths = await page.locator('.opblock-summary-path').allTextContents();
    expect(paths.map((path) => path.replaceAll('\u200B', ''))).toEqual([
      '/runtimes',
      '/execute',
      '/connect',
      '/send_code',
      '/healthz',
      '/readyz',
      '/metrics',
    ]);
    expect(complaints).toEqual([]);
  });

  it('lets a reader run the example', async () => {
    await using visited = await visit(browser, `${server.url}/docs#/programs/execute`);
    const { page, complaints } = visited;
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute', exact: true }).click();
    const answer = page.locator('.live-responses-table .highlight-code').first();
    await answer.waitFor();
    expect(await answer.textContent()).toContain('"stdout": "hi\\n"');
    expect(complaints).toEqual([]);
  });

  it('names the document to who has no JavaScript', async () => {
    await using visited = await visit(browser, `${server.url}/docs`, { javaScriptEnabled: false });
    expect(await visited.page.getByRole('link', { name: 'openapi.json' }).count()).toBe(1);
  });
});
