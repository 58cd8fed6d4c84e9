// Tools side by side: who is ahead, by how much, and whether it means anything.

import { get } from "../api.js";
import { LineChart, pointsOf, reading, swatch } from "../charts/line.js";
import { shareBar } from "../charts/small.js";
import { chips, rangePicker } from "../controls.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { Panel, state } from "../panel.js";
import { figure, table as tableOf } from "../pieces.js";
import { RANGE, names, windowOf } from "../state.js";

const MOST = 6;
const params = { ...RANGE, tools: [names(10), []] };

function show(context) {
  const { params: given, catalogue } = context, window = windowOf(given);
  const picked = given.tools.map((id) => {
    const tool = catalogue.tool(id);
    if (!tool && !catalogue.problem) context.later(`There is no tracked tool “${id}”; it was left out.`);
    return tool;
  }).filter(Boolean).slice(0, MOST);
  const ids = picked.map((each) => each.id), index = new Map(ids.map((id, at) => [id, at]));
  const range = given.from ? { start_date: given.from, end_date: given.to } : { hours: given.hours };
  const head = h("div", { class: "head" }, h("div", {}, h("h1", {}, "Compare"), h("p", {}, `Two to ${MOST} tools side by side, ${window.text}.`)), h("div", { class: "filters" }, rangePicker(given, context.go)));
  const choose = h("section", { class: "panel choices", "aria-label": "Which tools" }, chips("Tools", catalogue.tools.map((each) => [each.id, each.name]), ids, (tools) => context.go({ tools }), { most: MOST, mark: (id) => swatch(index.get(id) || 0) }));
  if (catalogue.problem) return [head, h("section", { class: "panel" }, state("⚠", "The list of tools could not be read", catalogue.problem.message, h("button", { type: "button", onclick: () => location.reload() }, "Try again")))];
  if (ids.length < 2) return [head, choose, h("section", { class: "panel" }, state("⇄", "Choose two tools", "Pick at least two above to see who is ahead, and whether the difference means anything."))];
  const load = (signal) => get("/tools/compare", { tool_ids: ids.join(","), ...range }, signal);
  const result = new Panel({ title: "Who is ahead", load, draw: (data) => drawResult(data, index), empty: (data) => (data.tools.some((each) => each.total_mentions) ? null : state("○", "Nothing was said of these tools", "Try a longer time.")), table });
  const lines = new Panel({
    title: "Over the same time", about: window.text, hold: reading,
    load: async (signal) => {
      const answers = await Promise.all(ids.map((tool_id) => get("/sentiment/trends", { tool_id, hours: window.hours }, signal)));
      return answers.map((answer, at) => ({ id: ids[at], name: picked[at].name, points: pointsOf(answer.trend_data.filter((each) => Date.parse(each.bucket_end) > window.start && Date.parse(each.bucket_start) < window.end)) }));
    },
    draw: (series, live) => live(new LineChart(series, { label: "Average sentiment of the compared tools", onPick: (id, point) => { location.hash = context.link("course", { hours: given.hours, from: given.from, to: given.to, tools: ids, at: new Date(point.start).toISOString(), until: new Date(point.end).toISOString(), of: `tool:${id}` }); } })).element,
    table: (series) => ({ columns: ["tool", "from", "average", "mentions"], rows: series.flatMap((each) => each.points.map((point) => [each.name, point.bucket.bucket_start, point.v, point.n])) }),
  });
  return [head, choose, context.add(result), context.add(lines)];
}

