// What readers choose with: ranges of time, one of a few, several of many.

import { h, newId } from "./dom.js";
import { shortSpan } from "./format.js";

export const RANGES = [[24, "24 h"], [168, "7 d"], [720, "30 d"], [2160, "90 d"]];

export function field(label, control, props = {}) {
  const id = control.id || newId("field");
  control.id = id;
  return h("div", { class: "field", ...props }, h("label", { for: id }, label), control);
}

/** A few choices as joined buttons: `[[value, text], …]`. */
export function choice(label, options, chosen, onPick) {
  const id = newId("choice");
  return h("div", { class: "field", role: "group", "aria-labelledby": id }, h("span", { class: "label", id }, label),
    h("div", { class: "choice" }, options.map(([value, text]) =>
      h("button", { type: "button", "aria-pressed": String(value === chosen), onclick: () => onPick(value) }, text))));
}

export function select(label, options, chosen, onPick) {
  const control = h("select", { onchange: (event) => onPick(event.target.value) },
    options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
  control.value = chosen ?? "";
  return field(label, control);
}

/** The time range of a page: the usual ones, or two dates. */
export function rangePicker(params, go) {
  const custom = Boolean(params.from), today = new Date().toISOString().slice(0, 10);
  const known = RANGES.some(([hours]) => hours === params.hours) ? RANGES : [...RANGES, [params.hours, shortSpan(params.hours)]].sort((a, b) => a[0] - b[0]);
  const weekAgo = new Date(Date.now() - 6 * 86_400_000).toISOString().slice(0, 10);
  const pick = (value) =>
    value === "custom" ? go({ from: params.from || weekAgo, to: params.to || today }) : go({ hours: value, from: null, to: null });
  const from = h("input", { type: "date", value: params.from, max: today, "aria-label": "From, a day in UTC" });
  const to = h("input", { type: "date", value: params.to, max: today, "aria-label": "To, a day in UTC, included" });
  const changed = () => from.value && to.value && go({ from: from.value, to: to.value });
  from.addEventListener("change", changed);
  to.addEventListener("change", changed);
  return [
    choice("Time", [...known, ["custom", "Custom"]], custom ? "custom" : params.hours, pick),
    custom && h("div", { class: "field" }, h("span", { class: "label" }, "From and to (UTC days)"), h("div", { class: "dates" }, from, "–", to)),
  ];
}

/** Several of many as chips: `[[value, text], …]`. */
export function chips(label, options, chosen, onPick, { most = 10, mark } = {}) {
  const picked = new Set(chosen);
  const toggle = (value) => {
    const next = picked.has(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
    if (next.length <= most) onPick(next);
  };
  return h("div", { class: "chips", role: "group", "aria-label": label }, options.map(([value, text]) =>
    h("button", { type: "button", class: "chip", "aria-pressed": String(picked.has(value)), disabled: !picked.has(value) && picked.size >= most, onclick: () => toggle(value) },
      mark && picked.has(value) && mark(value), text)));
}
