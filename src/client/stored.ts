/**
 * What the browser keeps for the next visit. Where it keeps nothing, in a private window or a frame, or has no room left,
 * it is kept until the page goes.
 */
export function stored(name: string, storage: 'localStorage' | 'sessionStorage' = 'localStorage') {
  const key = `katabox.${name}`;
  let unkept: { readonly value: string | null } | null = null;
  return {
    read(): string | null {
      if (unkept) return unkept.value;
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
        unkept = null;
      } catch {
        unkept = { value };
      }
    },
  };
}
