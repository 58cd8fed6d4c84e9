// What moved a tool's number: phrases, by what they contributed to the change.

import { get } from "../api.js";
import { select } from "../controls.js";
import { h, said } from "../dom.js";
import * as format from "../format.js";
import { redditLink } from "../links.js";
import { Panel, state } from "../panel.js";
import { change } from "../pieces.js";

/** A panel about one tool over the last `hours`, against as long before; with others to choose from, `pick(id)` is told which. */
export function driversPanel(tool, hours, tools, pick) {
  return new Panel({
    actions: tools.length > 1 && select("Tool", tools.map((each) => [each.id, each.name]), tool.id, pick),
    title: `What moved ${tool.name}`, about: `Phrases by what they did to the average: last ${format.span(hours)} against the ${format.span(hours)} before.`,
    load: (signal) => get(`/tools/${encodeURIComponent(tool.id)}/drivers`, { hours }, signal),
    hold: (body) => body.querySelector("details[open]") !== null,
    empty: (data) => (data.positive_themes.length + data.negative_themes.length ? null
      : data.low_sample ? state("○", "Too few mentions", "Ten in both stretches are needed before phrases can be told from chance.") : state("▬", "No phrase stands out", "What changed is spread over many different words.")),
    draw, table,
  });
}

function draw(data) {
  const { from, to, delta } = data.change;
  return [
    h("p", { class: "verdict-line" }, "From ", h("b", {}, polarity(from)), ` (${format.many(data.mentions_before, "mention")}) to `, h("b", {}, polarity(to)), ` (${format.many(data.mentions, "mention")})`,
      delta !== null && [": ", change(delta, true, from)], data.low_sample && [" ", h("span", { class: "badge warn" }, "⚠ too few to rely on")]),
    h("div", { class: "columns" }, side("▲ Raised it", "good", data.positive_themes), side("▼ Lowered it", "bad", data.negative_themes)),
    data.other_contribution !== null && h("p", { class: "quiet small" }, `Everything else together: ${format.polarity(data.other_contribution)}.`),
  ];
}

const polarity = (value) => (value === null ? "nothing" : format.polarity(value));

function side(title, tone, themes) {
  return h("div", {}, h("h3", { class: tone }, title), themes.length ? h("ul", { class: "list tight" }, themes.map((each) => h("li", {}, theme(each, tone)))) : h("p", { class: "quiet small" }, "No phrase did."));
}

function theme(each, tone) {
  return h("div", { class: "topic" },
    h("div", { class: "topic-head" }, h("b", { dir: "auto" }, `“${each.phrase}”`), h("span", { class: `change ${tone}` }, format.polarity(each.contribution)),
      h("span", { class: "quiet small" }, `${format.count(each.mentions_before)} → ${format.many(each.mentions, "mention")}`), each.low_sample && h("span", { class: "badge warn" }, "few")),
    each.examples.length > 0 && h("details", {}, h("summary", {}, "Examples", h("span", { class: "unseen" }, ` of “${each.phrase}”`)),
      h("ul", { class: "list tight" }, each.examples.map((one) => h("li", {}, said("p", one.excerpt), h("div", { class: "meta" }, h("span", { class: `badge ${one.label}` }, `${format.SIGNS[one.label]} ${one.label} ${format.polarity(one.polarity)}`), redditLink(one.permalink, "Reddit ↗")))))));
}

function table(data) {
  const rows = [...data.positive_themes, ...data.negative_themes].map((each) => [each.phrase, each.contribution, each.mentions_before, each.mentions, each.avg_sentiment_before, each.avg_sentiment, each.low_sample]);
  return { columns: ["phrase", "contribution", "mentions_before", "mentions", "average_before", "average", "few"], rows };
}
