// Marks the places of a text where a tool is named.

import { h, said } from "./dom.js";

const WORD = /[\p{L}\p{N}_]/u;

/** Ranges of `text` in which one of the needles stands as words of its own, joined where they touch. */
export function ranges(text, needles) {
  const lower = text.toLowerCase(), found = [];
  if (lower.length !== text.length) return [];
  for (const needle of needles) {
    const wanted = needle.toLowerCase();
    if (wanted.length < 2) continue;
    for (let at = lower.indexOf(wanted); at >= 0 && found.length < 200; at = lower.indexOf(wanted, at + wanted.length)) {
      const end = at + wanted.length;
      if (!WORD.test(text[at - 1] || "") && !WORD.test(text[end] || "")) found.push([at, end]);
    }
  }
  found.sort((a, b) => a[0] - b[0]);
  const joined = [];
  for (const each of found) {
    const last = joined.at(-1);
    if (last && each[0] <= last[1]) last[1] = Math.max(last[1], each[1]);
    else joined.push([...each]);
  }
  return joined;
}

export function highlighted(tag, text, needles, classes = "") {
  const element = said(tag, "", classes);
  let at = 0;
  for (const [from, to] of ranges(text, needles)) {
    element.append(text.slice(at, from), h("mark", {}, text.slice(from, to)));
    at = to;
  }
  element.append(text.slice(at));
  return element;
}
