// The frame of the dashboard: which page is shown, and what every page shows.

import * as api from "./api.js";
import { Catalogue } from "./catalogue.js";
import { focusAgain, focusIn, h, replace } from "./dom.js";
import * as format from "./format.js";
import { Live } from "./live.js";
import { admin } from "./pages/admin.js";
import { compare } from "./pages/compare.js";
import { course } from "./pages/course.js";
import { overview } from "./pages/overview.js";
import { posts } from "./pages/posts.js";
import { status } from "./pages/status.js";
import { topics } from "./pages/topics.js";
import { read, write } from "./state.js";
import { setUpTheme } from "./theme.js";
import { Trust } from "./trust.js";

const PAGES = { overview, course, compare, topics, posts, status, admin };
const FIRST = "overview";
const PARAMS = Object.fromEntries(Object.entries(PAGES).map(([name, page]) => [name, page.params]));
const CALM_MS = 1_200, AGE_MS = 20_000;
/** Milliseconds of calm that every request of a live update must earn, so that a page asks less than once a second. */
const PER_REQUEST_MS = 1_500;

const content = document.getElementById("content");
const live = new Live();
const catalogue = new Catalogue();
const trust = new Trust(document.getElementById("trust"), document.getElementById("alarms"), live);
let shown = null;

function navigation(current) {
  const items = Object.entries(PAGES).map(([name, page]) =>
    h("li", {}, h("a", { href: `#/${name}`, "aria-current": name === current ? "page" : null }, page.title)));
  replace(document.getElementById("pages"), h("ul", {}, items));
  const bar = document.getElementById("pages"), here = bar.querySelector("[aria-current]");
  bar.scrollLeft = here.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
}

function hide() {
  if (!shown) return;
  for (const panel of shown.panels) panel.stop();
  shown.abort.abort();
  shown = null;
}

function show() {
  const { page: name, params, notes } = read(location.hash, PARAMS, FIRST), page = PAGES[name];
  const before = shown?.name, focused = before === name ? focusIn(content) : null;
  hide();
  const context = {
    name, params, live, catalogue, trust, panels: [], abort: new AbortController(),
    link: (other, values) => write(other, values, PARAMS),
    /** Something to tell above the page, once it is there. */
    later: (text) => notes.push(text),
    /** Change parameters of this page: a new address, so that going back works. */
    go: (changes) => { location.hash = write(name, { ...params, ...changes }, PARAMS); },
    /** Change parameters without leaving a trace in the history. */
    set: (changes) => history.replaceState(null, "", write(name, Object.assign(params, changes), PARAMS)),
    add: (panel) => {
      context.panels.push(panel);
      if (context.abort.signal.aborted) panel.stop();
      panel.refresh();
      return panel.element;
    },
    drop: (panel) => {
      panel.stop();
      context.panels = context.panels.filter((each) => each !== panel);
    },
    on: (kind, listener) => live.addEventListener(kind, listener, { signal: context.abort.signal }),
  };
  shown = context;
  document.title = `${page.title} · Sentiment`;
  navigation(name);
  replace(content, page.show(context));
  content.prepend(...[...new Set(notes)].map(note));
  focusAgain(content, focused);
  if (before !== undefined && before !== name) {
    scrollTo(0, 0);
    content.focus({ preventScroll: true });
  }
}

function note(text) {
  const box = h("div", { class: "note", role: "status" }, text, h("button", { type: "button", class: "quiet-button", onclick: () => box.remove() }, "Dismiss"));
  return box;
}

let waiting = 0, calmUntil = 0, behind = false;

/** Something changed: read again what is in sight, a little later, and not more often than once a second. */
function changed() {
  if (document.hidden) {
    behind = true;
    return;
  }
  if (waiting) return;
  waiting = setTimeout(async () => {
    waiting = 0;
    const before = api.requests();
    await Promise.allSettled([catalogue.refresh(), ...(shown?.panels || []).map((each) => each.update())]);
    calmUntil = performance.now() + (api.requests() - before) * PER_REQUEST_MS;
  }, Math.max(CALM_MS, calmUntil - performance.now()));
}

/** What came into sight after the data had changed. */
function caughtUp() {
  for (const each of shown?.panels || []) if (each.behind && each.visible) each.update();
}

function says(event) {
  const sign = document.getElementById("live"), lost = event.detail.state === "lost";
  sign.dataset.state = event.detail.state;
  replace(sign, lost ? "Not live" : "Live");
  replace(document.getElementById("lost"), lost && h("div", { class: "alarm lost" }, h("b", {}, "⚠ Connection lost"),
    h("span", {}, "Since ", format.when(Date.now(), format.time), " nothing new is shown; trying again."), h("button", { type: "button", class: "quiet-button", onclick: () => live.again() }, "Try now")));
  if (event.detail.state === "live" && event.detail.before === "lost") changed();
}

setUpTheme(document.getElementById("theme"));
replace(document.getElementById("zone"), format.zone() === "UTC" ? "Times are in UTC." : `Times are in ${format.zone().replaceAll("_", " ")}; hover for UTC.`);
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  content.focus();
});
live.addEventListener("state", says);
live.addEventListener("data.updated", changed);
live.addEventListener("reset", changed);
addEventListener("hashchange", show);
addEventListener("scroll", caughtUp, { passive: true });
setInterval(() => document.hidden || format.age(), AGE_MS);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && behind) {
    behind = false;
    changed();
  }
});
catalogue.refresh().then(show, show);
trust.start();
live.start();
