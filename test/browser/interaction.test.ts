import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { until } from '../server.ts';
import {
  button,
  ended,
  giveInput,
  output,
  program,
  programText,
  runToEnd,
  serverAndBrowser,
  start,
  write,
} from './page.ts';

const site = serverAndBrowser();

const typed = (page: Page) => page.getByLabel('Your input');
const focused = (page: Page) =>
  page.evaluate('document.activeElement.id || document.activeElement.className');

describe('a program that reads', () => {
  it('is answered line by line, without a hand on the mouse', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await start(page, 'name = input("name? ")\nprint("hello", name)\nprint(input("and? "))');
    // It asks, so that is where one types.
    await until(async () => ((await focused(page)) === 'typed' ? true : undefined), 'focus');
    await page.keyboard.type('Ada');
    await page.keyboard.press('Enter');
    await page.locator('#output', { hasText: 'and? ' }).waitFor();
    await page.keyboard.type('fín');
    await page.keyboard.press('Enter');
    await ended(page, 'Finished');
    expect(await output(page).innerText()).toBe('name? Ada\nhello Ada\nand? fín\nfín\n');
    expect(await page.locator('#output .typed').allInnerTexts()).toEqual(['Ada\n', 'fín\n']);
    expect(await typed(page).isVisible()).toBe(false);
  });

  it('is answered in the same way if a warning comes with its question', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await start(
      page,
      'import sys, time\nprint("name? ", end="")\ntime.sleep(0.05)\nprint("careful", file=sys.stderr)\nprint("hello", input())',
    );
    await until(async () => ((await focused(page)) === 'typed' ? true : undefined), 'focus');
    await page.keyboard.type('Ada\n');
    await ended(page, 'Finished');
    expect(await output(page).innerText()).toContain('hello Ada\n');
  });

  it('does not leave to the editor what was typed for it', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    const source = 'print("name? ", end="")\nimport time\ntime.sleep(1.2)';
    await start(page, source);
    await until(async () => ((await focused(page)) === 'typed' ? true : undefined), 'focus');
    await page.keyboard.type('this takes longer than the program', { delay: 40 });
    await page.keyboard.press('Enter');
    await ended(page, 'Finished');
    expect(await programText(page)).toBe(source);
    expect(await focused(page)).toBe('output');
  });

  it('does not take the keys from who goes on typing', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await start(page, 'import time\ntime.sleep(0.8)\nprint(input("name? "))');
    await program(page).press('Control+End');
    await page.keyboard.type('# more');
    await page.locator('#output', { hasText: 'name?' }).waitFor();
    await delay(400);
    expect(await focused(page)).toContain('cm-content');
  });

  it('reads the end of its input at Ctrl+D', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await start(page, 'import sys\nprint(len(sys.stdin.read()), "characters")');
    await typed(page).fill('half a line');
    await typed(page).press('Control+d');
    await ended(page, 'Finished');
    expect(await output(page).innerText()).toContain('11 characters\n');
  });

  it.each([
    ['Caps Lock', 'D'],
    ['another script', 'в'],
  ])('reads it with %s, too', async (_what, key) => {
    await using visited = await site.visit();
    const { page } = visited;
    await start(page, 'import sys\nprint(len(sys.stdin.read()), "characters")');
    await typed(page).fill('half a line');
    const keys = await page.context().newCDPSession(page);
    const pressed = { modifiers: 2, key, code: 'KeyD', windowsVirtualKeyCode: 68 }; // Ctrl
    await keys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...pressed });
    await keys.send('Input.dispatchKeyEvent', { type: 'keyUp', ...pressed });
    await ended(page, 'Finished');
    expect(await output(page).innerText()).toContain('11 characters\n');
  });

  it('that was not answered leaves the keys where they were', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await write(page, 'import time\nfor _ in range(3):\n    print(".", end="")\n    time.sleep(0.5)');
    await page.keyboard.press('Control+Enter');
    await until(async () => ((await focused(page)) === 'typed' ? true : undefined), 'focus');
    await ended(page, 'Finished');
    expect(await focused(page)).toContain('cm-content');
  });

  it('gets each line of what is pasted', async () => {
    await using visited = await site.visit('/', { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = visited;
    await start(page, 'print(int(input()) + int(input()) + int(input()))');
    await typed(page).waitFor();
    await page.evaluate('navigator.clipboard.writeText("1\\r\\n2\\n3")');
    await typed(page).press('Control+v');
    await typed(page).press('Enter');
    await ended(page, 'Finished');
    expect(await output(page).innerText()).toBe('1\n2\n3\n6\n');
  });

  it('gets what was given beforehand, and then the end', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await giveInput(page, 'a\nb');
    await runToEnd(page, 'import sys\nprint(sys.stdin.readlines())');
    expect(await output(page).innerText()).toBe("['a\\n', 'b']\n");
  });
});

describe('Stop', () => {
  it('interrupts the program, so that it says where it was', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await start(page, 'print("begun")\nwhile True:\n    pass');
    await page.locator('#output', { hasText: 'begun' }).waitFor();
    await button(page, 'Stop').click();
    await ended(page, /^Stopped by you after/);
    expect(await output(page).innerText()).toMatch(/begun\n[^]*KeyboardInterrupt\n$/);
    expect(await page.locator('.cm-marked-line').count()).toBe(1);
    expect(await button(page, 'Stop').isDisabled()).toBe(true);
    expect(await focused(page)).toBe('run'); // the keyboard is not left nowhere
  });

  it('kills a program that does not heed it', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await start(
      page,
      'import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint("begun")\nwhile True: pass',
    );
    await page.locator('#output', { hasText: 'begun' }).waitFor();
    const before = Date.now();
    await button(page, 'Stop').click();
    await ended(page, /^Stopped by you after/);
    expect(Date.now() - before).toBeLessThan(3000);
  });
});

it('a link that is damaged takes nothing from the program that runs', async () => {
  await using visited = await site.visit();
  const { page } = visited;
  await start(page, 'import time\nprint("begun")\ntime.sleep(1.5)');
  await page.locator('#output', { hasText: 'begun' }).waitFor();
  await page.evaluate("location.hash = '#code=x'");
  await page.getByText('The link is damaged').waitFor();
  await page.locator('#verdict', { hasText: 'Running' }).waitFor();
  await ended(page, 'Finished');
  expect(await output(page).innerText()).toBe('begun\n');
});

it('Run, while a program runs, puts the new one in its place', async () => {
  await using visited = await site.visit();
  const { page } = visited;
  await start(page, 'while True: print("the old one")');
  await page.locator('#output', { hasText: 'old' }).waitFor();
  await runToEnd(page, 'print("the new one")');
  expect(await output(page).innerText()).toBe('the new one\n');
  await until(
    async () =>
      (await (await fetch(`${site.server.url}/metrics`)).text()).includes('state="running"} 0')
        ? true
        : undefined,
    'end of the old one',
  );
});
