// Small pictures beside numbers: a sparkline, the share of three moods, a strip of hours.

import { h, newId, s } from "../dom.js";
import * as format from "../format.js";
import { isDark } from "../theme.js";
import { runs } from "./scale.js";

const WIDE = 200, TALL = 48;

/** How far from zero the values of several sparklines reach, so that all of them have one scale. */
export function reachOf(lists) {
  const sizes = lists.flat().filter((each) => each.v !== null && !each.low_sample).map((each) => Math.abs(each.v));
  return Math.min(1, Math.max(0.3, ...sizes) * 1.1);
}

/**
 * The course of a mean around zero: filled above and below, hollow where few were counted, open where nothing
 * was said, grey where nothing was collected. What it says is in the text beside it.
 */
export function sparkline(points, label, reach) {
  const step = WIDE / Math.max(1, points.length), zero = TALL / 2, id = newId("spark");
  const y = (v) => zero - (Math.max(-reach, Math.min(reach, v)) / reach) * (zero - 4);
  const placed = points.map((each, at) => ({ ...each, x: (at + 0.5) * step, y: each.v === null ? null : y(each.v) }));
  const found = runs(placed), last = placed.findLast((each) => each.v !== null);
  const path = found.map(pathOf).join("");
  const area = found.map((run) => `${pathOf(run)}L${run.at(-1).x.toFixed(1)} ${zero}L${run[0].x.toFixed(1)} ${zero}Z`).join("");
  const half = (kind, top) => [
    s("clipPath", { id: `${id}-${kind}` }, s("rect", { x: 0, y: top, width: WIDE, height: zero })),
    s("path", { d: area, class: `spark-${kind}`, "clip-path": `url(#${id}-${kind})` })];
  const dots = placed.filter((each) => each.v !== null && (each.low_sample || each === last) && (points.length <= 40 || each === last));
  return s("svg", { class: "sparkline", viewBox: `0 0 ${WIDE} ${TALL}`, preserveAspectRatio: "none", role: "img", "aria-label": label },
    placed.filter((each) => !each.covered).map((each) => s("rect", { x: each.x - step / 2, y: 0, width: step, height: TALL, class: "spark-gap" })),
    half("up", 0), half("down", zero), s("line", { x1: 0, x2: WIDE, y1: zero, y2: zero, class: "spark-zero" }), s("path", { d: path, class: "spark-line" }),
    dots.map((each) => [dot(each, "spark-dot"), each.low_sample && dot(each, "spark-hole")]));
}

const pathOf = (run) => run.map((each, at) => `${at ? "L" : "M"}${each.x.toFixed(1)} ${each.y.toFixed(1)}`).join("");
/** A line without length but with round ends: a dot that stays round however the picture is stretched. */
const dot = ({ x, y }, kind) => s("path", { d: `M${x.toFixed(1)} ${y.toFixed(1)}h0`, class: kind });

const KINDS = [["positive", "p", "▲"], ["neutral", "n", "●"], ["negative", "m", "▼"]];

/**
 * Positive, neutral and negative as a bar with its numbers in words below, and with their 95 % intervals where the
 * figures have them.
 */
export function shareBar(figures) {
  const total = figures.positive + figures.neutral + figures.negative;
  if (!total) return h("p", { class: "quiet small" }, "Nothing scored yet.");
  const text = ([kind, , sign]) => {
    const value = figures[kind], pair = figures[`${kind}_interval_95`];
    return h("span", { title: `${format.count(value)} ${kind}${pair ? `; 95 % interval of the share: ${format.range(pair)}` : ""}` },
      h("span", { class: `share-sign ${kind}`, "aria-hidden": "true" }, `${sign} `), h("b", {}, format.percent((100 * value) / total)), h("span", { class: "unseen" }, ` ${kind}, `),
      h("span", { class: "share-count" }, format.count(value)),
      pair && h("span", { class: "share-more" }, h("span", { class: "unseen" }, ", 95 % interval "), format.range(pair)));
  };
  return h("div", {},
    h("div", { class: "share", "aria-hidden": "true" }, KINDS.map(([kind, name]) => figures[kind] > 0 && h("i", { class: name, css: { "flex-grow": figures[kind] } }))),
    h("div", { class: "share-text" }, KINDS.map(text)));
}

const CLASSES = { collected: "strip-collected", quiet: "strip-quiet", not_covered: "strip-missing" };
const HATCH_PX = 6;

/** Hours as a strip: what was not collected is hatched besides its colour. */
export function strip(stretches, start, end, label) {
  const wide = 1000, x = (t) => ((t - start) / (end - start)) * wide, id = newId("hatch");
  const lines = isDark() ? "#171c22" : "#ffffff";
  const pattern = s("pattern", { id, width: HATCH_PX * 2, height: HATCH_PX, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("rect", { width: 4, height: HATCH_PX, fill: lines }));
  const parts = stretches.flatMap((each) => {
    const from = Math.max(start, Date.parse(each.start)), to = Math.min(end, Date.parse(each.end)), missing = each.state === "not_covered";
    const place = { x: x(from), y: 0, width: Math.max(1, x(to) - x(from)), height: 18 };
    const kind = missing && each.reason === "before_first" ? "strip-before" : CLASSES[each.state];
    const title = s("title", {}, `${stretchName(each)}: ${format.dateTime(from)} to ${format.dateTime(to)}`);
    return [s("rect", { ...place, class: kind }, title), missing && s("rect", { ...place, fill: `url(#${id})`, "pointer-events": "none" })];
  });
  return s("svg", { class: "strip", viewBox: `0 0 ${wide} 18`, preserveAspectRatio: "none", role: "img", "aria-label": label }, s("defs", {}, pattern), parts);
}

const REASONS = {
  before_first: "before the first collection", not_running: "nobody asked", gap: "more was written than Reddit listed",
  private: "the subreddit is private", banned: "the subreddit is banned", not_found: "there is no such subreddit",
};

export function stretchName(stretch) {
  if (stretch.state === "collected") return "collected";
  if (stretch.state === "quiet") return "collected, nothing was said";
  return `not collected: ${REASONS[stretch.reason] || stretch.reason || "reason unknown"}`;
}
