// A part of a page that loads by itself: loading, empty, failed, and filled are all designed states.

import { ApiError } from "./api.js";
import { focusAgain, focusIn, h, newId, replace } from "./dom.js";
import { savePicture, saveTable } from "./save.js";

const NEAR_PX = 400;

export function state(sign, title, text, ...more) {
  return h("div", { class: "state" }, h("span", { class: "sign", "aria-hidden": "true" }, sign), h("b", {}, title), text && h("p", {}, text), more);
}

export const bones = (lines = 4) =>
  h("div", { class: "bones", role: "status" }, h("span", { class: "unseen" }, "Loading…"), Array.from({ length: lines }, () => h("span", { "aria-hidden": "true" })));

/**
 * @param load `(signal) → data`.
 * @param draw `(data) → nodes`.
 * @param empty `(data) → nodes or null`: what to say when there is nothing, or not enough.
 * @param table `(data) → {columns, rows}` of what is on screen, for CSV; adds the export buttons.
 * @param live whether it is read again when the data changes.
 * @param patch `(data) → whether it could change what is drawn in place`: so that nobody's click meets a new button.
 * @param everywhere whether that is so out of sight too, because its data comes with that of others.
 * @param hold `(body) → whether a reader is in the middle of it`: then new data is offered, not forced.
 */
export class Panel {
  #options; #body; #abort = null; #data; #about; #live = []; #number = 0; #stopped = false;
  /** Whether there is newer data than it shows. */
  behind = false;

  constructor(options) {
    this.#options = { live: true, level: "h2", lines: 4, ...options };
    const { title, level, bare, actions } = this.#options, id = newId("panel");
    this.#body = h("div", { class: "panel-body" });
    this.#about = h("p", {}, options.about || "");
    const buttons = options.table && h("div", { class: "actions" }, this.#button("CSV", () => this.saveTable()), this.#button("PNG", () => this.savePicture()));
    this.element = h("section", { class: bare ? "panel bare" : "panel", "aria-labelledby": id },
      h("div", { class: "panel-head" }, h("div", {}, h(level, { id }, title), this.#about), h("div", { class: "row-actions" }, actions, buttons)), this.#body);
  }

  get live() {
    return this.#options.live;
  }

  get visible() {
    const box = this.element.getBoundingClientRect();
    return this.element.isConnected && box.bottom > -NEAR_PX && box.top < innerHeight + NEAR_PX;
  }

  #button(kind, onclick) {
    return h("button", { type: "button", class: "quiet-button", disabled: true, onclick, "aria-label": `Save “${this.#options.title}” as ${kind}` }, kind);
  }

  saveTable() {
    if (this.#data !== undefined) saveTable(this.#options.title, this.#options.table(this.#data));
  }

  savePicture() {
    return savePicture(this.#options.title, this.element);
  }

  about(...children) {
    replace(this.#about, ...children);
  }

  /** The data changed: read it again, later if nobody sees it, and only on demand from whoever is reading. */
  async update() {
    this.behind = true;
    if (!this.live || !(this.visible || this.#options.everywhere)) return;
    if (this.#data === undefined || !this.#options.hold?.(this.#body)) await this.refresh();
    else if (!this.#body.querySelector(":scope > .fresh")) {
      this.#body.prepend(h("div", { class: "note fresh", role: "status" }, "There is newer data.", h("button", { type: "button", class: "quiet-button", onclick: () => this.refresh() }, "Show it")));
    }
  }

  /** Load and draw; what is on screen stays until there is something new. */
  async refresh() {
    if (this.#stopped) return;
    this.#abort?.abort();
    this.behind = false;
    const abort = (this.#abort = new AbortController()), first = this.#data === undefined, mine = ++this.#number;
    this.element.setAttribute("aria-busy", "true");
    if (first) replace(this.#body, bones(this.#options.lines));
    try {
      const data = await this.#options.load(abort.signal);
      if (mine === this.#number) this.#fill(data);
    } catch (error) {
      if (mine !== this.#number || abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.#fail(error);
    } finally {
      if (mine === this.#number) this.element.removeAttribute("aria-busy");
    }
  }

  /** Draw again what is known, as after a choice that needs no new data. */
  redraw() {
    if (this.#data !== undefined) this.#fill(this.#data);
  }

  #fill(data) {
    const drawn = this.#data !== undefined;
    for (const each of this.element.querySelectorAll(".actions > button")) each.disabled = false;
    this.#data = data;
    if (drawn && this.#options.patch?.(data)) {
      for (const each of this.#body.querySelectorAll(":scope > .note")) each.remove();
      return;
    }
    this.#stopParts();
    const nothing = this.#options.empty?.(data), focused = focusIn(this.#body);
    replace(this.#body, nothing || this.#options.draw(data, (part) => (this.#live.push(part), part)));
    focusAgain(this.#body, focused);
  }

  #fail(error) {
    const retry = h("button", { type: "button", onclick: () => this.refresh() }, "Try again");
    const wait = error.retryAfterS ? ` It asks to wait ${error.retryAfterS} s.` : "";
    if (this.#data === undefined) {
      const box = state("⚠", "This could not be loaded", error.message + wait, retry);
      box.classList.add("failed");
      box.setAttribute("role", "alert");
      replace(this.#body, box);
    } else if (!this.#body.querySelector(":scope > .stale")) {
      this.#body.prepend(h("div", { class: "note stale", role: "status" }, `Shown as it was before: ${error.message}`, retry));
    }
  }

  #stopParts() {
    for (const part of this.#live) part.stop();
    this.#live = [];
  }

  /** Over: what still arrives is not drawn. */
  stop() {
    this.#stopped = true;
    this.#number += 1;
    this.#abort?.abort();
    this.#stopParts();
  }
}
