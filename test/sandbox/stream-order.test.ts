import { expect, it } from 'vitest';
import { outputText, type OutputChunk } from '../../src/run/result.ts';
import { runRequest } from '../run-result.ts';
import { createTestRunner } from './engine.ts';

const request = runRequest({ program: { source: 'print("Fruit salad:", 1.75)\nprint("x")\n1/0' } });

// Unmended, every other run has its traceback too early.
it.each(['collected', 'live'])(
  'a traceback stands behind what was printed before it, in each of 30 runs, %s',
  async (how) => {
    await using sandbox = createTestRunner({ poolSize: 3 });
    const runs = Array.from({ length: 30 }, async () => {
      const chunks: OutputChunk[] = [];
      const onOutput = (chunk: OutputChunk) => void chunks.push(chunk);
      const { output } = await sandbox.runner.run(request, how === 'live' ? { onOutput } : {});
      return outputText(how === 'live' ? chunks : output);
    });
    for (const text of await Promise.all(runs)) {
      expect(text).toMatch(/^Fruit salad: 1\.75\nx\nTraceback [^]*ZeroDivisionError: division by zero\n$/);
    }
  },
);
