// Draws the pieces of a line chart on a canvas.

import * as format from "../format.js";
import { DASHES, MARKS, colourOf, ink } from "../theme.js";
import { runs, thinned, ticks, timeTicks } from "./scale.js";

const FONT = "12px system-ui, sans-serif";

export function mark(context, shape, x, y, size, { fill, stroke }) {
  const r = size;
  context.beginPath();
  if (shape === "square") context.rect(x - r, y - r, 2 * r, 2 * r);
  else if (shape === "triangle") polygon(context, [[x, y - r * 1.2], [x + r * 1.15, y + r], [x - r * 1.15, y + r]]);
  else if (shape === "down") polygon(context, [[x, y + r * 1.2], [x + r * 1.15, y - r], [x - r * 1.15, y - r]]);
  else if (shape === "diamond") polygon(context, [[x, y - r * 1.35], [x + r * 1.35, y], [x, y + r * 1.35], [x - r * 1.35, y]]);
  else context.arc(x, y, r, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = stroke;
  context.lineWidth = 1.5;
  context.setLineDash([]);
  context.stroke();
}

function polygon(context, corners) {
  corners.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}

export function axes(context, frame) {
  const paint = ink(), { left, right, top, bottom, xOf, yOf } = frame;
  context.font = FONT;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of ticks(frame.low, frame.high, 5)) {
    const y = Math.round(yOf(value)) + 0.5;
    context.strokeStyle = Math.abs(value) < 1e-9 ? paint.zero : paint.line;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    context.fillStyle = paint.quiet;
    context.fillText(format.polarity(value), left - 8, y);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  const marks = timeTicks(frame.start, frame.end, Math.max(2, Math.floor((right - left) / 72)));
  for (const at of marks.at) {
    const midnight = new Date(at).getHours() === 0, x = xOf(at);
    if (x < left + 14 || x > right - 14) continue;
    context.fillStyle = paint.quiet;
    context.fillText(midnight ? format.dayAndMonth(at) : format.time(at), x, frame.floor + 6);
    context.fillStyle = paint.line;
    context.fillRect(Math.round(x), bottom, 1, 4);
  }
}

/** Hatches what was not collected, so that it cannot be taken for a quiet time. */
export function hatch(context, frame, from, to) {
  const x0 = Math.max(frame.left, frame.xOf(from)), x1 = Math.min(frame.right, frame.xOf(to));
  if (x1 <= x0) return;
  context.save();
  context.beginPath();
  context.rect(x0, frame.top, x1 - x0, frame.bottom - frame.top);
  context.clip();
  context.globalAlpha = 0.35;
  context.strokeStyle = ink().hatch;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.beginPath();
  const height = frame.bottom - frame.top;
  for (let x = x0 - height; x < x1; x += 8) {
    context.moveTo(x, frame.bottom);
    context.lineTo(x + height, frame.top);
  }
  context.stroke();
  context.restore();
}

export function bars(context, frame, totals) {
  const most = Math.max(1, ...totals.map((each) => each.n)), height = frame.floor - frame.bottom - 22;
  context.fillStyle = ink().bar;
  for (const each of totals) {
    const x0 = frame.xOf(each.start), x1 = frame.xOf(each.end), tall = (each.n / most) * height;
    context.fillRect(x0 + 0.5, frame.floor - tall, Math.max(1, x1 - x0 - 1), tall);
  }
  context.fillStyle = ink().quiet;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.font = FONT;
  context.fillText(format.count(most), frame.left - 8, frame.floor - height);
  context.fillText("0", frame.left - 8, frame.floor - 4);
  context.fillRect(frame.left, frame.floor, frame.right - frame.left, 1);
}

export function band(context, frame, points, index) {
  context.fillStyle = colourOf(index);
  context.globalAlpha = 0.14;
  for (const run of runs(thinned(points, frame.xOf, frame.right - frame.left))) {
    const known = run.filter((each) => each.low !== null);
    if (known.length < 2) continue;
    context.beginPath();
    known.forEach((each, at) => context[at ? "lineTo" : "moveTo"](frame.xOf(each.t), clamped(frame, each.high)));
    for (const each of known.reverse()) context.lineTo(frame.xOf(each.t), clamped(frame, each.low));
    context.closePath();
    context.fill();
  }
  context.globalAlpha = 1;
}

const clamped = (frame, value) => Math.max(frame.top, Math.min(frame.bottom, frame.yOf(value)));

export function line(context, frame, points, index) {
  const colour = colourOf(index), shown = thinned(points, frame.xOf, frame.right - frame.left);
  context.lineJoin = "round";
  for (const run of runs(shown)) {
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.setLineDash(DASHES[index % DASHES.length]);
    context.beginPath();
    run.forEach((each, at) => context[at ? "lineTo" : "moveTo"](frame.xOf(each.t), frame.yOf(each.v)));
    context.stroke();
    if (shown.length > 90 && run.length > 1) continue;
    for (const each of run) {
      const paint = { stroke: colour, fill: each.lowSample ? ink().paper : colour };
      mark(context, MARKS[index % MARKS.length], frame.xOf(each.t), frame.yOf(each.v), 3, paint);
    }
  }
}
