// Dialogs and calls that change something.

import { ApiError, send } from "../api.js";
import { field } from "../controls.js";
import { h, replace } from "../dom.js";

const SHOWN_CHOICES = 7;

/**
 * Asks for values in a dialog: fields are `{name, label, value, type, required, wide, options, multiple}`.
 * `save(values)` may throw an ApiError, which is shown, and the dialog stays.
 */
export function ask(title, fields, save, { button = "Save", danger = false, about = "" } = {}) {
  const controls = Object.fromEntries(fields.map((each) => [each.name, control(each)]));
  const problem = h("p", { class: "bad", role: "alert" }), dialog = h("dialog", { "aria-label": title });
  const submit = h("button", { type: "submit", class: danger ? "danger" : "main" }, button);
  const form = h("form", { onsubmit: async (event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      await save(Object.fromEntries(fields.map((each) => [each.name, valueOf(controls[each.name])])));
      dialog.close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      replace(problem, error.message);
    } finally {
      submit.disabled = false;
    }
  } },
  h("h2", {}, title), about && h("p", { class: "quiet" }, about),
  h("div", { class: "form" }, fields.map((each) => field(each.label, controls[each.name], { class: each.wide ? "field wide" : "field" }))), problem,
  h("div", { class: "dialog-foot" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), submit));
  dialog.append(form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const valueOf = (control) => (control.multiple ? [...control.selectedOptions].map((each) => each.value) : control.value);

function control({ type = "text", value = "", required = false, options, multiple = false, ...rest }) {
  const limits = { required, maxlength: rest.maxlength, min: rest.min, max: rest.max };
  if (options) {
    const made = h("select", { required, multiple, size: multiple ? SHOWN_CHOICES : null }, options.map(([key, text]) => h("option", { value: key }, text)));
    if (!multiple) made.value = value;
    return made;
  }
  if (type === "area") return h("textarea", { rows: 3, value, ...limits });
  return h("input", { type, value, ...limits });
}

export const list = (text) => text.split(",").map((each) => each.trim()).filter(Boolean);

/** Does what a button asks for; a failure is told beside it. */
export async function told(button, work) {
  button.disabled = true;
  button.parentElement.querySelector(".told")?.remove();
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    button.after(h("span", { class: "told bad small", role: "alert" }, error.message));
    return null;
  } finally {
    button.disabled = false;
  }
}

/** Makes a call that a button asks for, and goes on with its answer. */
export const attempt = (button, token, method, path, options, done) => told(button, async () => done?.(await send(method, path, { ...options, token })));
