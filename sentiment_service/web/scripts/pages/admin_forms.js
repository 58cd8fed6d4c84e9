// Dialogs and calls that change something.

import { ApiError, send } from "../api.js";
import { field } from "../controls.js";
import { h, replace } from "../dom.js";

/**
 * Asks for values in a dialog: fields are `{name, label, value, type, required, wide, options}`.
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
      await save(Object.fromEntries(fields.map((each) => [each.name, controls[each.name].value])));
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

function control({ type = "text", value = "", required = false, options, ...rest }) {
  const limits = { required, maxlength: rest.maxlength, min: rest.min, max: rest.max };
  if (options) {
    const made = h("select", { required }, options.map(([key, text]) => h("option", { value: key }, text)));
    made.value = value;
    return made;
  }
  if (type === "area") return h("textarea", { rows: 3, value, ...limits });
  return h("input", { type, value, ...limits });
}

export const list = (text) => text.split(",").map((each) => each.trim()).filter(Boolean);

/** Makes a call; a failure is told beside the button that asked for it. */
export async function attempt(button, token, method, path, options, done) {
  button.disabled = true;
  button.parentElement.querySelector(".told")?.remove();
  try {
    const answer = await send(method, path, { ...options, token });
    await done?.(answer);
    return answer;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    button.after(h("span", { class: "told bad small", role: "alert" }, error.message));
    return null;
  } finally {
    button.disabled = false;
  }
}
