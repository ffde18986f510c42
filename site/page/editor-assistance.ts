/** What helps a learner who types: loaded when the editor is first entered, not with the page. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { python } from "@codemirror/lang-python";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import { keymap } from "@codemirror/view";

/** Python's indentation and names, closing brackets, and the search. */
export const assistance: Extension = [
  python(),
  closeBrackets(),
  autocompletion(),
  highlightSelectionMatches(),
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap]),
];
