export interface EndFollower {
  /** To be called when the content has changed. */
  readonly pin: () => void;
  /** Follows again, whatever the user wanted of what was there before. */
  readonly restart: () => void;
}

/** Who is so near the end wants to see what comes next. */
const NEAR_END_PX = 16;
/** What scrolls so soon after something that the user did was the user. */
const USER_MS = 1000;
/** What scrolls so soon after content has come, and was not the user, is the browser: it had thought it higher or lower. */
const SETTLE_MS = 500;

/** Keeps the end of an element's content in view, until the user scrolls up; and again when he comes back to the end. */
export function followEnd(element: HTMLElement): EndFollower {
  let follows = true;
  let actedAt = -USER_MS;
  let changedAt = -SETTLE_MS;

  function pin(): void {
    if (follows) element.scrollTop = element.scrollHeight;
  }

  for (const type of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
    element.addEventListener(type, ({ timeStamp }) => (actedAt = timeStamp), { passive: true });
  }
  element.addEventListener('scroll', ({ timeStamp }) => {
    const { scrollHeight, scrollTop, clientHeight } = element;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) follows = true;
    else if (timeStamp - actedAt < USER_MS || timeStamp - changedAt > SETTLE_MS) follows = false;
    else requestAnimationFrame(pin);
  });
  new ResizeObserver(pin).observe(element); // the input line below it comes and goes
  return {
    pin() {
      changedAt = performance.now();
      pin();
      requestAnimationFrame(pin); // by then it has been laid out
    },
    restart() {
      follows = true;
      actedAt = -USER_MS;
    },
  };
}
