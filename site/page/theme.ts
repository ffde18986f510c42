/**
 * Light, dark, or as the system has it. Runs before the page is painted, so that a chosen
 * theme does not flash; the button comes later.
 */
const KEY = "gradlet:theme";
const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

function load(): Theme {
  try {
    const saved = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === saved) ?? "system";
  } catch {
    return "system"; // storage is forbidden: the system's theme it is
  }
}

function apply(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}

function save(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // The choice then lasts as long as the page, which is all that can be had.
  }
}

let theme = load();
apply(theme);

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector<HTMLButtonElement>("#theme");
  if (!button) return;
  const label = () => {
    const name = { system: "Auto", light: "Light", dark: "Dark" }[theme];
    button.textContent = `◐ ${name}`;
    button.setAttribute("aria-label", `Theme: ${name}`);
  };
  label();
  button.hidden = false;
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
    apply(theme);
    save(theme);
    label();
  });
});
