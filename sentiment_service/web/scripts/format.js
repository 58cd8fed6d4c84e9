// Numbers in the reader's locale, times in the reader's zone.

import { h } from "./dom.js";

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const plain = new Intl.NumberFormat();
const polar = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" });
const size = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const pointed = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
const exact = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const share = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const shortDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export const count = (value) => plain.format(value);
export const fraction = (value) => exact.format(value);
export const decimal = (value) => fine.format(value);
/** With a true minus sign, which is as wide as a plus. */
export const polarity = (value) => polar.format(Math.abs(value) < 0.005 ? 0 : value).replace("-", "−");
export const points = (value) => `${pointed.format(Math.abs(value) < 0.05 ? 0 : value).replace("-", "−")} pts`;
export const plusMinus = (pair) => `± ${size.format((pair[1] - pair[0]) / 2)}`;
export const percent = (value) => share.format(value / 100);
export const range = ([low, high]) => `${plain.format(Math.round(low))}–${percent(high)}`;
export const dateTime = (value) => moment.format(new Date(value));
export const date = (value) => day.format(new Date(value));
export const dayAndMonth = (value) => shortDay.format(new Date(value));
export const time = (value) => clock.format(new Date(value));
export const utc = (value) => `${new Date(value).toISOString().slice(0, 16).replace("T", " ")} UTC`;
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function interval(pair) {
  return pair ? `${polarity(pair[0])} to ${polarity(pair[1])}` : "unknown";
}

export function ago(value, now = Date.now()) {
  const away = new Date(value).getTime() - now, size = Math.abs(away);
  if (size < MINUTE) return away > 0 ? "in under a minute" : "just now";
  if (size < HOUR) return relative.format(Math.trunc(away / MINUTE), "minute");
  if (size < 2 * DAY) return relative.format(Math.trunc(away / HOUR), "hour");
  return relative.format(Math.trunc(away / DAY), "day");
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "unknown";
  if (seconds < 90) return `${decimal(seconds)} s`;
  if (seconds < 5400) return `${decimal(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${decimal(seconds / 3600)} h` : `${decimal(seconds / 86400)} d`;
}

/** A length of time in words: 168 is "7 days". */
export function span(hours) {
  if (hours % 24) return hours === 1 ? "hour" : `${count(hours)} hours`;
  return hours === 24 ? "24 hours" : `${count(hours / 24)} days`;
}

/** The same as a button says it. */
export const shortSpan = (hours) => (hours % 24 || hours === 24 ? `${hours} h` : `${hours / 24} d`);

/** A time as people read it; the same in UTC on hover. */
export const when = (value, say = dateTime) =>
  value ? h("time", { datetime: value, title: `${dateTime(value)} · ${utc(value)}`, dataset: say === ago ? { ago: "" } : {} }, say(value)) : h("span", {}, "never");

/** How long ago things were goes on while a page stays open. */
export function age(root = document) {
  for (const each of root.querySelectorAll("time[data-ago]")) each.textContent = ago(each.dateTime);
}

export const many = (value, one, several = `${one}s`) => `${count(value)} ${value === 1 ? one : several}`;

export const SIGNS = { positive: "▲", negative: "▼", neutral: "●" };
