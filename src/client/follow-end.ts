export interface EndFollower {
  /** To be called when the content has changed. */
  readonly pin: () => void;
  /** Follows again, whatever the user wanted of what was there before. */
  readonly restart: () => void;
}

/** Who is so near the end wants to see what comes next. */
const NEAR_END_PX = 16;

/** Keeps the end of an element's content in view, until the user scrolls up; and again when he comes back to the end. */
export function followEnd(element: HTMLElement): EndFollower {
  let follows = true;
  let lastTop = 0;

  function pin(): void {
    if (follows) element.scrollTop = element.scrollHeight;
    lastTop = element.scrollTop;
  }

  element.addEventListener('scroll', () => {
    const { scrollHeight, scrollTop, clientHeight } = element;
    // The end may also move away by itself, when what has not been laid out yet turns out to be higher than thought.
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) follows = true;
    else if (scrollTop < lastTop) follows = false;
    lastTop = scrollTop;
  });
  new ResizeObserver(pin).observe(element); // the input line below it comes and goes
  return {
    pin() {
      pin();
      requestAnimationFrame(pin); // by then it has been laid out
    },
    restart() {
      follows = true;
    },
  };
}
