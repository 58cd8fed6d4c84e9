// A line chart on a canvas: band, gaps, hover, click, arrow keys, and a table that says the same.

import { h, newId, replace } from "../dom.js";
import * as format from "../format.js";
import { DASHES, MARKS, colourOf } from "../theme.js";
import * as painter from "./painter.js";
import { nearest, rangeOf } from "./scale.js";

const HEIGHT = 320, ROWS_SHOWN = 400;

/** A point's time is the middle of its bucket; without items it has no value, and the line a gap. */
export function pointsOf(buckets) {
  return buckets.map((each) => {
    const start = Date.parse(each.bucket_start), end = Date.parse(each.bucket_end), empty = each.total === 0;
    const pair = empty ? null : each.avg_interval_95;
    return {
      start, end, t: (start + end) / 2, n: each.total, covered: each.covered,
      v: empty ? null : each.avg_sentiment, low: pair ? pair[0] : null, high: pair ? pair[1] : null,
      lowSample: each.low_sample, bucket: each,
    };
  });
}

/**
 * @param series `[{id, name, points}]`, all over the same buckets.
 * @param onPick called with a series' id and a point that was clicked.
 */
export class LineChart {
  #series; #onPick; #label; #canvas; #over; #tip; #frame; #at = -1; #chosen = 0; #pending = 0; #watch;

