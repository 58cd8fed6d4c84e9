// Every tool and subreddit at one glance: how it does, what changed, what is hot.

import { get } from "../api.js";
import { shareBar, sparkline } from "../charts/small.js";
import { rangePicker, select } from "../controls.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { Panel, state } from "../panel.js";
import { change, figure } from "../pieces.js";
import { RANGE, one, windowOf } from "../state.js";

const SORTS = [["mentions", "Most talked about"], ["change", "Biggest change"], ["best", "Best liked"], ["worst", "Least liked"], ["name", "Name"]];
const NEWS = 3, HOT = 5;

const params = { ...RANGE, sort: [one(...SORTS.map(([value]) => value)), "mentions"] };

function show(context) {
  const window = windowOf(context.params), asked = { value: null, at: 0 };
  const query = context.params.from ? { start_date: context.params.from, end_date: context.params.to } : { hours: context.params.hours };
  // Three panels show parts of one answer: it is asked for once.
  const load = () => {
    if (!asked.value || performance.now() - asked.at > 500) {
      asked.at = performance.now();
      asked.value = get("/overview", query);
    }
    return asked.value;
  };
  const grid = (key, title, about, none) => new Panel({
    title, about, load, bare: true, lines: 6,
    empty: (data) => (data[key].length ? null : state("○", none[0], none[1])),
    draw: (data) => h("div", { class: "cards" }, sorted(data[key], context.params.sort).map((each) => card(each, context, window))),
    table: (data) => table(sorted(data[key], context.params.sort)),
  });
  const tools = grid("tools", "Tools", "What people say of each tool by name.", ["No tools are tracked", "Add one on the admin page."]);
  const subreddits = grid("subreddits", "Subreddits", "The mood of everything posted there.", ["No subreddits are watched", "Name some in the settings, under reddit.subreddits."]);
  const news = new Panel({ title: "What changed", about: `Clear changes: ${window.text} against the same time before.`, load, draw: (data) => whatChanged(data, context), empty: nothingChanged });
  const hot = new Panel({ title: "Hot right now", about: "Topics by how fast people react.", load: (signal) => get("/trending", { limit: HOT }, signal), draw: hotList, empty: (data) => (data.length ? null : state("○", "Nothing is trending yet", "Topics appear after the first collection.")) });
  return [
    h("div", { class: "head" }, h("div", {}, h("h1", {}, "Overview"), h("p", {}, `Average sentiment from −1 to +1, ${window.text}.`)),
      h("div", { class: "filters" }, rangePicker(context.params, context.go), select("Order", SORTS, context.params.sort, (sort) => context.go({ sort })))),
    h("div", { class: "columns" }, context.add(news), context.add(hot)),
    context.add(tools), context.add(subreddits),
  ];
}

function sorted(list, sort) {
  const said = (each) => each.statistics.total, average = (each) => (said(each) ? each.statistics.avg_sentiment : 0);
  const moved = (each) => (each.change ? Math.abs(each.change.delta) + (each.change.significant ? 10 : 0) : -1);
  const by = {
    mentions: (a, b) => said(b) - said(a), change: (a, b) => moved(b) - moved(a), best: (a, b) => average(b) - average(a),
    worst: (a, b) => average(a) - average(b), name: (a, b) => a.name.localeCompare(b.name),
  }[sort];
  const silent = (each) => (said(each) ? 0 : 1);
  return list.toSorted((a, b) => silent(a) - silent(b) || by(a, b) || a.name.localeCompare(b.name));
}

