/**
 * A screen keyboard that lies over the page (as on iOS) covers what sticks to the lower edge:
 * `--keyboard` tells the style sheet how much.
 */
export function makeRoomForKeyboard(): void {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const measure = () => {
    // Zoomed in by two fingers, the viewport is smaller too, and nothing is covered.
    const covered = viewport.scale > 1.01 ? 0 : window.innerHeight - viewport.height;
    document.documentElement.style.setProperty(
      "--keyboard",
      `${Math.max(0, Math.round(covered))}px`,
    );
  };
  viewport.addEventListener("resize", measure);
  measure();
}
