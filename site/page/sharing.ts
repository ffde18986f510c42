/** The bar above the editor when a link has brought code, and the button that makes such links. */
import type { Editor } from "./editor";
import { element } from "./element";
import { find } from "./find";
import { codeIn, linkWith } from "./shared-code";
import { text } from "./text";

/** `keep` takes a copy of the code that the link's is about to replace; false if it cannot. */
export function connectSharing(editor: Editor, keep: (code: string) => boolean): void {
  const bar = find("#shared");
  const said = find("#shared-text");
  const look = find<HTMLButtonElement>("#shared-look");
  const use = find<HTMLButtonElement>("#shared-use");
  const preview = find("#shared-preview");
  let code = "";

  function close(): void {
    bar.hidden = true;
    // The next visit by the same bookmark need not ask again; a copied link still has the code.
    history.replaceState(history.state, "", location.pathname + location.search);
    editor.focus();
  }

  async function show(): Promise<void> {
    const found = await codeIn(location.hash);
    if (found === undefined) return;
    code = found ?? "";
    said.textContent = text(found === null ? "shared.damaged" : "shared.text");
    look.hidden = found === null;
    use.hidden = found === null;
    preview.hidden = true;
    look.setAttribute("aria-expanded", "false");
    bar.hidden = false;
  }

  look.addEventListener("click", () => {
    preview.textContent = code;
    preview.hidden = !preview.hidden;
    look.setAttribute("aria-expanded", String(!preview.hidden));
  });
  use.addEventListener("click", () => {
    if (editor.text !== code) {
      if (!keep(editor.text)) {
        said.textContent = text("code.notReplaced");
        return;
      }
      editor.replace(code);
    }
    close();
  });
  find("#shared-dismiss").addEventListener("click", close);
  window.addEventListener("hashchange", show);
  show();

  const share = find("#share");
  const note = find("#share-note");
  share.addEventListener("click", async () => {
    note.hidden = false;
    const link = await linkWith(editor.text);
    try {
      await navigator.clipboard.writeText(link);
      note.textContent = text("share.copied");
    } catch {
      // Not allowed, as in a frame of another site, or no secure address.
      const field = element("input");
      field.readOnly = true;
      field.value = link;
      field.ariaLabel = text("share.link");
      note.replaceChildren(text("share.byHand"), field);
      field.select();
    }
  });
}
