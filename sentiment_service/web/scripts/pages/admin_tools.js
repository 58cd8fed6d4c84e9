// Tracked tools: create, edit, aliases, merge, archive, approve, and who did what.

import { get, send, tagged } from "../api.js";
import { field, select } from "../controls.js";
import { h, said } from "../dom.js";
import * as format from "../format.js";
import { state } from "../panel.js";
import { table as tableOf } from "../pieces.js";
import { ask, attempt, list, told } from "./admin_forms.js";

const PAGE = 25, SHOWN_NAMES = 4, MOST_TOOLS = 100;

export function toolsPanel({ token, context, panel }) {
  const asked = { page: 1, search: "", status: "" };
  const again = (changes = {}) => {
    Object.assign(asked, { page: 1 }, changes);
    return shown.refresh();
  };
  const search = h("input", { type: "search", placeholder: "Name", onchange: () => again({ search: search.value.trim() }) });
  const shown = panel({
    title: "Tools", live: false,
    actions: h("button", { type: "button", class: "main", onclick: () => create(token, again) }, "Add a tool"),
    load: (signal) => get("/admin/tools", { ...asked, limit: PAGE }, signal, token),
    draw: (data) => [
      h("div", { class: "filters" }, field("Search", search), select("Status", [["", "All"], ["active", "Active"], ["archived", "Archived"], ["pending", "Pending"], ["rejected", "Rejected"]], asked.status, (value) => again({ status: value }))),
      data.tools.length ? tableOf("Tools", ["Name", "Vendor", "Categories", "Written as", "Status", "Actions"], data.tools.map((each) => [
        h("b", {}, each.name), each.vendor, each.categories.join(", "), namesOf(each), h("span", { class: "badge" }, stateOf(each)), rowActions(each, { token, again })])) : state("○", "No such tools"),
      h("div", { class: "filters" }, h("span", { class: "quiet" }, `${format.count(data.total)} tools, page ${data.page} of ${Math.max(1, data.total_pages)}`),
        h("button", { type: "button", disabled: !data.has_prev, onclick: () => again({ page: data.page - 1 }) }, "Before"), h("button", { type: "button", disabled: !data.has_next, onclick: () => again({ page: data.page + 1 }) }, "Next")),
    ],
    table: (data) => ({ columns: ["id", "name", "vendor", "categories", "aliases", "status", "merged_into", "updated_at"], rows: data.tools.map((each) => [each.id, each.name, each.vendor, each.categories.join(" "), each.aliases.join("; "), each.status, each.merged_into, each.updated_at]) }),
  });
  return shown;
}

function stateOf(tool) {
  if (tool.merged_into) return `merged into ${tool.merged_into}`;
  return tool.alias_of ? `counts for ${tool.alias_of}` : tool.status;
}

function namesOf({ aliases }) {
  if (!aliases.length) return "–";
  const rest = aliases.slice(SHOWN_NAMES);
  return h("span", { title: aliases.join(", ") }, aliases.slice(0, SHOWN_NAMES).join(", "), rest.length > 0 && h("span", { class: "quiet" }, ` and ${rest.length} more`));
}

const path = (id, rest = "") => `/admin/tools/${encodeURIComponent(id)}${rest}`;

function rowActions(tool, { token, again }) {
  const button = (text, onclick, more = {}) => h("button", { type: "button", "aria-label": `${text}: ${tool.name}`, onclick, ...more }, text);
  const post = (action) => (event) => attempt(event.target, token, "POST", path(tool.id, `/${action}`), {}, () => again());
  return h("div", { class: "row-actions one-line" },
    button("Edit", (event) => told(event.target, () => edit(tool.id, token, again))),
    tool.status === "active" && [button("Merge…", (event) => told(event.target, () => merge(tool, token, again))), button("Alias…", (event) => told(event.target, () => link(tool, token, again))), button("Archive", post("archive"))],
    tool.status === "archived" && button("Unarchive", post("unarchive")),
    tool.status === "pending" && [button("Approve", post("approve")), button("Reject", post("reject"))],
    button("Delete", () => remove(tool, token, again), { class: "danger" }));
}

const FIELDS = (tool = {}) => [
  { name: "name", label: "Name", value: tool.name, required: true, maxlength: 100 },
  { name: "vendor", label: "Vendor", value: tool.vendor, required: true, maxlength: 100 },
  { name: "categories", label: "Categories, separated by commas", value: (tool.categories || []).join(", "), required: true },
  { name: "aliases", label: "Also written as, separated by commas", value: (tool.aliases || []).join(", "), wide: true },
  { name: "description", label: "Description", value: tool.description, type: "area", wide: true },
];

const bodyOf = (values) => ({ ...values, categories: list(values.categories), aliases: list(values.aliases) });

function create(token, again) {
  ask("Add a tool", FIELDS(), async (values) => {
    await send("POST", "/admin/tools", { body: bodyOf(values), token });
    await again();
  }, { button: "Add" });
}

/** The other active tools, as choices. */
async function others(tool, token) {
  const { tools } = await get("/admin/tools", { status: "active", limit: MOST_TOOLS }, undefined, token);
  return tools.filter((each) => each.id !== tool.id).map((each) => [each.id, each.name]);
}

