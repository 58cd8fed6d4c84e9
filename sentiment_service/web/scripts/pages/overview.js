// Every tool and subreddit at one glance: how it does, what changed, what is hot.

import { get } from "../api.js";
import { reachOf, shareBar, sparkline } from "../charts/small.js";
import { rangePicker, select } from "../controls.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { Panel, state } from "../panel.js";
import { change, figure } from "../pieces.js";
import { RANGE, one, windowOf } from "../state.js";

const SORTS = [["mentions", "Most talked about"], ["change", "Biggest change"], ["best", "Best liked"], ["worst", "Least liked"], ["name", "Name"]];
const NEWS = 3, HOT = 6, TOGETHER_MS = 500;

const params = { ...RANGE, sort: [one(...SORTS.map(([value]) => value)), "mentions"] };

function show(context) {
  const window = windowOf(context.params), asked = { value: null, at: 0 };
  const query = context.params.from ? { start_date: context.params.from, end_date: context.params.to } : { hours: context.params.hours };
  // Three panels show parts of one answer: it is asked for once.
  const load = () => {
    if (!asked.value || performance.now() - asked.at > TOGETHER_MS) {
      asked.at = performance.now();
      asked.value = get("/overview", query, context.abort.signal);
      asked.value.catch(() => { asked.value = null; }); // each panel tells of it; whoever tries again asks again
    }
    return asked.value;
  };
  const grid = (key, title, about, none) => new Panel({
    title, about, load, bare: true, lines: 6, everywhere: true,
    empty: (data) => (data[key].length ? null : state("○", none[0], none[1])),
    draw: (data) => {
      const all = sorted(data[key], context.params.sort), spoken = all.filter((each) => each.statistics.total), reach = reachOf(spoken.map(pointsOf));
      return [h("div", { class: "cards" }, spoken.map((each) => card(each, context, window, reach))), silence(all.filter((each) => !each.statistics.total), window)];
    },
    table: (data) => table(sorted(data[key], context.params.sort)),
  });
  const tools = grid("tools", "Tools", "What people say of each tool by name.", ["No tools are tracked", "Add one on the admin page."]);
  const subreddits = grid("subreddits", "Subreddits", "The mood of everything posted there.", ["No subreddits are watched", "Name some in the settings, under reddit.subreddits."]);
  const news = new Panel({ title: "What changed", about: `Clear changes: ${window.text} against the same time before.`, load, everywhere: true, draw: (data) => whatChanged(data, context), empty: nothingChanged, table: (data) => table(newsOf(data)) });
  const hot = new Panel({ title: "Hot right now", about: "Topics of posts and comments by how fast people react.", load: (signal) => get("/trending", { limit: HOT }, signal), draw: hotList, table: hotTable, empty: (data) => (data.length ? null : state("○", "Nothing is trending yet", "Topics appear after the first collection.")) });
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

function card(each, context, window, reach) {
  const { statistics: now, previous } = each, tool = each.kind === "tool";
  const range = context.params.from ? { from: context.params.from, to: context.params.to } : { hours: context.params.hours };
  const href = context.link("course", { ...range, [tool ? "tools" : "subreddits"]: [each.id] });
  const points = pointsOf(each), title = tool ? each.name : `r/${each.name}`;
  return h("article", { class: "card", dataset: { id: each.id } },
    h("div", { class: "card-head" }, h("h3", {}, h("a", { href, "aria-label": `${title}: over time` }, title)), h("span", { class: "vendor" }, each.vendor)),
    h("div", { class: "card-figure" }, figure(now.avg_sentiment, now.avg_interval_95),
      now.avg_interval_95 && h("span", { class: "quiet small", title: `95 % interval of the average: ${format.interval(now.avg_interval_95)}` }, format.plusMinus(now.avg_interval_95))),
    h("div", { class: "card-change" }, each.change ? [change(each.change.delta, each.change.significant, previous.avg_sentiment), each.change.significant && h("span", { class: "quiet small" }, ` against the ${window.before}`)] : change(null)),
    sparkline(points, `Course of ${each.name} over the ${window.text}, in ${points.length} steps`, reach),
    shareBar(now),
    h("div", { class: "meta" }, h("span", {}, tool ? format.many(now.total, "mention") : format.many(now.total, "post or comment", "posts and comments")),
      now.low_sample && h("span", { class: "badge warn" }, "⚠ too few to rely on"), coverageBadge(now)));
}

const pointsOf = (each) => each.points.map((point) => ({ ...point, v: point.total ? point.avg_sentiment : null }));

/** Of whom nothing was said: one line each rather than a card, and never a zero. */
function silence(list, window) {
  if (!list.length) return null;
  const name = (each) => (each.kind === "tool" ? each.name : `r/${each.name}`);
  const quiet = list.filter((each) => each.statistics.coverage > 0.5), missing = list.filter((each) => each.statistics.coverage <= 0.5);
  const line = (some, sign, title, text) => some.length > 0 && h("p", { class: "silent" }, h("span", { class: "badge" }, `${sign} ${title}`), " ", h("b", {}, some.map(name).join(", ")), h("span", { class: "quiet" }, ` ${text}`));
  return [line(quiet, "○", "Nothing was said", `in the ${window.text}, which were collected.`), line(missing, "∅", "Not collected", "so silence means nothing here.")];
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

function newsOf(data) {
  const all = changed(data), pick = (way) => all.filter((each) => Math.sign(each.change.delta) === way).slice(0, NEWS);
  return [...pick(-1), ...pick(1)];
}

function whatChanged(data, context) {
  const line = (each) => h("li", { class: "news" },
    h("a", { href: context.link("course", { hours: context.params.hours, from: context.params.from, to: context.params.to, [each.kind === "tool" ? "tools" : "subreddits"]: [each.id] }) }, each.kind === "tool" ? each.name : `r/${each.name}`),
    change(each.change.delta, true, each.previous.avg_sentiment),
    h("span", { class: "quiet small" }, `from ${format.polarity(each.previous.avg_sentiment)} to ${format.polarity(each.statistics.avg_sentiment)}`),
    h("span", { class: "quiet small" }, each.kind === "tool" ? format.many(each.statistics.total, "mention") : format.many(each.statistics.total, "item")));
  return h("ul", { class: "list tight" }, newsOf(data).map(line));
}

function hotList(data) {
  return h("ol", { class: "list tight" }, data.map((topic, at) => h("li", { class: "news" }, h("span", {}, h("span", { class: "rank" }, `${at + 1}. `), h("a", { href: "#/topics", dir: "auto" }, topic.topic)),
    moodOf(topic.sentiment_distribution), h("span", { class: "quiet small" }, `${format.count(Math.round(topic.engagement_velocity))} reactions/h`), h("span", { class: "quiet small" }, format.many(topic.mentions, "item")))));
}

const hotTable = (data) => ({
  columns: ["rank", "topic", "velocity_per_hour", "items", "positive", "neutral", "negative"],
  rows: data.map((each, at) => [at + 1, each.topic, each.engagement_velocity, each.mentions, each.sentiment_distribution.positive, each.sentiment_distribution.neutral, each.sentiment_distribution.negative]),
});

function moodOf({ positive, negative, neutral }) {
  const total = positive + negative + neutral;
  if (!total) return h("span", { class: "quiet small" }, "not scored");
  const [sign, word, tone, count] = positive >= negative ? ["▲", "positive", "good", positive] : ["▼", "negative", "bad", negative];
  return h("span", { class: `change ${tone}` }, `${sign} ${format.percent((100 * count) / total)} ${word}`);
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
