import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  isolateHistory,
} from "@codemirror/commands";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { phrases } from "./editor-phrases";
import { editorSettings, followSettings } from "./editor-settings";
import { pythonColours } from "./python-language";

// Python's colours until the editor is entered, from then on what helps while typing too.
const assisted = new Compartment();

interface EditorOptions {
  parent: HTMLElement;
  text: string;
  label: string;
}

/** The code editor: CodeMirror 6 with what a learner of Python needs, and no more. */
export class Editor {
  readonly #view: EditorView;
  readonly #listeners: ((text: string) => void)[] = [];
  /** What Ctrl+Enter does. */
  onRun = (): void => {};

  constructor({ parent, text, label }: EditorOptions) {
    const run = () => {
      this.onRun();
      return true;
    };
    const state = EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
        editorSettings(),
        EditorState.phrases.of(phrases),
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        indentOnInput(),
        bracketMatching(),
        assisted.of(pythonColours),
        syntaxHighlighting(classHighlighter), // colours come from the site's own style sheet
        keymap.of([...historyKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.contentAttributes.of({
          "aria-label": label,
          tabindex: "0", // it has focus anyway; said so that checkers see it
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: "false",
        }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          const changed = update.state.doc.toString();
          for (const listener of this.#listeners) listener(changed);
        }),
      ],
    });
    this.#view = new EditorView({ state, parent });
    followSettings(this.#view);
    this.#assist();
  }

  /** Load what helps while typing when the editor is entered; after a failure, the next time. */
  #assist(): void {
    const load = async () => {
      try {
        const { assistance } = await import("./editor-assistance");
        this.#view.dispatch({ effects: assisted.reconfigure(assistance) });
      } catch (error) {
        console.warn("The editor does without completion and search for now:", error);
        this.#assist();
      }
    };
    this.#view.contentDOM.addEventListener("focus", load, { once: true });
  }

  /** `listener` gets the text after each change. */
  onChange(listener: (text: string) => void): void {
    this.#listeners.push(listener);
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** Replace all of the text, as one step that Undo takes back. */
  replace(text: string): void {
    const { state } = this.#view;
    this.#view.dispatch({
      changes: { from: 0, to: state.doc.length, insert: text },
      selection: { anchor: 0 },
      scrollIntoView: true,
      annotations: isolateHistory.of("full"), // not one step with what was typed just before
    });
  }

  /** Mark lines (1-based) with what went wrong on each; an empty list takes all marks away. */
  mark(errors: { line: number; message: string }[]): void {
    const { doc } = this.#view.state;
    const diagnostics = errors
      .filter(({ line }) => line >= 1 && line <= doc.lines)
      .map(({ line, message }) => {
        const { from, to, text } = doc.line(line);
        const indent = text.length - text.trimStart().length;
        return { from: from + indent, to, severity: "error" as const, message };
      });
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Put the cursor on a line (1-based) and show it. */
  goTo(line: number): void {
    const { doc } = this.#view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.#view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    this.#view.focus();
  }

  focus(): void {
    this.#view.focus();
  }
}
