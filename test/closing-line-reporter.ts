import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

/**
 * Ends the output with one line that a script can read: `N passed, N failed`, and `, N skipped` if any were.
 * A file that does not load, a hook that fails, an error outside of every test and a test that was never finished all
 * count as failed, and so does a run without tests: none of them may read as green.
 */
export default class ClosingLineReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const { states, errors } of modules.map(partsOf)) {
      counts.failed += errors;
      for (const state of states) counts[state] += 1;
    }
    if (counts.passed + counts.failed + counts.skipped === 0) counts.failed = 1;
    const { passed, failed, skipped } = counts;
    const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    this.#vitest?.logger.log(line);
  }
}

function partsOf(module: TestModule) {
  const states = [...module.children.allTests()].map((test) => test.result().state);
  const broken = [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0);
  return { states: states.map((state) => (state === 'pending' ? 'failed' : state)), errors: broken.length };
}
