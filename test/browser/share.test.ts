import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  button,
  giveInput,
  output,
  problem,
  programText,
  runToEnd,
  serverAndBrowser,
  start,
  write,
} from './page.ts';

const site = serverAndBrowser();
const withClipboard = { permissions: ['clipboard-read', 'clipboard-write'] };

async function copied(page: Page, name: string): Promise<string> {
  await button(page, name).click();
  await page.locator('#notice', { hasText: 'copied' }).waitFor();
  return page.evaluate<string>('navigator.clipboard.readText()');
}

/** A program of about 50 KiB that nothing compresses well, in every kind of script; it prints what it is. */
function largeProgram(): string {
  const lines = ['import hashlib', 'print(hashlib.sha256(open(__file__, "rb").read()).hexdigest())'];
  for (let size = 0, i = 0; size < 50 * 1024; i += 1) {
    const line = `# ${createHash('sha512').update(String(i)).digest('base64')} żółw 漢字 🐍 \u0301`;
    lines.push(line);
    size += Buffer.byteLength(line);
  }
  return lines.join('\n');
}

describe('a link', () => {
  it('carries a program of 50 KiB, in any script, to another browser and past the server', async () => {
    await using visited = await site.visit('/', withClipboard);
    const source = largeProgram();
    await write(visited.page, source);
    const link = await copied(visited.page, 'Copy link');
    expect(link).toMatch(new RegExp(`^${site.server.url}/#code=[\\w-]+$`));
    expect(visited.page.url()).toBe(link);

    await using other = await site.visit('about:blank');
    const asked: string[] = [];
    other.page.on('request', (request) => asked.push(request.url()));
    await other.page.goto(link);
    await other.page.getByText('import hashlib').waitFor();
    await button(other.page, 'Run').click();
    await other.page.locator('#verdict', { hasText: 'Finished' }).waitFor();
    expect(await output(other.page).innerText()).toBe(
      `${createHash('sha256').update(source).digest('hex')}\n`,
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((url) => url.includes('code='))).toEqual([]);
    expect(site.server.log).not.toContain('code=');
    expect(other.complaints).toEqual([]);
  });

  it('carries the input as well', async () => {
    await using visited = await site.visit('/', withClipboard);
    await write(visited.page, 'print(input())');
    await giveInput(visited.page, 'żółw\n');
    const link = await copied(visited.page, 'Copy link');
    await using other = await site.visit(link.slice(site.server.url.length));
    await other.page.locator('#given-input[open]').waitFor();
    expect(await other.page.locator('#stdin').inputValue()).toBe('żółw\n');
  });

  it('leaves what was typed to the undo, and the address until the text changes', async () => {
    await using visited = await site.visit('/', withClipboard);
    const { page } = visited;
    await write(page, 'shared = 1');
    const link = await copied(page, 'Copy link');
    await write(page, 'mine = 1');
    await page.waitForURL(`${site.server.url}/`);
    await page.goto(link); // in the page that is open: only the fragment changes
    await page.getByText('shared').waitFor();
    expect(page.url()).toBe(link);
    await page.keyboard.press('Control+z');
    expect(await programText(page)).toBe('mine = 1');
    await page.waitForURL(`${site.server.url}/`);
  });

  it('takes nothing away for good, whatever is done with it', async () => {
    await using visited = await site.visit('/', withClipboard);
    const { page } = visited;
    await write(page, 'shared = 1');
    const link = await copied(page, 'Copy link');
    await write(page, 'mine = 1');
    await page.goto(link);
    await page.getByText('shared').waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('23');
    await page.getByRole('link', { name: 'Reset' }).click();
    await page.reload();
    for (const expected of ['shared = 123', 'mine = 1', 'shared = 123']) {
      await page.getByText('Examples').click();
      await button(page, 'What was here before').click();
      expect(await programText(page)).toBe(expected);
    }
  });

  it('that was only looked at is not in the way of what was here before', async () => {
    await using visited = await site.visit('/', withClipboard);
    const { page } = visited;
    await write(page, 'shared = 1');
    const link = await copied(page, 'Copy link');
    await write(page, 'mine = 1');
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByText('shared').waitFor();
    await page.getByRole('link', { name: 'Reset' }).click();
    await page.getByText('Examples').click();
    await button(page, 'What was here before').click();
    expect(await programText(page)).toBe('mine = 1');
    await page.getByText('Examples').click();
    expect(await button(page, 'What was here before').isVisible()).toBe(false);
  });

  it.each([
    ['that is damaged', '#code=not!base64', 'The link is damaged'],
    ['that was cut off', '#code=y0jNyclXKM8vyklRBAA'.slice(0, -6), 'The link is damaged'],
    ['that is empty', '#code=', 'The link is damaged'],
  ])('%s is said to be, and nothing is lost', async (_what, fragment, reason) => {
    await using visited = await site.visit(`/${fragment}`);
    const { page, complaints } = visited;
    await problem(page).getByText(reason).waitFor();
    expect(await programText(page)).toMatch(/^def fizzbuzz/);
    await runToEnd(page, 'print(1)');
    expect(await problem(page).innerText()).toBe('');
    expect(complaints).toEqual([]);
  });

  it('that carries nothing of ours is left alone', async () => {
    await using visited = await site.visit('/#result');
    expect(await problem(visited.page).innerText()).toBe('');
  });

  it('is in the address bar where the browser does not let us copy', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await page.evaluate(
      "Object.defineProperty(navigator, 'clipboard', {}); document.execCommand = () => false",
    );
    await write(page, 'print(1)');
    await button(page, 'Copy link').click();
    await page.getByText('The link is in the address bar').waitFor();
    expect(page.url()).toContain('#code=');
  });
});

describe('a command', () => {
  it.each([
    ['', 'print("""it\'s $HOME `id` \\\\ "q" """)\nPYTHON = 1\n', `it's $HOME \`id\` \\ "q"`],
    ['A\nPYTHON\n\'"$x', 'import sys\nprint(repr(sys.stdin.read()))', String.raw`'A\nPYTHON\n\'"$x'`],
  ])('runs the same in a shell, with the input %j', async (stdin, source, printed) => {
    await using visited = await site.visit('/', withClipboard);
    const { page } = visited;
    await write(page, source);
    await giveInput(page, stdin);
    const command = await copied(page, 'Copy as curl');
    const { stdout } = await promisify(execFile)('sh', ['-c', command]);
    expect(stdout).toBe(`From docker: ${printed}`);
  });

  it('is copied the old way where a page without TLS may not copy', async () => {
    await using visited = await site.visit('/', withClipboard);
    const { page } = visited;
    await page.evaluate(
      "window.read = navigator.clipboard.readText.bind(navigator.clipboard); Object.defineProperty(navigator, 'clipboard', {})",
    );
    await start(page, 'print("old")');
    await button(page, 'Copy as curl').click();
    await page.getByText('Command copied').waitFor();
    expect(await page.evaluate<string>('window.read()')).toContain('print("old")');
  });
});
