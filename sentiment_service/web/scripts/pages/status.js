// Whether the data can be trusted: sources, coverage, collections, and the service itself.

import { get, health } from "../api.js";
import { strip, stretchName } from "../charts/small.js";
import { choice } from "../controls.js";
import { h, replace } from "../dom.js";
import * as format from "../format.js";
import { Panel, state } from "../panel.js";
import { table as tableOf, tile } from "../pieces.js";
import { whole } from "../state.js";

const RANGES = [[24, "24 h"], [168, "7 d"], [720, "30 d"]];
const params = { hours: [whole(1, 720), 168] };
const STATES = {
  ok: ["✓", "ok", ""], quiet: ["○", "quiet: no news for a day", ""], blocked: ["✕", "blocked", "alarm-badge"],
  stale: ["!", "stale: collections miss it", "warn"], unknown: ["?", "not known yet", "warn"],
};
/** What needs a look comes first. */
const URGENCY = ["blocked", "stale", "unknown", "quiet", "ok"];
const OUTCOMES = { running: "…", completed: "✓", partial: "!", failed: "✕", abandoned: "✕" };

function show(context) {
  const { hours } = context.params;
  const progress = h("div", {});
  const service = new Panel({ title: "Service", load: (signal) => health(signal), draw: drawService, table: serviceTable, lines: 3 });
  const sources = new Panel({ title: "Sources", load: (signal) => get("/subreddits", {}, signal), draw: drawSources, empty: (data) => (data.count ? null : state("○", "No subreddits are watched")), table: (data) => ({ columns: ["subreddit", "state", "status", "last_collected_at", "last_item_at", "last_error"], rows: data.details.map((each) => [each.name, each.state, each.status, each.last_collected_at, each.last_item_at, each.last_error]) }) });
  const coverage = new Panel({ title: "Coverage", about: "Which hours were collected; an hour that was not is no quiet hour.", load: (signal) => get("/coverage", { hours }, signal), draw: drawCoverage, lines: 8, table: (data) => ({ columns: ["subreddit", "start", "end", "state", "reason"], rows: data.subreddits.flatMap((each) => each.stretches.map((one) => [each.name, one.start, one.end, one.state, one.reason])) }) });
  const cycles = new Panel({ title: "Collections", load: (signal) => get("/cycles", { limit: 12 }, signal), draw: drawCycles, empty: noCycles, table: cyclesTable });
  context.on("cycle.started", (event) => drawProgress(progress, event.detail));
  context.on("cycle.progress", (event) => drawProgress(progress, event.detail));
  context.on("cycle.finished", (event) => {
    drawProgress(progress, event.detail);
    for (const panel of [service, sources, cycles]) panel.refresh();
  });
  return [
    h("div", { class: "head" }, h("div", {}, h("h1", {}, "Status"), h("p", {}, "Whether the data can be trusted right now, and why.")), h("div", { class: "filters" }, choice("Coverage of the last", RANGES, hours, (value) => context.go({ hours: value })))),
    progress, context.add(service), context.add(sources), context.add(coverage), context.add(cycles),
  ];
}

