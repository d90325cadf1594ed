import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';

/** For `die`, which the engine records at about the time at which it closes the streams. */
const PATIENCE_MS = 1000;

/**
 * Whether a container that has just ended ran out of memory. Asks the engine's own record of what happened lately
 * (`GET /events`), since the container is removed as soon as it ends. Never rejects: who cannot be asked has seen nothing.
 */
export async function ranOutOfMemory(
  docker: Pick<Docker, 'getEvents'>,
  containerId: string,
): Promise<boolean> {
  try {
    const events = (await docker.getEvents({
      since: 1, // the epoch, nearly: 0 would leave out what is past
      filters: { container: [containerId], event: ['oom', 'die'] },
    })) as Readable;
    const tooLate = delay(PATIENCE_MS, undefined, { ref: false }).then(() => events.destroy());
    return await Promise.race([untilDeath(events), tooLate.then(() => false)]);
  } catch {
    return false;
  }
}

async function untilDeath(events: Readable): Promise<boolean> {
  let text = '';
  for await (const chunk of events.setEncoding('utf8')) {
    text += chunk;
    if (text.includes('"Action":"oom"')) return true;
    if (text.includes('"Action":"die"')) return false;
  }
  return false;
}
