// Whether the data can be trusted right now: one line on every page, and alarms that cannot be overlooked.

import { ApiError, get, health } from "./api.js";
import { h, replace } from "./dom.js";
import * as format from "./format.js";

const LOOK_MS = 30_000;
const BLOCKED = { private: "is private", banned: "is banned", not_found: "does not exist" };

export class Trust {
  #line; #alarms; #live; #cycle = null; #timer = 0; #told = "";
  health = null;
  sources = [];

  constructor(line, alarms, live) {
    this.#line = line;
    this.#alarms = alarms;
    this.#live = live;
  }

  start() {
    for (const kind of ["cycle.started", "cycle.progress", "cycle.finished"]) {
      this.#live.addEventListener(kind, (event) => {
        this.#cycle = event.detail.status === "running" ? event.detail : null;
        if (kind === "cycle.finished") this.look();
        else this.#draw();
      });
    }
    this.#live.addEventListener("state", () => this.#draw());
    document.addEventListener("visibilitychange", () => !document.hidden && this.look());
    this.look();
  }

  async look() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => !document.hidden && this.look(), LOOK_MS);
    try {
      this.health = await health();
      this.sources = (await get("/subreddits")).details;
      this.problem = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error;
    }
    this.#draw();
  }

  get blocked() {
    return this.sources.filter((each) => each.state === "blocked");
  }

  /** `[level, sentence]`. */
  verdict() {
    const now = this.health;
    if (!now) return this.problem ? ["bad", "Not known: the service does not answer"] : ["good", "Looking…"];
    if (now.status === "unhealthy") return ["bad", "No: the database is away"];
    const troubled = this.sources.filter((each) => ["blocked", "stale"].includes(each.state)).length;
    if (now.application.last_collection_at === null) return ["warn", now.application.collecting ? "Not yet: the first collection is running" : "Not yet: nothing has been collected"];
    if (now.reddit.ok === false) return ["bad", "With care: Reddit refuses to answer"];
    if (now.status === "degraded") return ["warn", "With care: something does not work as it should"];
    if (troubled) return ["warn", `With care: ${troubled} of ${this.sources.length} sources are missing`];
    if (this.problem) return ["warn", "With care: the service answers only in part"];
    return ["good", "Yes"];
  }

  #draw() {
    const [level, text] = this.verdict(), now = this.health, sign = { good: "✓", warn: "!", bad: "✕" }[level];
    const fine = this.sources.filter((each) => ["ok", "quiet"].includes(each.state)).length;
    replace(this.#line,
      h("span", {}, "Can the data be trusted? ", h("span", { class: "verdict", dataset: { level } }, `${sign} ${text}`)),
      now && h("span", {}, "Collected ", h("b", {}, now.application.last_collection_at ? format.when(now.application.last_collection_at, format.ago) : "never")),
      this.sources.length > 0 && h("span", {}, "Sources ", h("b", {}, `${fine} of ${this.sources.length}`)),
      this.#collecting());
    this.#alarm();
  }

  #collecting() {
    const next = this.health?.application.next_collection_at;
    if (this.#cycle) return h("span", { class: "minor" }, "Collecting now: ", h("b", {}, `${format.decimal(this.#cycle.percentage)} %, ${format.count(this.#cycle.items_new)} new`));
    if (this.health?.application.collecting) return h("span", { class: "minor" }, h("b", {}, "Collecting now"));
    return next && Date.parse(next) > Date.now() && h("span", { class: "minor" }, "Next ", h("b", {}, format.when(next, format.ago)));
  }

  #alarm() {
    const found = this.blocked.map((each) => `r/${each.name} ${BLOCKED[each.status] || "is blocked"}`);
    const away = this.health?.status === "unhealthy" ? ["The database is away: figures cannot be read."] : [];
    const text = [...away, ...found].join("|");
    if (text === this.#told) return;
    this.#told = text;
    replace(this.#alarms, text && h("div", { class: "alarm", role: "alert" }, h("b", {}, "⚠ ", away.length ? "Service trouble" : found.length === 1 ? "A source is blocked" : `${found.length} sources are blocked`),
      h("ul", {}, [...away, ...found].map((each) => h("li", {}, each))), h("a", { href: "#/status" }, "See the status")));
  }
}
