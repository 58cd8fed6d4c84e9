// Over time: lines for tools and subreddits, and what is behind a point.

import { get } from "../api.js";
import { LineChart, pointsOf, reading, swatch } from "../charts/line.js";
import { chips, choice, rangePicker } from "../controls.js";
import { focusAgain, focusIn, h, replace } from "../dom.js";
import * as format from "../format.js";
import { Panel, state } from "../panel.js";
import { commentItem, moreButton, postItem } from "../pieces.js";
import { RANGE, instant, name, names, one, windowOf } from "../state.js";
import { driversPanel } from "./drivers.js";

const MOST = 8, BEHIND = 20;
const GRAINS = [["auto", "Auto"], ["hourly", "Hour"], ["daily", "Day"], ["weekly", "Week"]];

const params = { ...RANGE, tools: [names(MOST), []], subreddits: [names(MOST), []], by: [one("auto", "hourly", "daily", "weekly"), "auto"], at: [instant, null], until: [instant, null], moved: [name, null], of: [(text) => (/^(tool|subreddit|all):[\w.-]{0,60}$/.test(text) ? text : undefined), null] };

/** What the page is about: `{kind, id, name}`; unknown names are left out with a note. */
function chosen(context) {
  const { catalogue, params: { tools, subreddits } } = context, found = [];
  for (const id of tools) {
    const tool = catalogue.tool(id);
    if (tool) found.push({ kind: "tool", id: tool.id, name: tool.name });
    else if (!catalogue.problem) context.later(`There is no tracked tool “${id}”; it was left out.`);
  }
  for (const name of subreddits) {
    const known = catalogue.subreddit(name);
    if (known) found.push({ kind: "subreddit", id: known, name: `r/${known}` });
    else if (!catalogue.problem) context.later(`The subreddit “${name}” is not watched; it was left out.`);
  }
  if (found.length > MOST) context.later(`Only the first ${MOST} lines are shown.`);
  return found.length ? found.slice(0, MOST) : [{ kind: "all", id: "", name: "All subreddits" }];
}

const scopeOf = (each) => (each.kind === "tool" ? { tool_id: each.id } : each.kind === "subreddit" ? { subreddit: each.id } : {});

function show(context) {
  const { params: given, catalogue } = context, window = windowOf(given), picked = chosen(context);
  const hours = window.hours, granularity = given.by;
  const load = async (signal) => {
    const answers = await Promise.all(picked.map((each) => get("/sentiment/trends", { ...scopeOf(each), hours, granularity }, signal)));
    return answers.map((answer, at) => ({
      ...picked[at], id: `${picked[at].kind}:${picked[at].id}`, granularity: answer.granularity,
      points: pointsOf(answer.trend_data.filter((each) => Date.parse(each.bucket_end) > window.start && Date.parse(each.bucket_start) < window.end)),
    }));
  };
  const behind = h("div", { id: "behind" });
  let read = null;
  const pick = (id, point) => {
    context.set({ at: new Date(point.start).toISOString(), until: new Date(point.end).toISOString(), of: id });
    drill();
  };
  const drill = () => {
    if (read) context.drop(read);
    replace(behind);
    if (!given.at || !given.until || !given.of) return;
    read = behindPanel(context, picked);
    if (read) {
      replace(behind, context.add(read));
      behind.scrollIntoView({ block: "nearest" });
    }
  };
  const chart = new Panel({
    title: "Average sentiment", load, lines: 8, hold: reading,
    about: `${window.text}; ${picked.map((each) => each.name).join(", ")}`,
    draw: (series, live) => live(new LineChart(series, { label: `Average sentiment of ${picked.map((each) => each.name).join(", ")}`, onPick: pick })).element,
    empty: nothing, table,
  });
  const tools = window.custom ? [] : picked.filter((each) => each.kind === "tool"), moved = h("div", { hidden: !tools.length });
  let movers = null;
  const explain = (tool) => {
    const focused = focusIn(moved);
    if (movers) context.drop(movers);
    movers = driversPanel(tool, hours, tools, (id) => {
      context.set({ moved: id });
      explain(tools.find((each) => each.id === id));
    });
    replace(moved, context.add(movers));
    focusAgain(moved, focused);
  };
  const explained = tools.find((each) => each.id === given.moved);
  if (tools.length && given.moved && !explained) context.later(`“${given.moved}” is none of the chosen tools; what moved ${tools[0].name} is shown.`);
  const index = new Map(picked.map((each, at) => [`${each.kind}:${each.id}`, at]));
  const wanted = (kind) => picked.filter((each) => each.kind === kind).map((each) => each.id);
  const most = (kind) => MOST - wanted(kind === "tool" ? "subreddit" : "tool").length;
  const body = [
    h("div", { class: "head" }, h("div", {}, h("h1", {}, "Over time"), h("p", {}, "Choose up to eight; click a point to read what is behind it.")),
      h("div", { class: "filters" }, rangePicker(given, (change) => context.go({ ...change, at: null, until: null, of: null })), choice("Step", GRAINS, given.by, (by) => context.go({ by, at: null, until: null, of: null })))),
    h("div", { class: "beside" }, h("section", { class: "panel choices", "aria-label": "What is shown" },
      catalogue.tools.length > 0 && [h("h2", { class: "label" }, "Tools"), chips("Tools", catalogue.tools.map((each) => [each.id, each.name]), wanted("tool"), (tools) => context.go({ tools, at: null, until: null, of: null, moved: tools.includes(given.moved) ? given.moved : null }), { most: most("tool"), mark: (id) => swatch(index.get(`tool:${id}`) || 0) })],
      h("h2", { class: "label" }, "Subreddits"), chips("Subreddits", catalogue.subreddits.map((each) => [each, `r/${each}`]), wanted("subreddit"), (subreddits) => context.go({ subreddits, at: null, until: null, of: null }), { most: most("subreddit"), mark: (id) => swatch(index.get(`subreddit:${id}`) || 0) })),
    h("div", { class: "stack" }, context.add(chart), behind, moved)),
  ];
  queueMicrotask(drill);
  if (tools.length) explain(explained || tools[0]);
  return body;
}

