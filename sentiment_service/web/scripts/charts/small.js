// Small pictures beside numbers: a sparkline, the share of three moods, a strip of hours.

import { h, newId, s } from "../dom.js";
import * as format from "../format.js";
import { isDark } from "../theme.js";
import { rangeOf, runs } from "./scale.js";

/** The course of a mean, gaps left open; what it says is in the text beside it. */
export function sparkline(points, label) {
  const values = points.filter((each) => each.v !== null).map((each) => each.v);
  const [low, high] = rangeOf(values, 0.3), wide = 200, tall = 40;
  const x = (at) => (points.length < 2 ? wide / 2 : 3 + (at / (points.length - 1)) * (wide - 6));
  const y = (v) => 3 + (1 - (v - low) / (high - low)) * (tall - 6);
  const placed = points.map((each, at) => ({ ...each, x: x(at) }));
  const path = runs(placed).map((run) => (run.length > 1 ? run : [{ ...run[0], x: run[0].x - 1.5 }, { ...run[0], x: run[0].x + 1.5 }]))
    .map((run) => run.map((each, at) => `${at ? "L" : "M"}${each.x.toFixed(1)} ${y(each.v).toFixed(1)}`).join("")).join("");
  return s("svg", { class: "sparkline", viewBox: `0 0 ${wide} ${tall}`, preserveAspectRatio: "none", role: "img", "aria-label": label },
    s("line", { x1: 0, x2: wide, y1: y(0), y2: y(0), class: "spark-zero" }),
    s("path", { d: path, class: "spark-line" }));
}

/** Positive, neutral and negative as a bar with its numbers in words below. */
export function shareBar(figures, { counts = true } = {}) {
  const { positive, neutral, negative } = figures, total = positive + neutral + negative;
  if (!total) return h("p", { class: "quiet small" }, "Nothing scored yet.");
  const part = (name, value) => h("i", { class: name, css: { "flex-grow": value } });
  const text = (kind, sign, value) =>
    h("span", { title: `${format.count(value)} ${kind}` }, h("span", { "aria-hidden": "true" }, `${sign} `), format.percent((100 * value) / total), h("span", { class: "unseen" }, ` ${kind}`), counts && ` (${format.count(value)})`);
  return h("div", {},
    h("div", { class: "share", "aria-hidden": "true" }, positive > 0 && part("p", positive), neutral > 0 && part("n", neutral), negative > 0 && part("m", negative)),
    h("div", { class: "share-text" }, text("positive", "▲", positive), text("neutral", "●", neutral), text("negative", "▼", negative)));
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
