import { describe, expect, it } from 'vitest';
import { ended, program, runToEnd, serverAndBrowser, start, verdict } from './page.ts';

const site = serverAndBrowser();

describe('a traceback', () => {
  it('marks the line where it failed and leads to each line it names', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await runToEnd(page, 'def f(x):\n    return 1 / x\n\n\nf(0)');
    expect(await verdict(page).innerText()).toMatch(/^Exited with code 1 after/);
    expect(await page.locator('.cm-marked-line').innerText()).toBe('    return 1 / x');
    const links = page.locator('#output a');
    expect(await links.allInnerTexts()).toEqual([
      'File "/box/main.py", line 5',
      'File "/box/main.py", line 2',
    ]);
    await links.first().click();
    expect(await page.locator('.cm-activeLine').innerText()).toBe('f(0)');
    await page.keyboard.type('#');
    expect(await page.locator('.cm-marked-line').count()).toBe(0);
    await start(page, 'import time\ntime.sleep(0.7)\n1/0');
    await program(page).press('Control+Home');
    await page.keyboard.type('# a line more\n');
    await ended(page, 'Exited');
    expect(await page.locator('.cm-marked-line').count()).toBe(0); // it would be another
    await runToEnd(page, 'print(1)');
    expect(await page.locator('.cm-marked-line').count()).toBe(0);
  });

  it('of a program that went well marks nothing', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await runToEnd(page, 'import warnings\nwarnings.warn("careful")');
    await ended(page, 'Finished');
    expect(await page.locator('#output a').count()).toBe(1);
    expect(await page.locator('.cm-marked-line').count()).toBe(0);
  });

  it.each([
    ['a syntax error', 'x = 1\nif x\n    pass', 'if x'],
    ['a program within the program', 'x = 1\n\nexec("1/0")', 'exec("1/0")'],
    ['an exception in a library', 'import json\n\njson.loads("{")', 'json.loads("{")'],
  ])('of %s marks the line of the program', async (_what, source, line) => {
    await using visited = await site.visit();
    const { page } = visited;
    await runToEnd(page, source);
    expect(await page.locator('.cm-marked-line').innerText()).toBe(line);
  });
});
