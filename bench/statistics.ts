/** What is told of a series of measurements, in their unit. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
}

/** @throws RangeError when nothing was measured. */
export function summarize(samples: readonly number[]): Summary {
  return { count: samples.length, median: quantile(samples, 0.5), p95: quantile(samples, 0.95) };
}

/**
 * The sample below which a share `q` of them lies, interpolated between its two neighbours: "type 7" of Hyndman and Fan,
 * Sample Quantiles in Statistical Packages, 1996, as in R, NumPy and spreadsheets.
 */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (below === undefined || above === undefined) throw new RangeError('Nothing was measured');
  return below + (above - below) * (at - Math.floor(at));
}

export function meanOf(samples: readonly number[]): number {
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
}
