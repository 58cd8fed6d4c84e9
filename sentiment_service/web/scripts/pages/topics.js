// What is hot: tools by engagement, topics by how fast people react.

import { get } from "../api.js";
import { shareBar } from "../charts/small.js";
import { choice } from "../controls.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { redditLink } from "../links.js";
import { Panel, state } from "../panel.js";
import { moodBadge } from "../pieces.js";
import { name, one } from "../state.js";

const RANGES = [["24h", "24 h"], ["7d", "7 d"], ["30d", "30 d"]], STEP = 10, POSTS = 5, SHOWN_SUBREDDITS = 4;
const params = { range: [one("24h", "7d", "30d"), "7d"], tool: [name, null] };

function show(context) {
  const { range } = context.params;
  let hotLimit = STEP, topicLimit = STEP;
  const hot = new Panel({
    title: "Hot topics", about: "Tools by engagement: ten for a mention, two for a comment, one for an upvote.",
    load: (signal) => get("/hot-topics", { time_range: range, limit: hotLimit }, signal),
    hold: reading,
    empty: (data) => (data.hot_topics.length ? null : state("○", "No tool was talked about", "Try a longer time.")),
    draw: (data) => [h("ol", { class: "list" }, data.hot_topics.map((each, at) => h("li", {}, hotItem(each, at, range, context)))), more(data.hot_topics.length >= hotLimit && hotLimit < 50, () => { hotLimit = Math.min(50, hotLimit + STEP); return hot.refresh(); })],
    table: (data) => ({ columns: ["rank", "tool", "engagement_score", "mentions", "comments", "upvotes", "positive", "neutral", "negative"], rows: data.hot_topics.map((each, at) => [at + 1, each.tool_name, each.engagement_score, each.total_mentions, each.total_comments, each.total_upvotes, each.sentiment_distribution.positive_count, each.sentiment_distribution.neutral_count, each.sentiment_distribution.negative_count]) }),
  });
  const trending = new Panel({
    title: "Trending", about: "Topics by how many upvotes and comments an hour their posts gain.",
    load: (signal) => get("/trending", { limit: topicLimit }, signal), hold: reading,
    empty: (data) => (data.length ? null : state("○", "Nothing is trending yet", "Topics appear after a collection.")),
    draw: (data) => [h("ol", { class: "list" }, data.map((each, at) => h("li", {}, topicItem(each, at, context)))), more(data.length >= topicLimit && topicLimit < 100, () => { topicLimit = Math.min(100, topicLimit + STEP); return trending.refresh(); })],
    table: (data) => ({ columns: ["rank", "topic", "keywords", "velocity_per_hour", "mentions", "average", "positive", "neutral", "negative", "subreddits"], rows: data.map((each, at) => [at + 1, each.topic, each.keywords.join(" "), each.engagement_velocity, each.mentions, each.sentiment_avg, each.sentiment_distribution.positive, each.sentiment_distribution.neutral, each.sentiment_distribution.negative, each.subreddits.join(" ")]) }),
  });
  return [
    h("div", { class: "head" }, h("div", {}, h("h1", {}, "Topics"), h("p", {}, "What people talk about, and how they feel about it.")), h("div", { class: "filters" }, choice("Hot topics of the last", RANGES, range, (value) => context.go({ range: value })))),
    h("div", { class: "columns wide" }, context.add(hot), context.add(trending)),
  ];
}

/** Whether example posts are open in it. */
const reading = (body) => body.querySelector("details[open]") !== null;

function more(there, onclick) {
  return there && h("button", { type: "button", onclick: (event) => { event.target.disabled = true; return onclick(); } }, "Load more");
}

function hotItem(each, at, range, context) {
  const counts = each.sentiment_distribution, examples = h("div", {});
  const opened = async (event) => {
    if (!event.target.open || examples.childElementCount) return;
    examples.append(context.add(postsOf(each, range)));
  };
  return h("article", { class: "topic" },
    h("div", { class: "topic-head" }, h("span", { class: "rank" }, `${at + 1}.`), h("h3", {}, h("a", { href: context.link("course", { tools: [each.tool_id], hours: { "24h": 24, "7d": 168, "30d": 720 }[range] }) }, each.tool_name)),
      h("span", { class: "quiet small" }, `engagement ${format.count(each.engagement_score)} · ${format.count(each.total_mentions)} mentions · ${format.count(each.total_comments)} comments · ${format.count(each.total_upvotes)} upvotes`)),
    shareBar({ positive: counts.positive_count, neutral: counts.neutral_count, negative: counts.negative_count }),
    h("details", { ontoggle: opened }, h("summary", {}, `Posts about ${each.tool_name}`), examples));
}

function postsOf(each, range) {
  let limit = POSTS;
  const panel = new Panel({
    title: `Posts about ${each.tool_name}`, level: "h4", bare: true, live: false, lines: 3,
    load: (signal) => get(`/hot-topics/${encodeURIComponent(each.tool_id)}/posts`, { time_range: range, limit }, signal),
    empty: (data) => (data.posts.length ? null : state("○", "No posts", "It was named in comments only.")),
    draw: (data) => [h("ul", { class: "list" }, data.posts.map((post) => h("li", {}, h("div", { class: "topic" }, redditLink(post.reddit_url, post.title, "post-title"), post.excerpt && h("p", { class: "said short", dir: "auto" }, post.excerpt),
      h("div", { class: "meta" }, typeof post.sentiment === "string" ? h("span", { class: `badge ${post.sentiment}` }, `${format.SIGNS[post.sentiment] || ""} ${post.sentiment}`) : moodBadge(post.sentiment), h("span", {}, `r/${post.subreddit}`), format.when(post.created_utc), h("span", {}, `engagement ${format.count(post.engagement_score)}`)))))),
      more(data.has_more && limit < 100, () => { limit = Math.min(100, limit + STEP); return panel.refresh(); })],
  });
  return panel;
}

function someOf(subreddits) {
  const named = subreddits.slice(0, SHOWN_SUBREDDITS).map((each) => `r/${each}`).join(", ");
  return subreddits.length > SHOWN_SUBREDDITS ? `${named} and ${subreddits.length - SHOWN_SUBREDDITS} more` : named;
}

function topicItem(topic, at, context) {
  return h("article", { class: "topic" },
    h("div", { class: "topic-head" }, h("span", { class: "rank" }, `${at + 1}.`), h("h3", { dir: "auto" }, topic.topic), h("span", { class: "quiet small" }, `${format.decimal(topic.engagement_velocity)} reactions an hour · ${format.count(topic.mentions)} posts and comments · average ${format.polarity(topic.sentiment_avg)}`)),
    shareBar(topic.sentiment_distribution),
    h("div", { class: "chips" }, topic.keywords.slice(0, 6).map((word) => h("span", { class: "badge", dir: "auto" }, word))),
    h("div", { class: "meta" }, h("span", { title: topic.subreddits.map((each) => `r/${each}`).join(", ") }, "in ", someOf(topic.subreddits)), h("span", {}, "most reactions ", format.when(topic.peak_time, format.ago))),
    h("details", {}, h("summary", {}, "Example posts"), h("ul", { class: "list" }, topic.posts.map((post) => h("li", {}, redditLink(post.permalink, post.title, "post-title"), " ", h("a", { class: "small", href: context.link("posts", { post: post.id }) }, "with its comments"))))));
}

export const topics = { title: "Topics", params, show };
