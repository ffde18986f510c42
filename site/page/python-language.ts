import { indentNodeProp, LRLanguage, type TreeIndentContext } from "@codemirror/language";
import { parser } from "@lezer/python";

/** Python's colours, and as much of its indentation as one line tells, until assistance comes. */
export const pythonColours = LRLanguage.define({
  parser: parser.configure({
    props: [indentNodeProp.add({ Script: indentation })],
  }),
});

/** A new line begins where the last one did, or deeper after a colon. */
function indentation(context: TreeIndentContext): number {
  const { text } = context.lineAt(context.pos, -1);
  return context.lineIndent(context.pos, -1) + (/:\s*$/.test(text) ? context.unit : 0);
}