  constructor(series, { label, onPick }) {
    this.#series = series;
    this.#onPick = onPick;
    this.#label = label;
    this.#canvas = h("canvas", { "aria-hidden": "true", height: HEIGHT });
    this.#over = h("canvas", { class: "over", "aria-hidden": "true" });
    this.#tip = h("div", { class: "tip", hidden: true });
    this.box = h("div", {
      class: "chart", tabindex: "0", role: "slider", "aria-label": `${label}. Arrow keys move along it, Enter shows what is behind a point.`,
      "aria-valuemin": 0, "aria-valuemax": Math.max(0, this.#points.length - 1), "aria-valuenow": 0, "aria-valuetext": "no point chosen",
      onpointermove: (event) => this.#hover(event), onpointerleave: () => this.#leave(), onclick: (event) => this.#click(event),
      onkeydown: (event) => this.#key(event), onblur: () => this.#leave(),
    }, this.#canvas, this.#over, this.#tip);
    this.element = h("div", {}, this.box, this.#legend(), this.#table());
    this.#watch = new ResizeObserver(() => this.#soon());
    this.#watch.observe(this.box);
    document.addEventListener("themechange", this.#redraw);
  }

  stop() {
    this.#watch.disconnect();
    document.removeEventListener("themechange", this.#redraw);
    cancelAnimationFrame(this.#pending);
  }

  get #points() {
    return this.#series[0]?.points || [];
  }

  #soon() {
    cancelAnimationFrame(this.#pending);
    this.#pending = requestAnimationFrame(this.#redraw);
  }

  #redraw = () => {
    const width = this.box.clientWidth;
    if (!width) return;
    const context = sized(this.#canvas, width, HEIGHT);
    sized(this.#over, width, HEIGHT);
    this.#frame = this.#measure(width);
    const frame = this.#frame;
    for (const each of this.#points) if (!this.#covered(each)) painter.hatch(context, frame, each.start, each.end);
    painter.axes(context, frame);
    painter.bars(context, frame, this.#points.map((each, at) => ({ ...each, n: this.#total(at) })));
    this.#series.forEach((each, index) => painter.band(context, frame, each.points, index));
    this.#series.forEach((each, index) => painter.line(context, frame, each.points, index));
    replace(this.#legendBox, this.#legendItems());
    this.#spot();
  };

  #covered(point) {
    return this.#series.length > 1 || point.covered;
  }

  #total(at) {
    return this.#series.reduce((sum, each) => sum + (each.points[at]?.n || 0), 0);
  }

  #measure(width) {
    const values = [];
    for (const each of this.#series) {
      for (const point of each.points) {
        if (point.v === null) continue;
        values.push(point.v);
        if (!point.lowSample && point.low !== null) values.push(point.low, point.high);
      }
    }
    const [low, high] = rangeOf(values), left = 52, right = width - 12, top = 12, bottom = HEIGHT - 92, floor = HEIGHT - 26;
    const start = this.#points[0]?.start || 0, end = this.#points.at(-1)?.end || 1;
    const xOf = (t) => left + ((t - start) / (end - start)) * (right - left);
    const yOf = (v) => bottom - ((v - low) / (high - low)) * (bottom - top);
    return { width, left, right, top, bottom, floor, low, high, start, end, xOf, yOf, tOf: (x) => start + ((x - left) / (right - left)) * (end - start) };
  }

  #hover(event) {
    if (!this.#frame || event.pointerType === "touch") return;
    this.#aim(event);
  }

  #aim(event) {
    const box = this.box.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    this.#at = nearest(this.#points, this.#frame.tOf(x));
    let best = Infinity;
    this.#series.forEach((each, index) => {
      const point = each.points[this.#at];
      if (!point || point.v === null) return;
      const away = Math.abs(this.#frame.yOf(point.v) - y);
      if (away < best) [best, this.#chosen] = [away, index];
    });
    this.#spot();
  }

  #leave() {
    this.#at = -1;
    this.#spot();
  }

  #click(event) {
    if (!this.#frame) return;
    this.#aim(event);
    this.#pick();
  }

  #pick() {
    const each = this.#series[this.#chosen], point = each?.points[this.#at];
    if (point && this.#onPick) this.#onPick(each.id, point);
  }

  #key(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }, last = this.#points.length - 1;
    if (event.key === "Enter" || event.key === " ") this.#pick();
    else if (event.key === "Home") this.#at = 0;
    else if (event.key === "End") this.#at = last;
    else if (event.key === "Escape") this.#at = -1;
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      this.#chosen = (this.#chosen + (event.key === "ArrowUp" ? this.#series.length - 1 : 1)) % this.#series.length;
    } else if (event.key in moves) {
      this.#at = this.#at < 0 ? (moves[event.key] > 0 ? 0 : last) : Math.max(0, Math.min(last, this.#at + moves[event.key]));
    } else return;
    event.preventDefault();
    this.#spot();
    this.#speak();
  }

  #speak() {
    const each = this.#series[this.#chosen], point = each?.points[this.#at];
    this.box.setAttribute("aria-valuenow", Math.max(0, this.#at));
    this.box.setAttribute("aria-valuetext", point ? `${each.name}, ${bucketName(point)}: ${inWords(point)}` : "no point chosen");
  }

  #spot() {
    if (!this.#frame) return;
    const context = sized(this.#over, this.#frame.width, HEIGHT), point = this.#points[this.#at];
    this.#tip.hidden = !point;
    this.box.classList.toggle("aimed", Boolean(point));
    if (!point) return;
    const x = this.#frame.xOf(point.t);
    context.strokeStyle = colourOf(7);
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, this.#frame.top);
    context.lineTo(Math.round(x) + 0.5, this.#frame.floor);
    context.stroke();
    this.#series.forEach((each, index) => {
      const here = each.points[this.#at];
      if (!here || here.v === null) return;
      const paint = { fill: colourOf(index), stroke: colourOf(index) };
      painter.mark(context, MARKS[index % MARKS.length], x, this.#frame.yOf(here.v), index === this.#chosen ? 6 : 4, paint);
    });
    this.#tell(point, x);
  }

  #tell(point, x) {
    const rows = this.#series.map((each, index) => {
      const here = each.points[this.#at];
      return h("div", {}, swatch(index), h("span", {}, each.name), h("span", {}, here ? inWords(here) : "–"));
    });
    replace(this.#tip, h("b", { title: format.utc(point.start) }, bucketName(point)), rows, h("div", { class: "quiet" }, `${format.utc(point.start)}`));
    const wide = this.#tip.offsetWidth, left = x + wide + 24 > this.#frame.width ? Math.max(0, x - wide - 12) : x + 12;
    this.#tip.style.setProperty("transform", `translate(${Math.round(left)}px, 8px)`);
  }

  #legendBox = null;

  #legend() {
    this.#legendBox = h("div", { class: "legend" }, this.#legendItems());
    return this.#legendBox;
  }

  #legendItems() {
    return [
      this.#series.map((each, index) => h("span", {}, swatch(index), each.name)),
      h("span", { class: "quiet" }, "Band: 95 % interval. Hollow mark: fewer than ten. Bars: posts and comments counted. Hatched: not collected. Open line: nothing said."),
    ];
  }

  #table() {
    const id = newId("table"), frame = h("div", { class: "table-frame", id, tabindex: "0", role: "region", "aria-label": `${this.#label}, as a table` });
    return h("details", { ontoggle: (event) => event.target.open && replace(frame, this.#rows()) }, h("summary", {}, "Show as a table"), frame);
  }

  #rows() {
    const rows = this.#series.flatMap((each) => each.points.map((point) => ({ each, point }))).sort((a, b) => b.point.t - a.point.t);
    const shown = rows.slice(0, ROWS_SHOWN).map(({ each, point }) =>
      h("tr", {}, h("td", {}, format.when(point.start)), h("td", {}, each.name), h("td", { class: "number" }, point.v === null ? "–" : format.polarity(point.v)),
        h("td", { class: "number" }, point.low === null ? "–" : format.interval([point.low, point.high])), h("td", { class: "number" }, format.count(point.n)),
        h("td", {}, stateOf(point))));
    return [
      h("table", {}, h("thead", {}, h("tr", {}, ["From", "Of", "Average", "95 % interval", "Items", "State"].map((each) => h("th", { scope: "col" }, each)))), h("tbody", {}, shown)),
      rows.length > ROWS_SHOWN && h("p", { class: "quiet small" }, `The newest ${format.count(ROWS_SHOWN)} of ${format.count(rows.length)} rows; the CSV has all.`),
    ];
  }
}

function bucketName(point) {
  const hours = (point.end - point.start) / 3_600_000;
  if (hours <= 1) return format.dateTime(point.start);
  return hours <= 24 ? format.date(point.start) : `${format.date(point.start)} to ${format.date(point.end - 1)}`;
}

function stateOf(point) {
  if (!point.covered) return "not collected";
  if (!point.n) return "nothing said";
  return point.lowSample ? "few items" : "collected";
}

function inWords(point) {
  if (point.v === null) return stateOf(point);
  return `${format.polarity(point.v)} · ${format.count(point.n)} ${point.n === 1 ? "item" : "items"}${point.lowSample ? " (few)" : ""}`;
}

/** Whether a reader is at a point of the chart in an element, or in its table. */
export const reading = (element) => element.querySelector("details[open], .chart.aimed, .chart:focus") !== null;

/** The line's colour, dashes and mark, as in the chart. */
export function swatch(index) {
  const canvas = h("canvas", { class: "swatch", "aria-hidden": "true" }), context = sized(canvas, 22, 13);
  context.strokeStyle = colourOf(index);
  context.lineWidth = 2;
  context.setLineDash(DASHES[index % DASHES.length]);
  context.beginPath();
  context.moveTo(0, 6.5);
  context.lineTo(22, 6.5);
  context.stroke();
  painter.mark(context, MARKS[index % MARKS.length], 11, 6.5, 3, { fill: colourOf(index), stroke: colourOf(index) });
  return canvas;
}

function sized(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.setProperty("width", `${width}px`);
  canvas.style.setProperty("height", `${height}px`);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  return context;
}
