// The tools and subreddits there are, read once and again when the data changes.

import { ApiError, get } from "./api.js";

const KEEP_MS = 60_000;

export class Catalogue {
  tools = [];
  subreddits = [];
  /** By a tool's id: its name and how else it is written. */
  names = new Map();
  problem = null;
  #readAt = -Infinity;

  async refresh() {
    if (performance.now() - this.#readAt < KEEP_MS) return;
    try {
      this.subreddits = (await get("/subreddits")).subreddits;
      this.tools = (await get("/tools")).tools.toSorted((a, b) => a.name.localeCompare(b.name));
      this.names = new Map(this.tools.map((each) => [each.id, [each.name, ...each.aliases]]));
      this.problem = null;
      this.#readAt = performance.now();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error;
    }
  }

  toolName(id) {
    return (this.names.get(id) || [id])[0];
  }

  /** The tool that an id or a slug names; undefined for none. */
  tool(id) {
    return this.tools.find((each) => each.id === id || each.slug === id);
  }

  subreddit(name) {
    return this.subreddits.find((each) => each.toLowerCase() === name.toLowerCase());
  }
}
