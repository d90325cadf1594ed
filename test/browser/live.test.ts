import { describe, expect, it } from 'vitest';
import { ended, output, program, runToEnd, serverAndBrowser, start, verdict } from './page.ts';

const site = serverAndBrowser({ RUN_WALL_MS: '6000' });

describe('output', () => {
  it('is shown as it comes, with the time, and which stream it came from', async () => {
    await using visited = await site.visit();
    const { page, complaints } = visited;
    const source =
      'import sys, time\nprint("first")\ntime.sleep(2)\nprint("second", file=sys.stderr)\ntime.sleep(.2)\nprint("third")';
    await start(page, source);
    await page.locator('#output', { hasText: 'first' }).waitFor();
    await page.locator('#verdict', { hasText: /^Running… [12] s of at most 6 s$/ }).waitFor();
    expect(await output(page).innerText()).toBe('first\n');
    await ended(page, 'Finished');
    expect(await output(page).innerText()).toBe('first\nsecond\nthird\n');
    expect(await page.locator('#output .stderr').innerText()).toBe('second\n');
    expect(complaints).toEqual([]);
  });

  it('has its colours, and nothing else that a terminal would do', async () => {
    await using visited = await site.visit();
    const { page, complaints } = visited;
    await runToEnd(
      page,
      String.raw`print("\x1b[1;31mred\x1b[0m plain \x1b[2J\x1b[5;5H\x1b]0;title\x07\x1b]8;;javascript:alert(1)\x1b\\link\x1b]8;;\x1b\\\x1b[48;2;1;2;3mback\x1b[m")`,
    );
    expect(await output(page).innerText()).toBe('red plain linkback\n');
    const red = page.locator('#output .bold');
    expect(await red.innerText()).toBe('red');
    expect(await red.getAttribute('style')).toBe('color: var(--ansi-red);');
    expect(await page.getByText('back', { exact: true }).getAttribute('style')).toBe(
      'color: rgb(255, 255, 255); background-color: rgb(1, 2, 3);',
    );
    expect(await page.locator('#output a').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it.each([
    '<script>document.title="owned"</script>',
    '</textarea></pre><img src=x onerror=alert(1)>',
    '<b>&amp;',
  ])('is text, whatever is in it: %s', async (hostile) => {
    await using visited = await site.visit();
    const { page, complaints } = visited;
    await runToEnd(
      page,
      `import sys\nprint(${JSON.stringify(hostile)})\nprint(${JSON.stringify(hostile)}, file=sys.stderr)`,
    );
    const lines = (await output(page).innerText()).split('\n');
    expect(lines).toEqual([hostile, hostile, '']);
    expect(await page.title()).toBe('Katabox');
    expect(await page.locator('#output :not(span)').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('is followed to its end, until the user scrolls up', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    const fromEnd = () =>
      page.evaluate<number>(
        '(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(document.getElementById("output"))',
      );
    const source =
      'import time\nfor i in range(6000):\n    print("line", i)\n    if i % 40 == 0: time.sleep(0.01)';
    await start(page, source);
    for (const line of ['line 2000', 'line 4000']) {
      await page.locator('#output', { hasText: line }).waitFor();
      await expect.poll(fromEnd).toBeLessThan(200); // between two frames it may be more
    }
    await ended(page, 'Finished');
    await expect.poll(fromEnd).toBeLessThan(2);
    await start(page, source);
    await page.locator('#output', { hasText: 'line 2000' }).waitFor();
    await output(page).hover();
    await page.mouse.wheel(0, -3000);
    await ended(page, 'Finished');
    expect(await fromEnd()).toBeGreaterThan(3000);
  });

  it.each([
    ['short lines', 'import sys\nsys.stdout.write("0123456\\n" * 131072)', 500],
    ['one line', 'import sys\nsys.stdout.write("x" * 1048575 + "\\n")', 500],
    ['many colours', 'import sys\nsys.stdout.write("\\x1b[31mred\\x1b[m.\\n" * 80659)', 500],
    ['many colours and one line', 'import sys\nsys.stdout.write("\\x1b[31mxx\\x1b[42myy" * 74898)', 500],
    ['one character, of many accents', 'import sys\nsys.stdout.write("a" + "\\u0301" * 524_000)', 2000], // unreadable, at least it ends
  ])('of 1 MiB in %s leaves the page responsive', async (_what, source, longestMs) => {
    await using visited = await site.visit();
    const { page } = visited;
    await page.evaluate(`
      window.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
      }).observe({ type: 'longtask' });
    `);
    await runToEnd(page, source);
    await ended(page, 'Finished');
    const shown = (await page.evaluate<string>('document.getElementById("output").textContent')).length;
    expect(shown).toBeGreaterThan(299_000);
    const before = Date.now();
    await program(page).press('End');
    await page.keyboard.type('#');
    expect(Date.now() - before).toBeLessThan(1000);
    expect(await page.evaluate<number>('window.longest')).toBeLessThan(longestMs);
  });

  it('is laid out line by line, however many pieces it is of', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await runToEnd(
      page,
      'for y in range(40): print("".join(f"\\x1b[48;2;{x};{y};99m " for x in range(60)) + "\\x1b[0m")',
    );
    const blocks = await page.locator('#output .block').allTextContents();
    expect(blocks.length).toBeGreaterThan(2);
    for (const text of blocks) expect(text).toMatch(/\n$/);
  });

  it('of stderr has its bar from the first line that is its own', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await runToEnd(page, 'print("working...", end="")\nimport time\ntime.sleep(0.1)\n1/0');
    const [first, rest] = await page.locator('#output .stderr').allTextContents();
    expect(first).toBe('Traceback (most recent call last):\n');
    expect(rest).toMatch(/ZeroDivisionError: division by zero\n$/);
    expect(await page.locator('#output .stderr:not([data-amid-line])').count()).toBe(1);
    await runToEnd(page, 'import sys\nfor i in range(2000): print("line", i, file=sys.stderr)');
    await page.evaluate('document.getElementById("output").scrollTo(0, 0)');
    await page.mouse.move(0, 0);
    const { x, y } = (await output(page).boundingBox())!;
    const beside = { clip: { x: x + 2, y: y + 20, width: 9, height: 40 } };
    const bar = await page.screenshot(beside);
    await page.evaluate(
      "for (const { style } of document.querySelectorAll('.stderr')) style.boxShadow = 'none'",
    );
    expect(bar.equals(await page.screenshot(beside))).toBe(false);
  });

  it('is what the program wrote, not what was typed', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await start(page, 'input()');
    await page.getByLabel('Your input').fill('typed');
    await page.getByLabel('Your input').press('Enter');
    await ended(page, 'Finished');
    expect(await page.getByText('It printed nothing.').isVisible()).toBe(true);
  });

  it('is copied as it was written, however it is laid out', async () => {
    await using visited = await site.visit('/', { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = visited;
    await runToEnd(page, 'print("x" * 100_000)\nfor i in range(9000): print(i)');
    await output(page).click();
    await page.evaluate('getSelection().selectAllChildren(document.getElementById("output"))');
    await page.keyboard.press('Control+c');
    const lines = (await page.evaluate<string>('navigator.clipboard.readText()')).split('\n');
    expect(lines).toEqual(['x'.repeat(100_000), ...Array.from({ length: 9000 }, (_, i) => String(i)), '']);
    expect(await page.locator('#output .block').count()).toBeGreaterThan(2);
    await page.evaluate('getSelection().collapseToStart()');
    await page.keyboard.press('Control+c'); // as one interrupts elsewhere: nothing is copied
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toMatch(/^x+\n0\n/);
    await runToEnd(page, 'print("one")');
    await page.evaluate(
      'getSelection().setBaseAndExtent(document.getElementById("output"), 0, document.getElementById("verdict"), 1)',
    );
    await page.keyboard.press('Control+c');
    const more = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(more).toMatch(/^one\s+Finished in/); // and nothing that is hidden
  });

  it('could not become markup, were there a script that tried', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    const markup = '<img src=x onerror=alert(1)>';
    await expect(page.evaluate(`document.body.innerHTML = '${markup}'`)).rejects.toThrow(/TrustedHTML/);
    await expect(page.evaluate('setTimeout("alert(1)")')).rejects.toThrow(/TrustedScript|Content Security/);
    expect(await page.locator('img').count()).toBe(0);
  });

  it('over its cap is cut, and says so', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await runToEnd(page, 'while True: print("x" * 99)');
    expect(await verdict(page).innerText()).toMatch(
      /^Stopped after .*: too much output \(partial output above\)/,
    );
    expect(await page.locator('#message').innerText()).toBe(
      'Stopped: it wrote more to stdout than the limit of 1 MB.',
    );
  });
});
