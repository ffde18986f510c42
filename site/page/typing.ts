/**
 * `data-typing` on the page while somebody types in `place`: a small screen then leaves out what
 * is not needed. It waits for the end of a press that takes the focus away, or what was pressed
 * would move before it is released, and the press would be lost.
 */
export function noticeTyping(place: HTMLElement): void {
  let pressing = false;
  const notice = () => {
    const typing = place.contains(document.activeElement);
    if (!pressing) document.documentElement.toggleAttribute("data-typing", typing);
  };
  const press = () => {
    pressing = true;
  };
  // After the click that comes of it.
  const release = () =>
    setTimeout(() => {
      pressing = false;
      notice();
    });
  document.addEventListener("pointerdown", press, true);
  document.addEventListener("pointerup", release, true);
  document.addEventListener("pointercancel", release, true);
  place.addEventListener("focusin", notice);
  // Only then is it known where the focus goes.
  place.addEventListener("focusout", () => setTimeout(notice));
}
