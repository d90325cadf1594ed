import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { z } from 'zod';

/** For `die`, which the engine records at about the time at which it closes the streams. */
const PATIENCE_MS = 1000;

/** Of what the engine records (Docker Engine API, "Monitor events"), that which tells how a container's end came about. */
const event = z.discriminatedUnion('Action', [
  z.object({ Action: z.literal('kill'), Actor: z.object({ Attributes: z.object({ signal: z.string() }) }) }),
  z.object({ Action: z.literal('die'), Actor: z.object({ Attributes: z.object({ exitCode: z.string() }) }) }),
]);

const SIGKILL = '9';
const ENDED_BY_SIGKILL = '137';

/**
 * Whether a container that has just ended was ended by the kernel, for want of memory: nothing in a container can send
 * SIGKILL to its PID 1, and the engine records when it does so itself. Its own `oom` is no evidence: it comes for any
 * process of the container, and now and then it does not come at all. Asks for what was recorded lately
 * (`GET /events`), since the container is removed as soon as it ends. Never rejects: who cannot be asked has seen nothing.
 */
export async function ranOutOfMemory(
  docker: Pick<Docker, 'getEvents'>,
  containerId: string,
): Promise<boolean> {
  const tooLate = delay(PATIENCE_MS, false, { ref: false });
  try {
    const events = (await docker.getEvents({
      since: 1, // the epoch, nearly: 0 would leave out what is past
      filters: { container: [containerId], event: ['kill', 'die'] },
    })) as Readable;
    return await Promise.race([wasEndedByKernel(events), tooLate]).finally(() => events.destroy());
  } catch {
    return false;
  }
}

async function wasEndedByKernel(events: Readable): Promise<boolean> {
  for await (const line of createInterface(events)) {
    const { Action, Actor } = event.parse(JSON.parse(line));
    if (Action === 'die') return Actor.Attributes.exitCode === ENDED_BY_SIGKILL;
    if (Actor.Attributes.signal === SIGKILL) return false;
  }
  return false;
}