function nothing(series) {
  const points = series.flatMap((each) => each.points);
  if (points.some((each) => each.n)) return null;
  if (!points.some((each) => each.covered)) return state("∅", "Not collected", "Nothing is known of this time: it was not collected. Zero would be a lie.");
  return state("○", "Nothing was said", "This time was collected, and nobody spoke of it. Try a longer time.");
}

function behindPanel(context, picked) {
  const { at, until, of } = context.params, each = picked.find((one) => `${one.kind}:${one.id}` === of);
  if (!each) return null;
  const query = { ...scopeOf(each), start: at, end: until };
  const names = context.catalogue.names, shown = { items: [], cursor: null };
  const more = async (list) => {
    const next = await get("/items", { ...query, limit: BEHIND, cursor: shown.cursor }, context.abort.signal);
    shown.cursor = next.next_cursor;
    shown.items.push(...next.items);
    list.append(...next.items.map((item) => h("li", {}, itemOf(item, names, context))));
    return Boolean(next.next_cursor);
  };
  return new Panel({
    title: `Behind the point: ${each.name}`, live: false, about: [format.when(at), " to ", format.when(until)],
    load: async (signal) => {
      const answer = await get("/items", { ...query, limit: BEHIND }, signal);
      shown.items = answer.items;
      shown.cursor = answer.next_cursor;
      return answer;
    },
    empty: (answer) => (answer.items.length ? null : state("○", "Nothing is kept of this", "The posts and comments of this time are no longer stored.")),
    draw: (answer) => {
      const list = h("ul", { class: "list" }, answer.items.map((item) => h("li", {}, itemOf(item, names, context))));
      return [list, moreButton("Show more", Boolean(answer.next_cursor), () => more(list))];
    },
    table: () => ({
      columns: ["id", "kind", "subreddit", "author", "created_utc", "label", "polarity", "title", "content"],
      rows: shown.items.map(itemRow),
    }),
  });
}

function itemOf({ post, comment }, names, context) {
  if (post) return postItem(post, names, { open: () => context.link("posts", { post: post.id }) });
  return commentItem(comment, names, [h("span", {}, `r/${comment.subreddit}`), h("a", { href: context.link("posts", { post: comment.post_id }) }, "its post")]);
}

function itemRow({ kind, post, comment }) {
  const item = post || comment;
  return [item.id, kind, item.subreddit, item.author, item.created_utc, item.sentiment?.label ?? null, item.sentiment?.polarity ?? null, item.title ?? null, item.content];
}

function table(series) {
  return {
    columns: ["of", "from", "to", "average", "low_95", "high_95", "total", "positive", "neutral", "negative", "few", "collected"],
    rows: series.flatMap((each) => each.points.map(({ bucket, v, low, high }) => [each.name, bucket.bucket_start, bucket.bucket_end, v, low, high, bucket.total, bucket.positive, bucket.neutral, bucket.negative, bucket.low_sample, bucket.covered])),
  };
}

export const course = { title: "Over time", params, show };
