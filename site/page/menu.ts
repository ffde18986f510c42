/** A <details> that is a menu: Escape, a choice, and what happens elsewhere close it. */
export function connectMenu(menu: HTMLDetailsElement): void {
  const close = () => {
    menu.open = false;
  };
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close();
    menu.querySelector("summary")?.focus();
  });
  // Before the button's own listener: a dialog that it opens gives the focus back to what had it,
  // and the button is hidden by then.
  menu.addEventListener(
    "click",
    ({ target }) => {
      if (!(target instanceof HTMLButtonElement)) return;
      menu.querySelector("summary")?.focus();
      close();
    },
    { capture: true },
  );
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Node && !menu.contains(target)) close();
  });
}
