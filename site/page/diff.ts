/** Two programs and where they differ: loaded only when it is wanted. */
import { syntaxHighlighting } from "@codemirror/language";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { pythonColours } from "./python-language";

interface Comparable {
  parent: HTMLElement;
  mine: string;
  reference: string;
  mineLabel: string;
  referenceLabel: string;
  narrow: boolean; // one below the other instead of side by side
}

// Of characters. The default gives up soon, and marks all that comes after as different.
const diffConfig = { scanLimit: 5000 };

/** Show them; who takes them away again destroys the view, which else goes on listening. */
export function compare({ parent, mine, reference, narrow, ...labels }: Comparable): {
  destroy(): void;
} {
  if (narrow) {
    const unified = unifiedMergeView({ original: mine, mergeControls: false, diffConfig });
    const extensions = [readOnly(labels.referenceLabel), unified];
    return new EditorView({ doc: reference, extensions, parent });
  }
  return new MergeView({
    a: { doc: mine, extensions: readOnly(labels.mineLabel) },
    b: { doc: reference, extensions: readOnly(labels.referenceLabel) },
    diffConfig,
    parent,
  });
}

function readOnly(label: string): Extension {
  return [
    lineNumbers(),
    pythonColours,
    syntaxHighlighting(classHighlighter),
    EditorView.lineWrapping,
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", role: "document" }),
  ];
}
