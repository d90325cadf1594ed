import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startServer } from '../server.ts';
import { visit } from './browser.ts';
import { output, problem, programText, runToEnd, serverAndBrowser, start, verdict, write } from './page.ts';
import { proxyWithoutUpgrades } from './proxy.ts';

const site = serverAndBrowser({ RUN_WALL_MS: '4000' });

describe('a connection', () => {
  it('that is lost under a program is said to be, with the output kept', async () => {
    const server = await startServer({ POOL_SIZE: '1' });
    await using visited = await visit(site.browser, server.url);
    const { page } = visited;
    await start(page, 'print("so far")\nimport time\ntime.sleep(5)');
    await page.locator('#output', { hasText: 'so far' }).waitFor();
    server.process.kill('SIGKILL');
    await once(server.process, 'exit');
    await page
      .getByText('The connection to the server was lost, and the program was ended with it.')
      .waitFor();
    expect(await output(page).innerText()).toBe('so far\n');
    await runToEnd(page, 'print("nobody there")');
    expect(await problem(page).innerText()).toBe(
      'The server cannot be reached. Are you online, and is it running?',
    );
    expect(await page.locator('#typing').isVisible()).toBe(false);
  });

  it('on which nothing comes is given up', async () => {
    await using visited = await site.visit('about:blank');
    const { page } = visited;
    await page.routeWebSocket(/connect/, (socket) => {
      socket.onMessage(() => socket.send('{"type":"stage","stage":"run"}')); // and then nothing, for ever
    });
    await page.clock.install();
    await page.goto(site.server.url);
    await start(page, 'print(1)');
    await page.locator('#typing').waitFor();
    await page.clock.runFor(30_000);
    await page.getByText('The connection to the server was lost').waitFor();
    expect(await page.locator('#result').getAttribute('data-running')).toBeNull();
  });

  it('that fails once is tried again, and nobody notices', async () => {
    const proxy = proxyWithoutUpgrades(site.server.url, { once: true });
    await using visited = await visit(site.browser, await proxy.url);
    const { page } = visited;
    await runToEnd(page, 'print("live")');
    expect(await output(page).innerText()).toBe('live\n');
    expect(page.url()).toBe(`${await proxy.url}/`);
    proxy.close();
  });

  it('that a browser does not even try has the form', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await page.evaluate(
      'window.WebSocket = class { constructor() { throw new DOMException("no", "SecurityError") } }',
    );
    await start(page, 'print("by form")');
    await page.waitForURL('**/send_code#result');
    expect(await output(page).innerText()).toBe('by form\n');
  });

  it('by way of a proxy that hides our name is refused with the reason, and the text is kept', async () => {
    const proxy = proxyWithoutUpgrades(site.server.url, { host: 'inner.example' });
    await using visited = await visit(site.browser, await proxy.url);
    const { page } = visited;
    await runToEnd(page, 'print("mine")');
    expect(await problem(page).innerText()).toContain('ALLOWED_ORIGINS');
    expect(await programText(page)).toBe('print("mine")');
    proxy.close();
  });

  it('that lets no WebSocket through has the form to fall back on', async () => {
    const proxy = proxyWithoutUpgrades(site.server.url);
    await using visited = await visit(site.browser, await proxy.url);
    const { page } = visited;
    await start(page, 'print("by form")\n1/0');
    await page.waitForURL('**/send_code#result');
    await page.locator('#output a').waitFor();
    expect(await output(page).innerText()).toMatch(
      /^by form\nTraceback [^]*ZeroDivisionError: division by zero\n$/,
    );
    expect(await page.locator('.cm-marked-line').innerText()).toBe('1/0');
    expect(await verdict(page).innerText()).toMatch(/^Exited with code 1/);
    await write(page, 'changed = 1');
    await page.waitForURL(`${await proxy.url}/`);
    await page.reload(); // which asks for the page, and does not send the form again
    expect(await programText(page)).toBe('changed = 1');
    proxy.close();
  });

  it('that is too slow for the program to come in time has the form', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    const line = await page.context().newCDPSession(page);
    const speed = { latency: 20, downloadThroughput: 125_000, uploadThroughput: 125_000 }; // 1 Mbit/s
    await line.send('Network.emulateNetworkConditions', { offline: false, ...speed });
    await start(page, `print("arrived")\n${'#'.repeat(200_000)}`);
    await page.waitForURL('**/send_code#result');
    expect(await output(page).innerText()).toBe('arrived\n');
  });
});
