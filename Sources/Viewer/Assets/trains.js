// Figures of trains that the pages draw; nothing here touches the page.

// Instantaneous rates in Hz: one for each discharge but the first.
export const rates = (times, samplingRate) =>
  times.slice(1).map((time, index) => ({ time, rate: samplingRate / (time - times[index]) }));

// The discharge nearest to a time, if one is within reach.
export function nearest(times, time, reach) {
  const found = times.reduce((best, one) =>
    Math.abs(one - time) < Math.abs((best ?? Infinity) - time) ? one : best, undefined);
  return found !== undefined && Math.abs(found - time) <= reach ? found : undefined;
}

// Differences along the columns of a grid: once for the single, twice for the double differential.
export function derived(waveforms, rounds) {
  let shown = waveforms;
  for (let round = 0; round < rounds; round++) {
    const at = new Map(shown.map((one) => [`${one.row},${one.column}`, one]));
    shown = shown.flatMap((one) => {
      const next = at.get(`${one.row + 1},${one.column}`);
      return next ? [{ row: one.row, column: one.column,
        values: one.values.map((value, index) => next.values[index] - value) }] : [];
    });
  }
  return shown;
}

// Lowest and highest value of each of some columns of a stretch of values.
export function envelope(values, first, last, columns) {
  const step = Math.max(1, (last - first) / columns), result = [];
  for (let from = first; from < last; from += step) {
    let low = Infinity, high = -Infinity;
    for (let index = Math.floor(from); index < Math.min(last, from + step); index++) {
      low = Math.min(low, values[index]); high = Math.max(high, values[index]);
    }
    result.push({ from, low, high });
  }
  return result;
}

// A change since the automatic result, with its sign; empty where it is none.
export function change(now, before, digits) {
  if (now === undefined || now === null || before === undefined || before === null) return "";
  const by = now - before, text = Math.abs(by).toFixed(digits);
  return Number(text) === 0 ? "" : ` (${by > 0 ? "+" : "−"}${text})`;
}
