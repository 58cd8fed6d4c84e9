// What is on screen is in the address: `#/page?name=value`. Nonsense in it falls back, with a note.

import { date, span } from "./format.js";

const MAX_HOURS = 2160;

export const one = (...allowed) => (text) => (allowed.includes(text) ? text : undefined);
export const whole = (low, high) => (text) => {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  return value >= low && value <= high ? value : undefined;
};
export const words = (longest = 300) => (text) => (text.length <= longest ? text : undefined);
export const name = (text) => (/^[\w.-]{1,60}$/.test(text) ? text : undefined);
export const names = (most) => (text) => {
  const list = [...new Set(text.split(",").filter(Boolean))];
  return list.length <= most && list.every((each) => name(each)) ? list : undefined;
};
export const day = (text) => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? text : undefined;
};
export const instant = (text) => (Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString());

/** Parameters of every page with a time range. */
export const RANGE = { hours: [whole(1, MAX_HOURS), 168], from: [day, null], to: [day, null] };

/** Reads an address. `pages` maps a page's name to its parameters: name → [reader, default]. */
export function read(hash, pages, first) {
  const notes = [], text = hash.replace(/^#\/?/, "");
  const [asked, query = ""] = text.split(/\?(.*)/s);
  let page = asked || first;
  if (!Object.hasOwn(pages, page)) {
    notes.push(`There is no page called “${page.slice(0, 40)}”; this is the overview.`);
    page = first;
  }
  const params = {}, given = new URLSearchParams(asked === page || !asked ? query : "");
  for (const [key, [reader, usual]] of Object.entries(pages[page])) {
    const raw = given.get(key), value = raw === null || raw === "" ? usual : reader(raw);
    if (value === undefined) notes.push(`“${key}=${raw.slice(0, 40)}” in the address means nothing here and was left out.`);
    params[key] = value === undefined ? usual : value;
  }
  for (const key of given.keys()) {
    if (!Object.hasOwn(pages[page], key)) notes.push(`“${key.slice(0, 40)}” in the address is not known and was left out.`);
  }
  checkDates(params, notes);
  return { page, params, notes };
}

function checkDates(params, notes) {
  if (!params.from && !params.to) return;
  const from = Date.parse(params.from), to = Date.parse(params.to), days = (to - from) / 86_400_000 + 1;
  if (days >= 1 && days <= 90 && to <= Date.now()) return;
  notes.push("The dates in the address are not a range of 1 to 90 days up to today, so the usual range is shown.");
  params.from = params.to = null;
}

/** The address of a page; what is as usual is left out. */
export function write(page, params, pages) {
  const query = new URLSearchParams();
  for (const [key, [, usual]] of Object.entries(pages[page])) {
    const value = params[key];
    const text = Array.isArray(value) ? value.join(",") : value;
    const normal = Array.isArray(usual) ? usual.join(",") : usual;
    if (text !== null && text !== undefined && text !== "" && text !== normal) query.set(key, text);
  }
  const rest = query.toString().replaceAll("%2C", ",");
  return `#/${page}${rest ? `?${rest}` : ""}`;
}

/** The window that a page's parameters mean: whole hours up to the running one, or whole days in UTC. */
export function windowOf(params, now = Date.now()) {
  if (params.from) {
    const start = Date.parse(params.from), end = Date.parse(params.to) + 86_400_000;
    const running = (Math.floor(now / 3_600_000) + 1) * 3_600_000;
    const back = Math.ceil((running - start) / 3_600_000);
    return { custom: true, start, end: Math.min(end, running), hours: Math.min(MAX_HOURS, Math.max(1, back)), text: `${date(params.from)} to ${date(params.to)} (UTC)`, before: "same time before" };
  }
  const end = (Math.floor(now / 3_600_000) + 1) * 3_600_000;
  return { custom: false, start: end - params.hours * 3_600_000, end, hours: params.hours, text: `last ${span(params.hours)}`, before: `${span(params.hours)} before` };
}