async function edit(id, token, again) {
  const { body, etag } = await tagged(path(id), token);
  ask(`Edit ${body.tool.name}`, FIELDS(body.tool), async (values) => {
    await send("PUT", path(id), { body: bodyOf(values), token, headers: etag ? { "If-Match": etag } : {} });
    await again();
  }, { about: "If somebody else changed it meanwhile, nothing is saved and you are told." });
}

async function merge(tool, token, again) {
  ask(`Merge others into ${tool.name}`, [
    { name: "sources", label: "Tools that end here", options: await others(tool, token), multiple: true, required: true, wide: true },
    { name: "vendor", label: "Vendor afterwards", value: tool.vendor, required: true }, { name: "categories", label: "Categories afterwards", value: tool.categories.join(", "), required: true },
    { name: "notes", label: "Why", type: "area", wide: true },
  ], async (values) => {
    await send("POST", "/admin/tools/merge", { token, body: { target_tool_id: tool.id, source_tool_ids: values.sources, final_categories: list(values.categories), final_vendor: values.vendor, notes: values.notes || null } });
    await again();
  }, { button: "Merge", danger: true, about: "Their mentions count for this tool from then on, and they are archived." });
}

async function link(tool, token, again) {
  ask(`Count ${tool.name} for another tool`, [{ name: "primary", label: "As an alias of", options: [["", "nothing: count it by itself"], ...(await others(tool, token))], value: tool.alias_of || "" }], async (values) => {
    if (values.primary) await send("PUT", path(tool.id, "/alias"), { token, body: { primary_tool_id: values.primary } });
    else await send("DELETE", path(tool.id, "/alias"), { token });
    await again();
  });
}

function remove(tool, token, again) {
  ask(`Delete ${tool.name}?`, [], async () => {
    await send("DELETE", path(tool.id), { token });
    await again();
  }, { button: "Delete", danger: true, about: "It is no longer looked for. Posts and comments stay." });
}

export function pendingPanel({ token, panel }) {
  const shown = panel({
    title: "Pending approvals", about: "Names seen often that nobody tracks yet.", live: false,
    load: (signal) => get("/admin/tools/pending", {}, signal, token),
    empty: (data) => (data.tools.length ? null : state("✓", "Nothing waits", "No untracked name is seen often.")),
    table: (data) => ({ columns: ["id", "name", "mentions_7d", "first_detected"], rows: data.tools.map((each) => [each.id, each.name, each.mention_count_7d, each.first_detected]) }),
    draw: (data) => h("ul", { class: "list" }, data.tools.map((each) => h("li", {}, h("article", { class: "topic" },
      h("div", { class: "topic-head" }, h("h3", { dir: "auto" }, each.name), h("span", { class: "quiet small" }, `${format.count(each.mention_count_7d)} mentions in 7 days, first `, format.when(each.first_detected))),
      (each.sample_mentions || []).slice(0, 3).map((sample) => said("p", sample.excerpt, "short")),
      h("div", { class: "row-actions" }, ["approve", "reject"].map((action) => h("button", { type: "button", "aria-label": `${action} ${each.name}`, onclick: (event) => attempt(event.target, token, "POST", path(each.id, `/${action}`), {}, () => shown.refresh()) }, action === "approve" ? "Approve" : "Reject"))))))),
  });
  return shown;
}

const inWords = (value) => (value === null || value === "" ? "nothing" : typeof value === "string" ? value : Array.isArray(value) ? value.join(", ") || "nothing" : JSON.stringify(value));

function changesOf({ changes, details }) {
  const lines = changes.map((each) => `${each.field.replaceAll("_", " ")}: ${inWords(each.before)} → ${inWords(each.after)}`);
  const more = Object.entries(details).map(([name, value]) => `${name.replaceAll("_", " ")}: ${inWords(value)}`);
  return [...lines, ...more].map((line) => said("div", line));
}

export function auditPanel({ token, panel }) {
  let tool = "";
  const shown = panel({
    title: "Audit log", about: "Who changed what, newest first.", live: false,
    load: async (signal) => {
      const tools = (await get("/admin/tools", { limit: 100 }, signal, token)).tools;
      tool ||= tools[0]?.id || "";
      return { tools, records: tool ? (await get(path(tool, "/audit-log"), { limit: 50 }, signal, token)).audit_records : [] };
    },
    empty: (data) => (data.tools.length ? null : state("○", "There are no tools")),
    draw: (data) => [
      h("div", { class: "filters" }, select("Tool", data.tools.map((each) => [each.id, each.name]), tool, (value) => { tool = value; shown.refresh(); })),
      data.records.length ? tableOf("Audit log", ["When", "What", "By", "Changes"], data.records.map((each) => [format.when(each.timestamp), each.action_type.replaceAll("_", " "), each.performed_by, changesOf(each)])) : state("○", "Nothing was changed yet"),
    ],
    table: (data) => ({ columns: ["timestamp", "action", "performed_by", "changes", "details"], rows: data.records.map((each) => [each.timestamp, each.action_type, each.performed_by, JSON.stringify(each.changes), JSON.stringify(each.details)]) }),
  });
  return shown;
}

