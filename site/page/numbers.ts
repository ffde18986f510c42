/** Numbers as a learner reads them: a few digits, and more where a difference hides behind them. */

export function digits(value: number, count = 6): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  return String(Number(value.toPrecision(count)));
}

/** Two numbers that differ, with as many digits as it takes to see that they do. */
export function pair(one: number, other: number): [string, string] {
  for (const count of [6, 9, 12]) {
    if (digits(one, count) !== digits(other, count)) {
      return [digits(one, count), digits(other, count)];
    }
  }
  return [digits(one, 17), digits(other, 17)];
}
