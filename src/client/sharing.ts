import { formatBytes } from '../run/wording.ts';
import { copyText } from './clipboard.ts';
import { curlCommand } from './curl-command.ts';
import { element } from './element.ts';
import { isSame, type Program } from './program.ts';
import { fromFragment, ShareLinkError, toFragment } from './share-link.ts';

/** Many programs cut a link that is longer, in characters. */
const LONG_LINK = 8 * 1024;
/** How long it is said that something was copied. */
const NOTICE_MS = 4_000;

export interface SharingOptions {
  readonly current: () => Program;
  readonly onShared: (program: Program) => void;
  readonly onProblem: (message: string) => void;
}

export interface Sharing {
  /** Hands the program in the address, if there is one, to `onShared`. */
  readonly open: () => Promise<void>;
  /** The program is not any more the one that the address names, or was sent to: a reload is not to bring that back. */
  readonly changed: () => void;
}

/** Programs to pass on: as a link, and as a command. */
export function createSharing({ current, onShared, onProblem }: SharingOptions): Sharing {
  async function open(): Promise<void> {
    const { hash } = location;
    try {
      const program = await fromFragment(hash);
      if (program && location.hash === hash) onShared(program); // not if another has been followed meanwhile
    } catch (error) {
      if (!(error instanceof ShareLinkError)) throw error;
      onProblem(error.message);
    }
  }

  const setAddress = (url = '/') => history.replaceState(null, '', url);

  async function copyLink(): Promise<string> {
    const program = current();
    const link = toFragment(program).then((fragment) => `${location.origin}/${fragment}`);
    const copied = await copyText(link);
    if (!copied || isSame(program, current())) setAddress(await link); // or else it is another's by now
    if (!copied) return 'The link is in the address bar';
    const { length } = await link;
    return length > LONG_LINK ? `Link copied; it is ${formatBytes(length)} long` : 'Link copied';
  }

  async function copyCurl(): Promise<string> {
    const copied = await copyText(Promise.resolve(curlCommand(current(), location.origin)));
    return copied ? 'Command copied' : 'Your browser does not let us copy';
  }

  if (document.getElementById('notice')) {
    connectButton('share', copyLink);
    connectButton('curl', copyCurl);
  }
  window.addEventListener('hashchange', () => void open());
  return {
    open,
    changed() {
      if (location.pathname + location.search + location.hash !== '/') setAddress();
    },
  };
}

function connectButton(id: string, act: () => Promise<string>): void {
  const [button, notice] = [element(id), element('notice')];
  button.hidden = false;
  button.addEventListener('click', () => {
    void act()
      .catch(() => 'Your browser is too old for that')
      .then((said) => {
        notice.textContent = said;
        setTimeout(() => {
          if (notice.textContent === said) notice.textContent = '';
        }, NOTICE_MS);
      });
  });
}
