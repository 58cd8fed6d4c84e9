// Builds elements. Text always goes in as text: there is no way to pass markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "css") for (const [key, each] of Object.entries(value)) element.style.setProperty(key, each);
    else if (name === "value" || name === "checked" || name === "selected") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  add(element, children);
  return element;
}

export function add(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** An HTML element. Properties that begin with "on" are listeners, `css` sets single style properties. */
export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);

/** An SVG element. */
export const s = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

export function replace(element, ...children) {
  element.replaceChildren();
  return add(element, children);
}

/** Words that people wrote: kept apart from the direction and the width of what is around them. */
export const said = (tag, text, classes = "") => h(tag, { class: `said ${classes}`.trim(), dir: "auto" }, text);

let number = 0;
export const newId = (name) => `${name}-${++number}`;

const nameOf = (element) => element.getAttribute("aria-label") || element.getAttribute("href") || element.textContent;

/** What has the focus within an element, so that its successor can have it; null for nothing. */
export function focusIn(body) {
  const element = document.activeElement;
  return body.contains(element) && element !== body ? { tag: element.localName, name: nameOf(element) } : null;
}

/** Give the focus to what stands for what had it before. */
export function focusAgain(body, focused) {
  if (!focused) return;
  [...body.querySelectorAll(focused.tag)].find((each) => nameOf(each) === focused.name)?.focus({ preventScroll: true });
}
