// Arithmetic of axes and of points: nothing here touches the page.

/** Round numbers from low to high, about so many. */
export function ticks(low, high, about) {
  const raw = (high - low) / Math.max(1, about), power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= raw) || raw;
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-6; at += step) found.push(Math.round(at / step) * step);
  return found;
}

const HOUR = 3_600_000, DAY = 24 * HOUR;
const STEPS = [HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 10 * DAY, 14 * DAY, 28 * DAY];

/** Moments to label between two times, on round hours and midnights of the reader's zone. */
export function timeTicks(start, end, about) {
  const step = STEPS.find((each) => (end - start) / each <= about) || 28 * DAY;
  const first = new Date(start);
  first.setHours(0, 0, 0, 0);
  const found = [];
  if (step >= DAY) {
    for (const at = first; at.getTime() <= end; at.setDate(at.getDate() + step / DAY)) found.push(at.getTime());
  } else {
    for (let at = first.getTime(); at <= end; at += step) found.push(at);
  }
  return { step, at: found.filter((each) => each >= start && each <= end) };
}

/** The range to show: all values, at least so wide, with a margin, within -1 and 1. */
export function rangeOf(values, least = 0.2) {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [-0.5, 0.5];
  const margin = Math.max((least - (high - low)) / 2, (high - low) * 0.08);
  return [Math.max(-1, Math.min(low - margin, -0.02)), Math.min(1, Math.max(high + margin, 0.02))];
}

/** Index of the point nearest in time; points ascend in `t`. */
export function nearest(points, t) {
  let low = 0, high = points.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].t < t) low = middle + 1;
    else high = middle;
  }
  return low > 0 && t - points[low - 1].t < points[low].t - t ? low - 1 : low;
}

/**
 * At most four points for each column of pixels: the first, the lowest, the highest, the last. A line through
 * them covers the same pixels as a line through all. Points without a value are kept: they are gaps.
 */
export function thinned(points, xOf, width) {
  if (points.length <= width * 2) return points;
  const kept = [];
  let column = null, held = [];
  const flush = () => {
    if (held.length <= 4) kept.push(...held);
    else {
      let low = held[0], high = held[0];
      for (const each of held) {
        if (each.v < low.v) low = each;
        if (each.v > high.v) high = each;
      }
      const chosen = new Set([held[0], low, high, held.at(-1)]);
      kept.push(...held.filter((each) => chosen.has(each)));
    }
    held = [];
  };
  for (const point of points) {
    const at = Math.floor(xOf(point.t));
    if (at !== column || point.v === null) flush();
    column = at;
    if (point.v === null) kept.push(point);
    else held.push(point);
  }
  flush();
  return kept;
}

/** Runs of neighbouring points that have a value. */
export function runs(points) {
  const found = [];
  let open = null;
  for (const point of points) {
    if (point.v === null) open = null;
    else if (open) open.push(point);
    else found.push((open = [point]));
  }
  return found;
}
