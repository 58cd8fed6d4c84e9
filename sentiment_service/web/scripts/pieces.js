// Pieces that several pages show: a figure with its sign, a change, a post, a table.

import { ApiError } from "./api.js";
import { h, replace, said } from "./dom.js";
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
    h("span", { "aria-hidden": "true" }, `${ARROWS[way]} `), format.polarity(delta), clear ? "" : h("span", { title: "The difference to the time before is within what chance explains" }, " · within chance"),
    h("span", { class: "unseen" }, clear ? (delta > 0 ? ", clearly up" : ", clearly down") : ""));
}

export function moodBadge(sentiment) {
  if (!sentiment) return h("span", { class: "badge" }, "no text to score");
  const { label, polarity, confidence } = sentiment;
  const sure = confidence === undefined ? "" : `, ${format.percent(100 * confidence)} sure`;
  return h("span", { class: `badge ${label}`, title: `polarity ${format.polarity(polarity)}${sure} by ${sentiment.scorer || "the scorer"}` },
    h("span", { "aria-hidden": "true" }, `${format.SIGNS[label]} `), `${label} ${format.polarity(polarity)}`);
}

/** What makes a mention visible in a text: every way in which its tools are written. */
export const needlesOf = (item, names) => (item.tools || []).flatMap((id) => names.get(id) || [id]);

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
  const heading = highlighted(open ? "a" : "span", title, needles, "post-title");
  if (open) heading.href = open(post);
  return h("article", { class: "topic" },
    h("h3", {}, heading),
    h("div", { class: "meta" }, moodBadge(post.sentiment), mentionBadges(post, names), h("span", {}, `r/${post.subreddit}`),
      said("span", post.author ? `u/${post.author}` : "deleted account"), format.when(post.created_utc, format.ago),
      h("span", {}, format.many(post.upvotes, "upvote")), h("span", {}, format.many(post.comment_count, "comment")), redditLink(post.permalink, "Reddit ↗")),
    post.content && highlighted("p", post.content, needles, full ? "tall" : "short"));
}

export function commentItem(comment, names, extra = null) {
  return h("article", { class: "topic comment" },
    h("div", { class: "meta" }, moodBadge(comment.sentiment), mentionBadges(comment, names), said("span", comment.author ? `u/${comment.author}` : "deleted account"),
      format.when(comment.created_utc, format.ago), h("span", {}, format.many(comment.upvotes, "upvote")), extra),
    highlighted("p", comment.content, needlesOf(comment, names), "tall"));
}

/** Asks for more at the end of a list, as long as there is more; a failure is told, and can be tried again. */
export function moreButton(text, there, load) {
  const told = h("p", { class: "bad small", role: "alert" });
  const button = h("button", { type: "button", hidden: !there, onclick: async () => {
    button.disabled = true;
    replace(told);
    try {
      button.hidden = !(await load());
    } catch (error) {
      if (error.name === "AbortError") return; // the page was left
      if (!(error instanceof ApiError)) throw error;
      replace(told, error.message);
    } finally {
      button.disabled = false;
    }
  } }, text);
  return h("div", { class: "more" }, button, told);
}

export function table(label, columns, rows, { trouble = () => false } = {}) {
  return h("div", { class: "table-frame", tabindex: "0", role: "group", "aria-label": label },
    h("table", {}, h("thead", {}, h("tr", {}, columns.map((each) => h("th", { scope: "col", class: each.number ? "number" : null }, each.name || each)))),
      h("tbody", {}, rows.map((row, index) => h("tr", { class: trouble(row, index) ? "trouble" : null }, row.map((each, at) => h("td", { class: columns[at].number ? "number" : null }, each)))))));
}

export const tile = (label, value, extra) => h("div", { class: "tile" }, h("dt", {}, label), h("dd", {}, value, extra && h("div", { class: "extra" }, extra)));
