import { stored } from './stored.ts';

const [MIN_PERCENT, MAX_PERCENT, START_PERCENT, STEP_PERCENT] = [20, 80, 50, 2];

/** Lets the user choose how wide the left pane is, with a pointer or with the arrow keys. */
export function connectDivider(divider: HTMLElement, panes: HTMLElement): void {
  const kept = stored('divider');
  let percent = START_PERCENT;

  function moveTo(wanted: number): void {
    percent = Math.min(Math.max(wanted, MIN_PERCENT), MAX_PERCENT);
    panes.style.setProperty('--left', `${percent}%`);
    divider.setAttribute('aria-valuenow', String(Math.round(percent)));
  }

  divider.hidden = false;
  divider.setAttribute('aria-valuemin', String(MIN_PERCENT));
  divider.setAttribute('aria-valuemax', String(MAX_PERCENT));
  moveTo(Number(kept.read() ?? START_PERCENT) || START_PERCENT);

  divider.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    divider.setPointerCapture(event.pointerId);
    divider.focus();
  });
  divider.addEventListener('pointermove', (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const { left, width } = panes.getBoundingClientRect();
    moveTo(((event.clientX - left) / width) * 100);
  });
  divider.addEventListener('lostpointercapture', () => kept.write(String(percent)));
  divider.addEventListener('dblclick', () => {
    moveTo(START_PERCENT);
    kept.write(null);
  });
  divider.addEventListener('keydown', ({ key }) => {
    const steps: Record<string, number> = {
      ArrowLeft: percent - STEP_PERCENT,
      ArrowRight: percent + STEP_PERCENT,
      Home: MIN_PERCENT,
      End: MAX_PERCENT,
    };
    const wanted = steps[key];
    if (wanted === undefined) return;
    moveTo(wanted);
    kept.write(String(percent));
  });
}
