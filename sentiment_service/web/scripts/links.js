// Links out go to Reddit and nowhere else.

import { h, said } from "./dom.js";

/** The address if it is one of Reddit's own over https; null for anything else. */
export function redditAddress(text) {
  try {
    const found = new URL(text, "https://www.reddit.com");
    return found.protocol === "https:" && found.hostname === "www.reddit.com" && !found.username ? found.href : null;
  } catch {
    return null;
  }
}

export function redditLink(address, text, classes = "") {
  const href = redditAddress(address);
  if (!href || !address) return said("span", text, classes);
  return h("a", { href, class: classes, rel: "noopener noreferrer nofollow", target: "_blank", dir: "auto" }, text, h("span", { class: "unseen" }, " (on Reddit, opens a new tab)"));
}
