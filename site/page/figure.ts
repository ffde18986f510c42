/** A figure that can be played with takes the place of its still picture (docs/authoring.md). */
export function playFigure(name: string, make: () => Node): void {
  for (const place of document.querySelectorAll<HTMLElement>(`[data-figure="${name}"]`)) {
    place.replaceChildren(make());
    place.dataset.played = "";
  }
}
