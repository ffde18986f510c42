import { language } from "./text";

/** An HTML element. Text goes in as text, never as markup: it may come from the learner's code. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...content: (string | Node)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  if (tag === "pre") made.tabIndex = 0; // wide text can be scrolled by keyboard
  return made;
}

/** What the grader and the tests say is English on every page: marked, to be spoken as such. */
export function english<E extends HTMLElement>(made: E): E {
  if (language !== "en") made.lang = "en";
  return made;
}

export function button(className: string, label: string, press: () => void): HTMLButtonElement {
  const made = element("button", className, label);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

/** An SVG element with its attributes. */
export function svg(
  tag: string,
  attributes: Record<string, string | number>,
  ...children: Node[]
): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}
