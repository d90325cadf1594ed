import { describe, expect, it } from 'vitest';
import { docker } from '../sandbox/engine.ts';
import { startServer, until } from '../server.ts';
import { visit } from './browser.ts';
import {
  button,
  output,
  problem,
  program,
  runToEnd,
  serverAndBrowser,
  start,
  verdict,
  write,
} from './page.ts';

const site = serverAndBrowser({
  MAX_RUNNING: '1',
  MAX_WAITING: '0',
  MAX_WAIT_MS: '5000',
  RUN_WALL_MS: '4000',
  SOURCE_BYTES: '5000',
  BODY_BYTES: '20000',
});

/** Occupies the only place until it is told. */
function occupy(): { leave: () => void } {
  const leaving = new AbortController();
  const body = JSON.stringify({
    language: 'python',
    version: '*',
    files: [{ content: 'import time\ntime.sleep(60)' }],
  });
  const headers = { 'Content-Type': 'application/json' };
  void fetch(`${site.server.url}/api/v2/execute`, {
    method: 'POST',
    headers,
    body,
    signal: leaving.signal,
  }).catch(() => {});
  return { leave: () => leaving.abort() };
}

const running = async (count: number) =>
  until(
    async () =>
      (await (await fetch(`${site.server.url}/metrics`)).text()).includes(`state="running"} ${count}`)
        ? true
        : undefined,
    `${count} running`,
  );

describe('a busy server', () => {
  it('is said to be busy, with a countdown, and is tried again by itself', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    const other = occupy();
    await running(1);
    await start(page, 'print("at last")');
    await page.locator('#verdict', { hasText: /^Will try again in \d s$/ }).waitFor();
    expect(await problem(page).innerText()).toMatch(/busy|At the moment/i);
    const seconds = async () => Number(/\d+/.exec(await page.locator('#clock').innerText())?.[0]);
    const first = await seconds();
    await until(async () => ((await seconds()) < first ? true : undefined), 'countdown');
    other.leave();
    await page.locator('#verdict', { hasText: 'Finished' }).waitFor();
    expect(await output(page).innerText()).toBe('at last\n');
    expect(await problem(page).innerText()).toBe('');
  });

  it('is waited for no longer than the user wants', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    const other = occupy();
    await running(1);
    await start(page, 'print("never")');
    await page.locator('#verdict', { hasText: 'Will try again' }).waitFor();
    await button(page, 'Stop').click();
    expect(await problem(page).innerText()).toBe('Stopped before it started.');
    expect(await verdict(page).innerText()).toBe('');
    expect(await page.locator('#result').getAttribute('data-running')).toBeNull();
    other.leave();
    await running(0);
  });
});

it('a program that was begun is not run again by itself, whatever became of its sandbox', async () => {
  await using server = await startServer({ POOL_SIZE: '0' });
  await using visited = await visit(site.browser, server.url);
  const { page } = visited;
  await start(page, 'print("begun")\nimport time\ntime.sleep(5)');
  await page.locator('#output', { hasText: 'begun' }).waitFor();
  const [id = ''] = await server.containers();
  await docker.getContainer(id).kill();
  await problem(page).getByText('The sandbox was lost while the program ran').waitFor();
  expect(await verdict(page).innerText()).toBe('');
  expect(await page.locator('#typing').isVisible()).toBe(false);
  expect(await output(page).innerText()).toBe('begun\n');
  expect(await button(page, 'Stop').isDisabled()).toBe(true);
});

describe('a program that is refused', () => {
  it.each([
    ['too large for the limit', 6_000, 'files is too large: 6009 bytes, the limit is 5000'],
    ['larger than any message may be', 30_000, 'The program is too large for this server'],
  ])('%s is kept, and the reason is said', async (_what, size, reason) => {
    await using visited = await site.visit();
    const { page } = visited;
    const source = `print(1)\n${'#'.repeat(size)}`;
    await runToEnd(page, source);
    expect(await problem(page).innerText()).toContain(reason);
    expect(await page.locator('.cm-line').first().innerText()).toBe('print(1)');
    expect(await button(page, 'Stop').isDisabled()).toBe(true);
  });
});

it('more runs than are allowed are said to be, and waited for', async () => {
  await using server = await startServer({ POOL_SIZE: '1', RATE_LIMIT_PER_MINUTE: '1' });
  await using visited = await visit(site.browser, server.url);
  const { page } = visited;
  await runToEnd(page, 'print(1)');
  await write(page, 'print(2)');
  await program(page).press('Control+Enter');
  await page.locator('#verdict', { hasText: /^Will try again in \d+ s$/ }).waitFor();
  expect(await problem(page).innerText()).toBe('At most 1 runs a minute from one address');
});
