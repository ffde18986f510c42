import { element } from "./element";

/** A figure that can be played with stands for its still picture, but on paper (docs/authoring.md). */
export function playFigure(name: string, make: () => Node): void {
  for (const place of document.querySelectorAll<HTMLElement>(`[data-figure="${name}"]`)) {
    const still = element("div", "still", ...place.childNodes);
    place.replaceChildren(element("div", "played", make()), still);
    place.dataset.played = "";
  }
}