function drawResult(data, index) {
  const named = new Map(data.tools.map((each) => [each.tool_id, each.tool_name])), order = data.tools.toSorted((a, b) => b.avg_sentiment - a.avg_sentiment);
  const cards = order.map((each) => h("article", { class: "card" },
    h("div", { class: "card-head" }, h("h3", {}, swatch(index.get(each.tool_id) || 0), " ", each.tool_name), each.low_sample && h("span", { class: "badge warn" }, "⚠ too few to rely on")),
    each.total_mentions ? [h("div", { class: "card-figure" }, figure(each.avg_sentiment, each.avg_interval_95), each.avg_interval_95 && h("span", { class: "quiet small", title: `95 % interval: ${format.interval(each.avg_interval_95)}` }, format.plusMinus(each.avg_interval_95)), h("span", { class: "quiet" }, format.many(each.total_mentions, "mention"))),
      shareBar({ positive: each.positive_count, neutral: each.neutral_count, negative: each.negative_count })] : h("p", { class: "quiet" }, "Nothing was said of it.")));
  return [
    h("p", { class: "verdict-line" }, verdict(data, order, named)),
    h("div", { class: "cards few" }, cards),
    h("h3", {}, "Every pair"), tableOf("Every pair of tools", ["Pair", { name: "Average", number: true }, { name: "Positive", number: true }, { name: "Negative", number: true }, { name: "p", number: true }, "Means anything?"],
      data.deltas.toSorted((a, b) => Math.abs(b.sentiment_delta) - Math.abs(a.sentiment_delta)).map((each) => pairRow(each, named))),
    h("p", { class: "quiet small" }, "Differences of the first to the second: of averages, and of shares in percentage points. p is adjusted for the number of pairs."),
  ];
}

function verdict(data, order, named) {
  const counted = order.filter((each) => each.total_mentions);
  if (counted.length < 2) return "Only one of them was talked about, so there is nothing to compare.";
  const [first, second] = counted, pair = data.deltas.find((each) => [each.tool_a_id, each.tool_b_id].sort().join() === [first.tool_id, second.tool_id].sort().join());
  const gap = format.polarity(first.avg_sentiment - second.avg_sentiment);
  if (pair?.significant) return [h("b", {}, `${named.get(first.tool_id)} is ahead`), ` of ${second.tool_name} by ${gap}, and that is more than chance (${pText(pair.p_value)}).`];
  const few = [first, second].some((each) => each.low_sample) ? " There are too few mentions to tell." : "";
  return [h("b", {}, "No clear winner"), `: ${first.tool_name} is ${gap} ahead of ${second.tool_name}, which chance alone explains${pair ? ` (${pText(pair.p_value)})` : ""}.${few}`];
}

const pText = (p) => (p === null || p === undefined ? "too few to test" : p < 0.001 ? "p < 0.001" : `p = ${format.fraction(p)}`);

function pairRow(each, named) {
  // The one that is ahead is named first, so that every difference of averages reads as a lead.
  const turned = each.sentiment_delta < 0, way = turned ? -1 : 1, pair = [each.tool_a_id, each.tool_b_id].map((id) => named.get(id));
  const [ahead, behind] = turned ? pair.toReversed() : pair;
  return [`${ahead} against ${behind}`, format.polarity(way * each.sentiment_delta), format.points(way * each.positive_delta), format.points(way * each.negative_delta), pText(each.p_value).replace(/^p = /, ""),
    each.significant ? h("b", {}, `✓ yes, ${ahead} is ahead`) : h("span", { class: "quiet" }, "✕ no, within chance")];
}

function table(data) {
  const named = new Map(data.tools.map((each) => [each.tool_id, each.tool_name]));
  return {
    columns: ["tool_or_pair", "average_or_difference", "mentions", "positive", "neutral", "negative", "positive_delta", "negative_delta", "p_value", "significant"],
    rows: [...data.tools.map((each) => [each.tool_name, each.avg_sentiment, each.total_mentions, each.positive_count, each.neutral_count, each.negative_count, null, null, null, null]),
      ...data.deltas.map((each) => [`${named.get(each.tool_a_id)} against ${named.get(each.tool_b_id)}`, each.sentiment_delta, null, null, null, null, each.positive_delta, each.negative_delta, each.p_value, each.significant])],
  };
}

export const compare = { title: "Compare", params, show };
