// Saves what is on screen: a table as CSV, a panel as a picture.

import { h } from "./dom.js";
import { isDark } from "./theme.js";

// A text that begins like this would be run as a formula by a spreadsheet.
const FORMULA = /^[=+\-@\t\r]/;
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csv = ({ columns, rows }) => [columns, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

function fileName(title, kind) {
  const slug = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return `${slug}-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "")}.${kind}`;
}

function download(name, blob) {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function saveTable(title, table) {
  download(fileName(title, "csv"), new Blob(["\ufeff", csv(table)], { type: "text/csv;charset=utf-8" }));
}

/** A panel as it looks now. */
export async function savePicture(title, element) {
  const box = element.getBoundingClientRect(), margin = 16, ratio = 2;
  const width = Math.ceil(box.width) + 2 * margin, height = Math.ceil(box.height) + 2 * margin;
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing(element, width, height, margin))}`;
  await picture.decode();
  const canvas = h("canvas", { width: width * ratio, height: height * ratio }), context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.drawImage(picture, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  download(fileName(title, "png"), blob);
  return blob.size;
}

function drawing(element, width, height, margin) {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join("\n");
  const body = document.createElement("body");
  // One by one: the page's policy forbids a style attribute that is written as a text.
  const look = { padding: `${margin}px`, "min-height": "0", display: "block", width: `${width}px`, height: `${height}px` };
  for (const [name, value] of Object.entries(look)) body.style.setProperty(name, value);
  body.append(copyOf(element));
  const xhtml = new XMLSerializer().serializeToString(body);
  const style = `<style><![CDATA[${rules.replaceAll("]]>", "")}]]></style>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" data-theme="${isDark() ? "dark" : "light"}" width="${width}" height="${height}">${style}<foreignObject width="100%" height="100%">${xhtml}</foreignObject></svg>`;
}

function copyOf(element) {
  const copy = element.cloneNode(true), canvases = element.querySelectorAll("canvas");
  copy.querySelectorAll("canvas").forEach((each, at) => {
    const image = h("img", { src: canvases[at].toDataURL(), width: canvases[at].clientWidth, height: canvases[at].clientHeight, class: each.className });
    each.replaceWith(image);
  });
  for (const each of copy.querySelectorAll(".actions, .tip, .unseen, .row-actions, details:not([open])")) each.remove();
  const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replace(NOT_XML, "\ufffd");
  for (const each of [copy, ...copy.querySelectorAll("*")]) {
    for (const attribute of [...each.attributes]) attribute.value = attribute.value.replace(NOT_XML, "\ufffd");
  }
  return copy;
}
