import { describe, expect, it } from 'vitest';
import { until } from '../server.ts';
import { button, output, program, programText, runToEnd, serverAndBrowser, verdict, write } from './page.ts';

const site = serverAndBrowser();

describe('the editor', () => {
  it('runs what is typed, by the button and by Ctrl+Enter, and breaks no policy', async () => {
    await using visited = await site.visit();
    const { page, complaints } = visited;
    await runToEnd(page, 'print("héllo", 1 < 2)');
    expect(await output(page).innerText()).toBe('héllo True\n');
    expect(await verdict(page).innerText()).toMatch(/^Finished in \d+ ms · \d+ MB$/);
    await write(page, 'print("again")');
    await program(page).press('Control+Enter');
    await until(async () => ((await output(page).innerText()) === 'again\n' ? true : undefined), 'output');
    expect(await programText(page)).toBe('print("again")');
    expect(page.url()).toBe(`${site.server.url}/`);
    expect(complaints).toEqual([]);
  });

  it('knows Python: it colours, indents and closes brackets', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await write(page, '');
    await program(page).pressSequentially('def f(x:\n');
    await program(page).press('ArrowDown');
    expect(await page.locator('.tok-keyword').first().innerText()).toBe('def');
    await write(page, '');
    await program(page).pressSequentially('if True:\nprint("a');
    expect(await programText(page)).toBe('if True:\n    print("a")');
    expect(await page.locator('.cm-lineNumbers .cm-gutterElement').last().innerText()).toBe('2');
  });

  it('finds, and has several cursors', async () => {
    await using visited = await site.visit();
    const { page, complaints } = visited;
    await write(page, 'cat = 1\nprint(cat, cat)');
    await program(page).press('Control+Home');
    for (let times = 0; times < 3; times += 1) await program(page).press('Control+d');
    await page.keyboard.type('dog');
    expect(await programText(page)).toBe('dog = 1\nprint(dog, dog)');
    await page.keyboard.press('Control+f');
    await page.getByPlaceholder('Find').pressSequentially('print');
    expect(await page.locator('.cm-searchMatch').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('indents by Tab, and lets who has only keys out by Escape', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await write(page, 'x');
    await program(page).press('Home');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await programText(page)).toBe('    x');
    const focused = () => page.evaluate<string>('document.activeElement.className');
    expect(await focused()).toContain('cm-content');
    expect(await page.evaluate("getComputedStyle(document.getElementById('escape-hatch')).opacity")).toBe(
      '1',
    );
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await focused()).not.toContain('cm-content');
    expect(await programText(page)).toBe('    x');
  });
});

it.each([
  ['fizzbuzz', 'Finished'],
  ['traceback', 'Exited with code 1'],
  ['mandelbrot', 'Finished'],
  ['primes', 'it ran too long'],
])('the example %s ends as it promises', async (name, ending) => {
  await using visited = await site.visit(`/?example=${name}`);
  const { page } = visited;
  await button(page, 'Run').click();
  await page.locator('#verdict', { hasText: ending }).waitFor({ timeout: 20_000 });
  expect(await output(page).innerText()).not.toBe('');
});
