import { expect, it, vi } from 'vitest';
import { SandboxUnavailableError } from '../../../src/run/runner.ts';
import { removeContainer } from '../../../src/sandbox/remove-container.ts';

const answer = (statusCode: number) => Object.assign(new Error('no'), { statusCode });

/** A container whose removal fails with each of the errors in turn and then succeeds. */
const containerThatFails = (...errors: Error[]) => {
  const remove = vi.fn<() => Promise<void>>();
  for (const error of errors) remove.mockRejectedValueOnce(error);
  return { remove };
};

it('asks the engine to kill what runs and to take its volumes with it', async () => {
  const container = containerThatFails();
  await removeContainer(container);
  expect(container.remove.mock.calls).toEqual([[{ force: true, v: true }]]);
});

it.each([404, 409])('is content with a container that is gone or just going (%d)', async (statusCode) => {
  const container = containerThatFails(answer(statusCode));
  await removeContainer(container);
  expect(container.remove).toHaveBeenCalledTimes(1);
});

it('tries again when the container ended while the engine was to kill it', async () => {
  const container = containerThatFails(answer(500), answer(500));
  await removeContainer(container);
  expect(container.remove).toHaveBeenCalledTimes(3);
});

it('gives up in the end, with the cause', async () => {
  const cause = answer(500);
  const container = containerThatFails(cause, cause, cause, cause, cause);
  const error: unknown = await removeContainer(container).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SandboxUnavailableError);
  expect(error).toHaveProperty('cause', cause);
  expect(container.remove).toHaveBeenCalledTimes(4);
});