function card(each, context, window) {
  const { statistics: now, previous } = each, tool = each.kind === "tool";
  const range = context.params.from ? { from: context.params.from, to: context.params.to } : { hours: context.params.hours };
  const href = context.link("course", { ...range, [tool ? "tools" : "subreddits"]: [each.id] });
  const points = each.points.map((point) => ({ ...point, v: point.total ? point.avg_sentiment : null }));
  const unit = tool ? "mentions" : "posts and comments";
  return h("article", { class: "card", dataset: { id: each.id } },
    h("div", { class: "card-head" }, h("h3", {}, h("a", { href, "aria-label": `${each.name}: over time` }, tool ? each.name : `r/${each.name}`)), h("span", { class: "vendor" }, each.vendor)),
    now.total ? [
      h("div", { class: "card-figure" }, figure(now.avg_sentiment, now.avg_interval_95), each.change ? change(each.change.delta, each.change.significant, previous.avg_sentiment) : change(null)),
      sparkline(points, `Course of ${each.name} over the ${window.text}, ${points.length} steps`),
      shareBar(now),
      h("div", { class: "meta" }, h("span", {}, `${format.count(now.total)} ${unit}`), now.avg_interval_95 && h("span", { title: "95 % interval of the average" }, `± ${format.decimal((100 * (now.avg_interval_95[1] - now.avg_interval_95[0])) / 2)} points`),
        now.low_sample && h("span", { class: "badge warn" }, "few: do not rely on it"), coverageBadge(now)),
    ] : state("○", now.coverage > 0.5 ? "Nothing was said" : "Not collected", now.coverage > 0.5 ? `Nobody spoke of it in this time.` : "This time was not collected, so silence means nothing."));
}

function coverageBadge(now) {
  return now.coverage < 0.9 && h("span", { class: "badge warn", title: "Share of the time and of the subreddits that was collected" }, `${format.percent(100 * now.coverage)} collected`);
}

const changed = (data) =>
  [...data.tools, ...data.subreddits].filter((each) => each.change?.significant).sort((a, b) => Math.abs(b.change.delta) - Math.abs(a.change.delta));

function nothingChanged(data) {
  if (changed(data).length) return null;
  const known = [...data.tools, ...data.subreddits].some((each) => each.change);
  return known ? state("▬", "No clear change", "Every difference is within what chance explains.") : state("○", "Not enough data yet", "A change needs two windows with ten items each.");
}

function whatChanged(data, context) {
  const all = changed(data), up = all.filter((each) => each.change.delta > 0).slice(0, NEWS), down = all.filter((each) => each.change.delta < 0).slice(0, NEWS);
  const line = (each) => h("li", {}, h("div", { class: "topic-head" },
    h("a", { href: context.link("course", { hours: context.params.hours, from: context.params.from, to: context.params.to, [each.kind === "tool" ? "tools" : "subreddits"]: [each.id] }) }, each.kind === "tool" ? each.name : `r/${each.name}`),
    change(each.change.delta, true, each.previous.avg_sentiment),
    h("span", { class: "quiet small" }, `from ${format.polarity(each.previous.avg_sentiment)} to ${format.polarity(each.statistics.avg_sentiment)}, ${format.count(each.statistics.total)} ${each.kind === "tool" ? "mentions" : "items"}`)));
  return h("ul", { class: "list tight" }, [...down, ...up].map(line));
}

function hotList(data) {
  return h("ol", { class: "list tight" }, data.map((topic, at) => h("li", {}, h("div", { class: "topic-head" }, h("span", { class: "rank" }, `${at + 1}.`),
    h("a", { href: "#/topics", dir: "auto" }, topic.topic), h("span", { class: "quiet small" }, `${format.count(topic.mentions)} posts and comments · `, moodOf(topic.sentiment_distribution))))));
}

function moodOf({ positive, negative, neutral }) {
  const total = positive + negative + neutral;
  if (!total) return "not scored";
  return positive >= negative ? `▲ ${format.percent((100 * positive) / total)} positive` : `▼ ${format.percent((100 * negative) / total)} negative`;
}

function table(list) {
  return {
    columns: ["name", "vendor", "average", "low_95", "high_95", "total", "positive", "neutral", "negative", "few", "collected", "previous_average", "previous_total", "change", "change_is_clear"],
    rows: list.map((each) => {
      const now = each.statistics, pair = now.avg_interval_95 || [null, null];
      return [each.name, each.vendor, now.total ? now.avg_sentiment : null, ...pair, now.total, now.positive, now.neutral, now.negative, now.low_sample, now.coverage,
        each.previous.total ? each.previous.avg_sentiment : null, each.previous.total, each.change?.delta ?? null, each.change?.significant ?? null];
    }),
  };
}

export const overview = { title: "Overview", params, show };