export function drawProgress(box, cycle) {
  const running = cycle.status === "running", share = Math.round(cycle.percentage);
  const bar = h("div", { class: "progress", role: "progressbar", "aria-label": "Progress of the collection", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": share }, h("i", { class: "bar-fill", css: { width: `${running ? share : 100}%` } }));
  const text = running ? `Collecting: ${share} %` : `Collection ${cycle.status}`;
  replace(box, h("section", { class: "panel", "aria-label": "Collection" }, h("p", { role: "status" }, h("b", {}, text), ` · ${format.count(cycle.posts_collected)} posts, ${format.count(cycle.comments_collected)} comments, ${format.count(cycle.items_new)} new · ${format.count(cycle.api_requests)} requests`), bar));
}

function drawService(now) {
  const { application: app, database, reddit, scoring, process } = now;
  const word = { healthy: ["✓ Healthy", ""], degraded: ["! Degraded", "warned"], unhealthy: ["✕ Unhealthy", "alarmed"] }[now.status];
  return h("dl", { class: "tiles" },
    tile("Service", h("span", { class: word[1] }, word[0]), `version ${now.version}, up ${format.duration(now.process.uptime_seconds)}`),
    tile("Last collection", app.last_collection_at ? format.when(app.last_collection_at, format.ago) : "never", `${format.count(app.collections_succeeded)} succeeded, ${format.count(app.collections_failed)} failed`),
    tile("Next collection", app.collecting ? "running now" : app.next_collection_at ? format.when(app.next_collection_at, format.ago) : "not planned", `role: ${app.role}`),
    tile("Reddit", reddit.ok === null ? "not asked yet" : reddit.ok ? "✓ answers" : "✕ refuses", reddit.rate_limit_remaining === null ? "no limit known" : `${format.count(reddit.rate_limit_remaining)} requests left, renewed in ${format.duration(reddit.rate_limit_reset_seconds)}`),
    tile("Database", database.connected ? "✓ connected" : "✕ away", database.latency_ms === null ? "" : `${format.decimal(database.latency_ms)} ms`),
    tile("Scoring", scoring.worker_alive ? "✓ working" : "✕ stopped", `${format.count(scoring.queue)} texts waiting`),
    tile("Process", `${format.decimal(process.memory_mb)} MB`, `${format.decimal(process.cpu_percent)} % of a core, loop p99 ${format.decimal(process.event_loop_lag_ms.p99)} ms`));
}

function serviceTable(now) {
  const flat = (value, name) => (value !== null && typeof value === "object" ? Object.entries(value).flatMap(([key, each]) => flat(each, name ? `${name}.${key}` : key)) : [[name, value]]);
  return { columns: ["what", "value"], rows: flat(now, "") };
}

function drawSources(data) {
  const rows = data.details.toSorted((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state)).map((each) => {
    const [sign, text, tone] = STATES[each.state], retry = each.breaker.open && each.breaker.retry_at;
    return [`r/${each.name}`, h("span", { class: `badge ${tone}` }, `${sign} ${each.state === "blocked" ? `blocked: ${each.status.replace("_", " ")}` : text}`), format.when(each.last_collected_at, format.ago), format.when(each.last_item_at, format.ago), [each.last_error || "", retry && [each.last_error ? " · " : "", "asked again ", format.when(retry, format.ago)]]];
  });
  return tableOf("Sources", ["Subreddit", "State", "Last collected", "Newest item", "Trouble"], rows, { trouble: (row, at) => at < data.details.filter((each) => each.state === "blocked").length });
}

function drawCoverage(data) {
  const start = Date.parse(data.window_start), end = Date.parse(data.window_end);
  const rows = data.subreddits.flatMap((each) => {
    const seen = each.stretches.filter((one) => one.state !== "not_covered").reduce((sum, one) => sum + Date.parse(one.end) - Date.parse(one.start), 0);
    const share = (100 * seen) / (end - start), missing = each.stretches.filter((one) => one.state === "not_covered");
    const label = `r/${each.name}: ${format.percent(share)} collected${missing.length ? `; ${[...new Set(missing.map(stretchName))].join("; ")}` : ""}`;
    return [h("span", {}, `r/${each.name}`), strip(each.stretches, start, end, label), h("span", { class: "number" }, format.percent(share))];
  });
  const key = (kind, text) => h("span", {}, h("i", { class: `key key-${kind}`, "aria-hidden": "true" }), text);
  return [h("div", { class: "strips" }, rows), h("div", { class: "legend" }, key("collected", "collected"), key("quiet", "collected, nothing said"), key("missing", "not collected (hatched)"), key("before", "before the first collection (hatched)"), h("span", { class: "quiet" }, format.when(start), " to ", format.when(end)))];
}

export const noCycles = (data) => (data.cycles.length ? null : state("○", "Nothing has been collected yet", "The first collection begins by itself."));

export const cyclesTable = (data) => ({ columns: ["id", "status", "start_time", "duration_seconds", "new", "updated", "api_requests", "gaps", "errors"], rows: data.cycles.map((each) => [each.id, each.status, each.start_time, each.duration_seconds, each.items_new, each.items_updated, each.api_requests, each.gaps, each.errors.length]) });

export function drawCycles(data) {
  const rows = data.cycles.map((each) => [
    format.when(each.start_time, format.ago), h("span", { class: `badge ${{ failed: "alarm-badge", partial: "warn", abandoned: "warn" }[each.status] || ""}` }, `${OUTCOMES[each.status]} ${each.status}`), each.end_time ? format.duration(each.duration_seconds) : "running",
    format.count(each.items_new), format.count(each.items_updated), format.count(each.api_requests), each.errors.map((error) => `${error.subreddit ? `r/${error.subreddit}: ` : ""}${error.kind}`).join(", ") || "none"]);
  const number = (name) => ({ name, number: true });
  return tableOf("Collections", ["Began", "Outcome", number("Took"), number("New"), number("Updated"), number("Requests"), "Errors"], rows);
}

export const status = { title: "Status", params, show };
