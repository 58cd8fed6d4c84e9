// Pieces that several pages show: a figure with its sign, a change, a post, a table.

import { h, said } from "./dom.js";
import * as format from "./format.js";
import { highlighted } from "./highlight.js";
import { redditLink } from "./links.js";

export const EDGE = 0.05;

/** The mood of a mean, by its interval where there is one: neutral unless it is clear of zero. */
export function signOf(average, pair) {
  if (pair && pair[0] <= 0 && pair[1] >= 0) return "neutral";
  return average > EDGE ? "positive" : average < -EDGE ? "negative" : "neutral";
}

export function figure(average, pair) {
  const sign = signOf(average, pair);
  return h("span", { class: "figure", dataset: { sign } }, format.polarity(average), h("span", { class: "unseen" }, `, ${sign}`));
}

const ARROWS = { up: "▲", down: "▼", same: "▬" };

/** A change against the window before, and whether it is more than chance. */
export function change(delta, clear, before) {
  if (delta === null) return h("span", { class: "change", dataset: { clear: "no" } }, "no earlier figure");
  const way = !clear ? "same" : delta > 0 ? "up" : "down";
  const tone = !clear ? "" : delta > 0 ? "good" : "bad";
  return h("span", { class: `change ${tone}`, dataset: { clear: clear ? "yes" : "no" }, title: `Before: ${format.polarity(before)}` },
    h("span", { "aria-hidden": "true" }, `${ARROWS[way]} `), format.polarity(delta), clear ? "" : " · within chance",
    h("span", { class: "unseen" }, clear ? (delta > 0 ? ", clearly up" : ", clearly down") : ""));
}

export function moodBadge(sentiment) {
  if (!sentiment) return h("span", { class: "badge" }, "no text to score");
  const { label, polarity, confidence } = sentiment;
  const sure = confidence === undefined ? "" : `, ${format.percent(100 * confidence)} sure`;
  return h("span", { class: `badge ${label}`, title: `polarity ${format.polarity(polarity)}${sure} by ${sentiment.scorer || "the scorer"}` },
    h("span", { "aria-hidden": "true" }, `${format.SIGNS[label]} `), `${label} ${format.polarity(polarity)}`);
}

/** Words that make a mention visible: the excerpts that scores were read from, else the tools' names. */
export function needlesOf(item, names) {
  const told = (item.mentions || []).map((each) => each.excerpt).filter(Boolean);
  if (told.length) return told.flatMap((each) => [each, ...each.split(/\s*(?:…|\.\.\.)\s*|\n+/)]);
  return (item.tools || []).flatMap((id) => names.get(id) || []);
}

export function mentionBadges(item, names) {
  const scored = new Map((item.mentions || []).map((each) => [each.tool_id, each]));
  return (item.tools || []).map((id) => {
    const each = scored.get(id), name = (names.get(id) || [id])[0];
    if (!each) return h("span", { class: "badge" }, name);
    return h("span", { class: `badge ${each.label}`, title: `about ${name}: ${format.polarity(each.polarity)}` }, `${name} `, h("span", { "aria-hidden": "true" }, format.SIGNS[each.label]), ` ${format.polarity(each.polarity)}`);
  });
}

export function postItem(post, names, { open, full = false } = {}) {
  const title = post.title || "(no title)", needles = needlesOf(post, names);
  const heading = open ? h("a", { class: "post-title", href: open(post), dir: "auto" }, title) : said("span", title, "post-title");
  return h("article", { class: "topic" },
    h("h3", {}, heading),
    h("div", { class: "meta" }, moodBadge(post.sentiment), mentionBadges(post, names), h("span", {}, `r/${post.subreddit}`),
      said("span", post.author ? `u/${post.author}` : "deleted account"), format.when(post.created_utc),
      h("span", {}, `▴ ${format.count(post.upvotes)} upvotes`), h("span", {}, `${format.count(post.comment_count)} comments`), redditLink(post.permalink, "Reddit ↗")),
    post.content && highlighted("p", post.content, needles, full ? "tall" : "short"));
}

export function commentItem(comment, names, extra = null) {
  return h("article", { class: "topic comment" },
    h("div", { class: "meta" }, moodBadge(comment.sentiment), mentionBadges(comment, names), said("span", comment.author ? `u/${comment.author}` : "deleted account"),
      format.when(comment.created_utc), h("span", {}, `▴ ${format.count(comment.upvotes)}`), extra),
    highlighted("p", comment.content, needlesOf(comment, names), "tall"));
}

export function table(label, columns, rows) {
  return h("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": label },
    h("table", {}, h("thead", {}, h("tr", {}, columns.map((each) => h("th", { scope: "col", class: each.number ? "number" : null }, each.name || each)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((each, at) => h("td", { class: columns[at].number ? "number" : null }, each)))))));
}

export const tile = (label, value, extra) => h("div", { class: "tile" }, h("dt", {}, label), h("dd", {}, value, extra && h("div", { class: "extra" }, extra)));
