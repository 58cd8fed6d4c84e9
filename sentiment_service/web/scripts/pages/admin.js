// What needs the admin token: tools, approvals, collections, reanalysis, deletions.

import { ApiError, get } from "../api.js";
import { choice, field } from "../controls.js";
import { h, replace } from "../dom.js";
import { Panel } from "../panel.js";
import { one } from "../state.js";
import { auditPanel, pendingPanel, toolsPanel } from "./admin_tools.js";
import { collectPanel, deletionsPanel, erasePanel, jobsPanel } from "./admin_work.js";

const KEY = "admin-token";
const TABS = [["tools", "Tools"], ["pending", "Pending"], ["work", "Collect and reanalyze"], ["deletions", "Deletions"], ["audit", "Audit log"]];
const params = { tab: [one(...TABS.map(([value]) => value)), "tools"] };

function show(context) {
  const token = sessionStorage.getItem(KEY), body = h("div", { class: "stack" });
  if (token) enter(context, body, token);
  else replace(body, gate(context, body));
  return [h("div", { class: "head" }, h("div", {}, h("h1", {}, "Admin"), h("p", {}, "The token stays in this tab and is forgotten when it is closed."))), body];
}

function gate(context, body, problem = "") {
  const input = h("input", { type: "password", autocomplete: "off", required: true, "aria-describedby": "gate-problem" });
  const message = h("p", { id: "gate-problem", class: "bad", role: "alert" }, problem);
  const form = h("form", { class: "filters", onsubmit: async (event) => {
    event.preventDefault();
    const wrong = await refused(input.value);
    if (wrong) {
      replace(message, wrong);
      input.select();
      return;
    }
    sessionStorage.setItem(KEY, input.value);
    if (context.abort.signal.aborted) return; // the reader went on to another page meanwhile
    enter(context, body, input.value);
  } }, field("Admin token", input), h("button", { type: "submit", class: "main" }, "Unlock"));
  return h("section", { class: "panel", "aria-label": "Unlock" }, h("p", {}, "It is the setting ", h("code", {}, "admin.token"), " of this service."), form, message);
}

/** Why a token does not work; null when it does. */
async function refused(token) {
  try {
    await get("/admin/deletions", { limit: 1 }, undefined, token);
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    if (error instanceof TypeError) return "A token has no such characters.";
    throw error;
  }
}

function enter(context, body, token) {
  const shown = [];
  const leave = (problem = "") => {
    sessionStorage.removeItem(KEY);
    for (const each of shown) context.drop(each);
    replace(body, gate(context, body, problem));
  };
  const tools = {
    token, context,
    panel: (options) => new Panel({ ...options, load: async (signal) => {
      try {
        return await options.load(signal);
      } catch (error) {
        if (error instanceof ApiError && [401, 403].includes(error.status)) leave(error.message);
        throw error;
      }
    } }),
  };
  const panels = {
    tools: () => [toolsPanel(tools)], pending: () => [pendingPanel(tools)], work: () => [collectPanel(tools), jobsPanel(tools)],
    deletions: () => erasure(tools), audit: () => [auditPanel(tools)],
  }[context.params.tab]();
  shown.push(...panels);
  replace(body,
    h("div", { class: "filters spread" }, choice("Part", TABS, context.params.tab, (tab) => context.go({ tab })), h("button", { type: "button", class: "quiet-button", onclick: () => leave() }, "Forget the token")),
    panels.map((each) => context.add(each)));
}

function erasure(tools) {
  const receipts = deletionsPanel(tools);
  return [erasePanel(tools, () => receipts.refresh()), receipts];
}

export const admin = { title: "Admin", params, show };
