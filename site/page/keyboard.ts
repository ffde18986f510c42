/**
 * A screen keyboard that lies over the page (as on iOS) covers what sticks to the lower edge:
 * `--keyboard` tells the style sheet how much.
 */
export function makeRoomForKeyboard(): void {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const measure = () => {
    // Zoomed in by two fingers, the viewport is smaller too, and nothing is covered.
    const below = window.innerHeight - viewport.height - viewport.offsetTop;
    const covered = viewport.scale > 1.01 ? 0 : below;
    document.documentElement.style.setProperty(
      "--keyboard",
      `${Math.max(0, Math.round(covered))}px`,
    );
  };
  viewport.addEventListener("resize", measure);
  viewport.addEventListener("scroll", measure); // the page moves below the keyboard
  measure();
}
