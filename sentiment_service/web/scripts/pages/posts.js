// Posts: recent ones and a search, and one post with its comments.

import { get, page } from "../api.js";
import { choice, field, select } from "../controls.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { Panel, state } from "../panel.js";
import { commentItem, moreButton, postItem } from "../pieces.js";
import { RANGE, name, one, words } from "../state.js";

const STEP = 20, COMMENTS = 50;
const RANGES = [[24, "24 h"], [168, "7 d"], [720, "30 d"], [2160, "90 d"]];
const params = { hours: RANGE.hours, q: [words(200), ""], subreddit: [name, ""], tool: [name, ""], sentiment: [one("positive", "neutral", "negative"), ""], post: [(text) => (/^(t3_)?[a-z0-9]{1,13}$/.test(text) ? text : undefined), null] };

function show(context) {
  if (context.params.post) return onePost(context);
  const { params: given, catalogue } = context;
  const tool = given.tool && catalogue.tool(given.tool), subreddit = given.subreddit && catalogue.subreddit(given.subreddit);
  if (given.tool && !tool && !catalogue.problem) context.later(`There is no tracked tool “${given.tool}”; all are shown.`);
  if (given.subreddit && !subreddit && !catalogue.problem) context.later(`The subreddit “${given.subreddit}” is not watched; all are shown.`);
  const query = { subreddit, tool_id: tool && tool.id, sentiment: given.sentiment, hours: given.hours, limit: STEP };
  const path = given.q ? "/posts/search" : "/posts/recent", shown = { posts: [], next: null };
  const read = async (where, values, signal) => {
    const { items, next } = await page(where, values, signal);
    return { posts: Array.isArray(items) ? items : items.posts, next: next || (items.next_cursor ? { cursor: items.next_cursor } : null) };
  };
  const first = (signal) => read(path, given.q ? { ...query, q: given.q } : query, signal);
  const open = (post) => context.link("posts", { post: post.id });
  const panel = new Panel({
    title: given.q ? `Posts with “${given.q}”` : "Recent posts", about: describe(given, tool), lines: 8,
    hold: () => shown.posts.length > STEP,
    load: async (signal) => {
      const found = await first(signal);
      shown.posts = found.posts;
      shown.next = found.next;
      return found;
    },
    empty: (found) => (found.posts.length ? null : state("○", "No posts", found.next ? "None so far; the search goes on further back." : "Nothing fits. Take away a filter, or look further back.")),
    draw: (found) => {
      const list = h("ul", { class: "list" }, found.posts.map((post) => h("li", {}, postItem(post, catalogue.names, { open }))));
      const more = async () => {
        const next = typeof shown.next === "string" ? await read(shown.next, {}, context.abort.signal) : await read(path, { ...query, q: given.q, cursor: shown.next.cursor }, context.abort.signal);
        shown.posts.push(...next.posts);
        shown.next = next.next;
        list.append(...next.posts.map((post) => h("li", {}, postItem(post, catalogue.names, { open }))));
        return Boolean(next.next);
      };
      return [list, moreButton("Load more", Boolean(found.next), more)];
    },
    table: () => ({ columns: ["id", "subreddit", "author", "created_utc", "label", "polarity", "upvotes", "comments", "tools", "title", "permalink"], rows: shown.posts.map((post) => [post.id, post.subreddit, post.author, post.created_utc, post.sentiment?.label ?? null, post.sentiment?.polarity ?? null, post.upvotes, post.comment_count, post.tools.join(" "), post.title, post.permalink]) }),
  });
  const search = h("input", { type: "search", value: given.q, placeholder: "Words in title or text", maxlength: 200 });
  return [
    h("div", { class: "head" }, h("div", {}, h("h1", {}, "Posts"), h("p", {}, "What people wrote, with the score of each text and of each tool named in it."))),
    h("section", { class: "panel", "aria-label": "Filters" }, h("form", { class: "filters", role: "search", onsubmit: (event) => { event.preventDefault(); context.go({ q: search.value.trim() }); } },
      field("Search", search), select("Subreddit", [["", "All"], ...catalogue.subreddits.map((each) => [each, `r/${each}`])], subreddit || "", (value) => context.go({ subreddit: value })),
      select("Tool", [["", "All"], ...catalogue.tools.map((each) => [each.id, each.name])], tool ? tool.id : "", (value) => context.go({ tool: value })),
      choice("Sentiment", [["", "All"], ["positive", "▲ Positive"], ["neutral", "● Neutral"], ["negative", "▼ Negative"]], given.sentiment, (sentiment) => context.go({ sentiment })),
      choice("Time", RANGES, given.hours, (hours) => context.go({ hours })), h("button", { type: "submit", class: "main" }, "Search"))),
    context.add(panel),
  ];
}

function describe(given, tool) {
  return [given.sentiment, tool && `about ${tool.name}`, given.subreddit && `in r/${given.subreddit}`, `last ${format.span(given.hours)}, newest first`].filter(Boolean).join(", ");
}

function onePost(context) {
  const id = context.params.post, { names } = context.catalogue, shown = [];
  const post = new Panel({ title: "Post", live: false, table: (data) => ({ columns: ["id", "subreddit", "author", "created_utc", "label", "polarity", "title", "content", "permalink"], rows: [[data.id, data.subreddit, data.author, data.created_utc, data.sentiment?.label ?? null, data.sentiment?.polarity ?? null, data.title, data.content, data.permalink]] }), load: (signal) => get(`/posts/${id}`, {}, signal), draw: (data) => postItem(data, names, { full: true }) });
  const comments = new Panel({
    title: "Comments", about: "Oldest first.", hold: () => shown.length > COMMENTS,
    load: (signal) => get(`/posts/${id}/comments`, { limit: COMMENTS }, signal),
    empty: (data) => (data.comments.length ? null : state("○", "No comments are stored", "Nobody answered yet, or the answers were not collected.")),
    draw: (data) => {
      shown.splice(0, Infinity, ...data.comments);
      let cursor = data.next_cursor;
      const list = h("ul", { class: "list" }, data.comments.map((each) => h("li", {}, commentItem(each, names))));
      const more = async () => {
        const next = await get(`/posts/${id}/comments`, { limit: COMMENTS, cursor }, context.abort.signal);
        cursor = next.next_cursor;
        shown.push(...next.comments);
        list.append(...next.comments.map((each) => h("li", {}, commentItem(each, names))));
        return Boolean(cursor);
      };
      return [list, moreButton("Load more", Boolean(cursor), more)];
    },
    table: () => ({ columns: ["id", "author", "created_utc", "label", "polarity", "upvotes", "tools", "content"], rows: shown.map((each) => [each.id, each.author, each.created_utc, each.sentiment?.label ?? null, each.sentiment?.polarity ?? null, each.upvotes, each.tools.join(" "), each.content]) }),
  });
  return [h("div", { class: "head" }, h("div", {}, h("h1", {}, "One post"), h("p", {}, h("a", { href: "#/posts", onclick: (event) => { if (globalThis.history.length > 1) { event.preventDefault(); globalThis.history.back(); } } }, "← Back")))), context.add(post), context.add(comments)];
}

export const posts = { title: "Posts", params, show };
