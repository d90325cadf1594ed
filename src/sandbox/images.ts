import type Docker from 'dockerode';
import { isNotFound, toUnavailable } from './docker-errors.ts';

/**
 * Makes sure that the engine has the image, pulling it where it has not.
 * @throws SandboxUnavailableError when the engine does not answer or no registry has the image.
 */
export async function ensureImage(docker: Docker, image: string): Promise<void> {
  try {
    await docker.getImage(image).inspect();
  } catch (error) {
    if (!isNotFound(error)) throw toUnavailable(`look for the image ${image}`, error);
    await pullImage(docker, image);
  }
}

/** A registry that cannot be reached may leave the engine waiting for ever; a slow one still shows progress. */
const PULL_SILENCE_LIMIT_MS = 60_000;

async function pullImage(docker: Docker, image: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const silent = () => reject(new Error(`no progress for ${PULL_SILENCE_LIMIT_MS} ms`));
      timer = setTimeout(silent, PULL_SILENCE_LIMIT_MS);
      docker.pull(image).then((progress) => {
        const finish = (error: Error | null) => (error ? reject(error) : resolve());
        docker.modem.followProgress(progress, finish, () => timer?.refresh());
      }, reject);
    });
  } catch (error) {
    throw toUnavailable(`pull the image ${image}`, error);
  } finally {
    clearTimeout(timer);
  }
}
