import type Docker from 'dockerode';
import { labels } from './container-options.ts';
import { removeContainer } from './remove-container.ts';

/** What the engine's list says of a container; `Created` in epoch seconds. */
export interface ListedContainer {
  readonly Id: string;
  readonly State: string;
  readonly Created: number;
  readonly Labels: Readonly<Record<string, string>>;
}

/** Creating and starting take well under a second; what sits between the two for a minute was abandoned. */
const ABANDONED_AFTER_MS = 60_000;

/**
 * Whether a sandbox, whoever made it, is one that nobody will come back for: past its deadline, or not running for a
 * minute. Its owner may be a server that was killed, so the rule holds without asking any.
 */
export function isStale({ State, Created, Labels }: ListedContainer, nowMs: number): boolean {
  const deadline = Number(Labels[labels.deadline]);
  if (!(nowMs <= deadline)) return true;
  return State !== 'running' && nowMs - Created * 1000 > ABANDONED_AFTER_MS;
}

/**
 * Removes stale sandboxes of this and of earlier servers: what `StdinOnce` and `AutoRemove` cannot cover.
 * Resolves with how many it removed.
 */
export async function sweep(docker: Docker, nowMs: number): Promise<number> {
  const listed = await docker.listContainers({ all: true, filters: { label: [labels.owner] } });
  const stale = listed.filter((container) => isStale(container, nowMs));
  await Promise.all(stale.map(({ Id }) => removeContainer(docker.getContainer(Id))));
  return stale.length;
}
