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

async function pullImage(docker: Docker, image: string): Promise<void> {
  try {
    const progress = await docker.pull(image);
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    throw toUnavailable(`pull the image ${image}`, error);
  }
}
