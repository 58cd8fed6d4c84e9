// Light or dark: as the system says until the reader says otherwise.

const KEY = "theme", CHOICES = ["system", "light", "dark"];
const system = matchMedia("(prefers-color-scheme: dark)");

let chosen = CHOICES.includes(localStorage.getItem(KEY)) ? localStorage.getItem(KEY) : "system";

export const isDark = () => (chosen === "system" ? system.matches : chosen === "dark");

function apply() {
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  document.dispatchEvent(new CustomEvent("themechange"));
}

export function setUpTheme(button) {
  const label = () => {
    button.textContent = { system: "◐ Auto", light: "☀ Light", dark: "☾ Dark" }[chosen];
    button.setAttribute("aria-label", `Colours: ${chosen === "system" ? "as the system" : chosen}. Change.`);
  };
  button.addEventListener("click", () => {
    chosen = CHOICES[(CHOICES.indexOf(chosen) + 1) % CHOICES.length];
    localStorage.setItem(KEY, chosen);
    label();
    apply();
  });
  system.addEventListener("change", apply);
  label();
  apply();
}

// [light, dark]: Okabe and Ito's colours, darkened or lightened to 3:1 against the paper.
export const SERIES = [
  ["#0067ab", "#6fb1ff"], ["#c24e00", "#ff9f5c"], ["#00805c", "#3fcf9f"], ["#a8427f", "#ee9fca"], ["#8a6a00", "#f0cf4d"],
  ["#2b8cbf", "#9ddcff"], ["#6a4fb3", "#b9a4ff"], ["#5c6670", "#b6c0ca"], ["#a33030", "#ff8f8f"], ["#4b7a12", "#a6d86a"],
];
export const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4]];
export const MARKS = ["circle", "square", "triangle", "diamond", "down", "square", "triangle", "diamond", "down", "circle"];

export const colourOf = (index) => SERIES[index % SERIES.length][isDark() ? 1 : 0];
export const ink = () =>
  isDark()
    ? { text: "#e7eaee", quiet: "#a3adb8", line: "#2e363f", zero: "#77828d", paper: "#171c22", bar: "#3a4650", hatch: "#e5853f" }
    : { text: "#1a1f26", quiet: "#545d68", line: "#e3e7ec", zero: "#868f99", paper: "#ffffff", bar: "#cfd6de", hatch: "#c9651c" };
