import { setTimeout as delay } from 'node:timers/promises';
import { isGone, toUnavailable } from './docker-errors.ts';

/** What of dockerode's Container is needed here. */
export interface Removable {
  remove(options: { force: boolean; v: boolean }): Promise<unknown>;
}

const ATTEMPTS = 4;
const PAUSE_MS = 100;

/**
 * Removes a container, in whatever state, with its anonymous volumes; one that is gone already is as good.
 *
 * More than one attempt: if the container ends by itself in the very moment in which the engine is to kill it, the
 * removal fails with a 500, while AutoRemove has left it to that removal (Docker 20.10, one in some thousand runs).
 * @throws SandboxUnavailableError when the engine would not, at the last attempt.
 */
export async function removeContainer(container: Removable): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await container.remove({ force: true, v: true });
      return;
    } catch (error) {
      if (isGone(error)) return;
      if (attempt === ATTEMPTS) throw toUnavailable('remove a sandbox', error);
      await delay(PAUSE_MS);
    }
  }
}
