/** What the browser keeps for the next visit. Where it keeps nothing, in a private window or a frame, nothing is missed. */
export function stored(name: string, storage: 'localStorage' | 'sessionStorage' = 'localStorage') {
  const key = `katabox.${name}`;
  return {
    read(): string | null {
      try {
        return window[storage].getItem(key);
      } catch {
        return null;
      }
    },
    /** Null forgets it. */
    write(value: string | null): void {
      try {
        if (value === null) window[storage].removeItem(key);
        else window[storage].setItem(key, value);
      } catch {
        // Full, or forbidden.
      }
    },
  };
}
