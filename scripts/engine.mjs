// What setup.sh asks of the engine, by the client and the configuration that the server itself uses.
import Docker from 'dockerode';
import { parseConfig } from '../dist/config.js';
import { ensureImage } from '../dist/sandbox/images.js';

const { SANDBOX_IMAGE: image } = parseConfig(process.env);
const docker = new Docker();

/** `ready`, or what is missing: `no-engine` or `no-image`. */
async function status() {
  try {
    await docker.getImage(image).inspect();
    return 'ready';
  } catch (error) {
    return error.statusCode === 404 ? 'no-image' : 'no-engine';
  }
}

/** `pulled`, `no-registry` when none can be reached, or the registry's refusal. */
async function pull() {
  try {
    await ensureImage(docker, image);
    return 'pulled';
  } catch ({ message, cause }) {
    const refused = [401, 403, 404].includes(cause?.statusCode);
    return refused ? `${message}: ${cause.message}` : 'no-registry';
  }
}

/** Reads a root file system as a tar from stdin. */
async function importStandIn() {
  const [, repo, tag = 'latest'] = /^(.+?)(?::([^/:]+))?$/.exec(image);
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const changes = `ENV PATH=${path}\nLABEL katabox.stand-in="built from Debian packages, as no registry had ${image}"`;
  const progress = await docker.importImage(process.stdin, { repo, tag, changes });
  await new Promise((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
  });
  return `imported as ${image}`;
}

const commands = { status, pull, import: importStandIn };
console.log(await commands[process.argv[2]]());
