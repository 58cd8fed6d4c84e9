// Work that is started by hand: collections, reanalysis, erasing.

import { get, send } from "../api.js";
import { field } from "../controls.js";
import { h, replace } from "../dom.js";
import * as format from "../format.js";
import { state } from "../panel.js";
import { table as tableOf } from "../pieces.js";
import { ask, attempt, list } from "./admin_forms.js";
import { cyclesTable, drawCycles, drawProgress, noCycles } from "./status.js";

const LOOK_MS = 2_500, LAST_CYCLES = 5;

export function collectPanel({ token, context, panel }) {
  const progress = h("div", {}), told = h("p", { role: "status" });
  for (const kind of ["cycle.started", "cycle.progress", "cycle.finished"]) context.on(kind, (event) => drawProgress(progress, event.detail));
  context.on("cycle.finished", () => shown.refresh());
  const button = h("button", { type: "button", class: "main", onclick: () => attempt(button, token, "POST", "/admin/collect", {}, (answer) => replace(told, `${answer.message} (${answer.cycle_id})`)) }, "Collect now");
  const shown = panel({
    title: "Collect now", about: "Only one collection runs at a time.", live: false, actions: button,
    load: (signal) => get("/cycles", { limit: LAST_CYCLES }, signal),
    draw: (data) => [told, progress, noCycles(data) || drawCycles(data)], table: cyclesTable,
  });
  return shown;
}

export function jobsPanel({ token, context, panel }) {
  let timer = 0;
  context.abort.signal.addEventListener("abort", () => clearTimeout(timer));
  const start = () => ask("Reanalyze stored items", [
    { name: "from", label: "From (empty: the oldest)", type: "date" }, { name: "to", label: "To (empty: the newest)", type: "date" },
    { name: "tools", label: "Only these tools: ids, separated by commas", wide: true }, { name: "size", label: "Items at a time", type: "number", value: "200", min: 1, max: 1000 },
  ], async (values) => {
    const range = { ...(values.from && { start: `${values.from}T00:00:00Z` }), ...(values.to && { end: `${values.to}T23:59:59Z` }) }, tools = list(values.tools);
    await send("POST", "/admin/reanalysis/jobs", { token, body: { ...(Object.keys(range).length && { date_range: range }), ...(tools.length && { tool_ids: tools }), batch_size: Number(values.size) } });
    await shown.refresh();
  }, { button: "Start" });
  let drawn = "";
  const progress = new Map(), sameAs = (data) => data.jobs.map((job) => `${job.id} ${job.status}`).join();
  const shown = panel({
    title: "Reanalysis", about: "Scores and tags stored items again.", live: false,
    actions: h("button", { type: "button", onclick: start }, "Start a job"),
    load: async (signal) => {
      const data = await get("/admin/reanalysis/jobs", { limit: 10 }, signal, token);
      clearTimeout(timer);
      if (data.jobs.some(isOpen)) timer = setTimeout(() => shown.refresh(), LOOK_MS);
      return data;
    },
    empty: (data) => (data.jobs.length ? null : state("○", "No jobs yet", "Start one after changing a scorer or a tool's names.")),
    table: (data) => ({ columns: ["id", "status", "trigger", "start_time", "end_time", "processed", "total"], rows: data.jobs.map((job) => [job.id, job.status, job.trigger_type, job.start_time, job.end_time, job.progress.processed_count, job.progress.total_count]) }),
    patch: (data) => {
      if (sameAs(data) !== drawn) return false;
      for (const job of data.jobs) replace(progress.get(job.id), bar(job));
      return true;
    },
    draw: (data) => (drawn = sameAs(data), tableOf("Reanalysis jobs", ["Began", "Why", "Status", "Progress", "Actions"], data.jobs.map((job) => [
      format.when(job.start_time || job.created_at), job.trigger_type, h("span", { class: "badge" }, job.status), kept(progress, job.id, h("div", {}, bar(job))),
      isOpen(job) ? h("button", { type: "button", class: "danger", onclick: (event) => attempt(event.target, token, "DELETE", `/admin/reanalysis/jobs/${encodeURIComponent(job.id)}`, {}, () => shown.refresh()) }, "Cancel") : ""]))),
  });
  return shown;
}

const kept = (map, key, value) => (map.set(key, value), value);
const isOpen = (job) => ["queued", "running"].includes(job.status);

function bar({ id, progress }) {
  const share = Math.round(progress.percentage);
  return h("div", {}, h("div", { class: "progress", role: "progressbar", "aria-label": `Progress of job ${id}`, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": share }, h("i", { css: { width: `${share}%` } })),
    h("span", { class: "small quiet" }, `${share} % · ${format.count(progress.processed_count)} of ${format.count(progress.total_count)}${progress.estimated_time_remaining ? ` · ${format.duration(progress.estimated_time_remaining)} left` : ""}`));
}

export function erasePanel({ token, panel }, done) {
  let erased = { author_hash: null, receipts: [] };

  const input = h("input", { type: "text", required: true, pattern: "(/?u/)?[A-Za-z0-9_\\-]{2,32}", placeholder: "u/somebody" }), told = h("p", { role: "status" });
  const form = h("form", { class: "filters", onsubmit: (event) => {
    event.preventDefault();
    ask(`Erase everything ${input.value} wrote?`, [], async () => {
      const answer = await send("POST", "/admin/erase", { token, body: { author: input.value.trim() } });
      replace(told, `${format.many(answer.items_erased, "item was", "items were")} erased.`);
      erased = answer;
      await Promise.all([shown.refresh(), done()]);
    }, { button: "Erase", danger: true, about: "Stored posts and comments of this account are deleted for good." });
  } }, field("Account", input), h("button", { type: "submit", class: "danger" }, "Erase…"));
  const shown = panel({
    title: "Erase what one person wrote", live: false, load: async () => erased,
    draw: ({ receipts }) => [form, told, receipts.length > 0 && receiptsOf("What was erased", receipts)],
    table: ({ author_hash: author, receipts }) => ({ columns: ["author_hash", ...RECEIPT], rows: receipts.map((each) => [author, ...RECEIPT.map((name) => each[name])]) }),
  });
  return shown;
}

const RECEIPT = ["id", "kind", "deleted_at", "reason"];
const receiptsOf = (label, receipts) => tableOf(label, ["When", "What", "Id", "Why"], receipts.map((each) => [format.when(each.deleted_at), each.kind, h("code", {}, each.id), each.reason.replaceAll("_", " ")]));

export function deletionsPanel({ token, panel }) {
  return panel({
    title: "Deletions", about: "Receipts of what was purged; they hold no content and no author.", live: false,
    load: (signal) => get("/admin/deletions", { limit: 100 }, signal, token),
    empty: (data) => (data.deletions.length ? null : state("✓", "Nothing was deleted yet", "What disappears on Reddit disappears here, and leaves a receipt.")),
    draw: (data) => receiptsOf("Deletions", data.deletions),
    table: (data) => ({ columns: RECEIPT, rows: data.deletions.map((each) => RECEIPT.map((name) => each[name])) }),
  });
}
