/**
 * Colours, size of text, indentation, Vim keys. Runs before the page is painted, so that nothing
 * flashes, and stands by itself: the values are attributes of <html>, where the style sheet and
 * the editor find them (`data-theme`, `data-size`, `data-tab`, `data-vim`).
 */
const KEY = "gradlet:settings";
const DEFAULTS = { theme: "system", size: "normal", tab: "4", vim: "off" };
const VALUES: Record<Name, string[]> = {
  theme: ["system", "light", "dark"],
  size: ["small", "normal", "large", "larger"],
  tab: ["2", "4", "8"],
  vim: ["off", "on"],
};
type Name = keyof typeof DEFAULTS;
const NAMES = Object.keys(DEFAULTS) as Name[];

function load(): Record<Name, string> {
  const settings = { ...DEFAULTS };
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    for (const name of NAMES) {
      const value = (saved as Partial<Record<Name, unknown>> | null)?.[name];
      if (typeof value === "string" && VALUES[name].includes(value)) settings[name] = value;
    }
  } catch {
    // Storage is forbidden, or holds something else: the defaults it is.
  }
  return settings;
}

function apply(): void {
  for (const name of NAMES) document.documentElement.dataset[name] = settings[name];
}

function choose(name: Name, value: string): void {
  settings[name] = value;
  apply();
  document.dispatchEvent(new Event("gradlet:settings"));
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // The choice then lasts as long as the page, which is all that can be had.
  }
}

let settings = load();
apply();

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector<HTMLButtonElement>("#settings");
  const dialog = document.querySelector<HTMLDialogElement>("#settings-dialog");
  if (!button || !dialog) return;
  const controls = [...dialog.querySelectorAll<HTMLSelectElement | HTMLInputElement>("[name]")];
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const control of controls) show(control);
    dialog.showModal();
  });
  dialog.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) choose("vim", target.checked ? "on" : "off");
    else if (target instanceof HTMLSelectElement) choose(target.name as Name, target.value);
  });
});

function show(control: HTMLSelectElement | HTMLInputElement): void {
  const value = settings[control.name as Name];
  if (control instanceof HTMLInputElement) control.checked = value === "on";
  else control.value = value;
}

// Another tab has changed them.
window.addEventListener("storage", ({ key }) => {
  if (key !== KEY) return;
  settings = load();
  apply();
  document.dispatchEvent(new Event("gradlet:settings"));
});
