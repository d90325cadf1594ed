import type { Summary } from './statistics.ts';

/** A figure held against what the project promises. */
export interface Check {
  readonly what: string;
  readonly value: number;
  readonly bound: { readonly atMost: number } | { readonly atLeast: number };
}

/** One line of the table: a series of measurements or a single one. */
export interface Row {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly measured: Summary | number;
  readonly checks: readonly Check[];
}

export function isMet({ value, bound }: Check): boolean {
  return 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast;
}

/** As the table, each check with whether it is met. */
export function toJson(rows: readonly Row[]) {
  return rows.map((row) => ({
    ...row,
    checks: row.checks.map((check) => ({ ...check, met: isMet(check) })),
  }));
}

const HEAD = ['', 'measured', 'median', 'p95', 'n', 'held against', 'is', 'must be', ''];
const TO_THE_RIGHT = new Set([2, 3, 4, 6, 7]);

/** Columns of plain text; a row with several checks takes a line for each. */
export function toTable(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.flatMap(linesOf)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  const pad = (cell: string, column: number) =>
    TO_THE_RIGHT.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
  return lines.map((cells) => cells.map(pad).join('  ').trimEnd()).join('\n');
}

function linesOf({ id, what, unit, measured, checks }: Row): string[][] {
  const figures =
    typeof measured === 'number'
      ? [`${shown(measured)} ${unit}`, '', '']
      : [`${shown(measured.median)} ${unit}`, shown(measured.p95), String(measured.count)];
  const [first = ['', '', '', ''], ...others] = checks.map(cellsOf);
  const continued = ['', '', '', '', ''];
  return [[id, what, ...figures, ...first], ...others.map((cells) => continued.concat(cells))];
}

function cellsOf(check: Check): string[] {
  const { what, value, bound } = check;
  const wanted = 'atMost' in bound ? `≤ ${bound.atMost}` : `≥ ${bound.atLeast}`;
  return [what, shown(value), wanted, isMet(check) ? 'ok' : 'MISSED'];
}

/** Three figures are more than these machines can tell apart. */
function shown(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
