import { indentNodeProp, LRLanguage } from "@codemirror/language";
import { parser } from "@lezer/python";

/** Python's colours alone: all that is needed of the language before somebody types. */
export const pythonColours = LRLanguage.define({
  parser: parser.configure({
    // A new line begins where the last one did.
    props: [indentNodeProp.add({ Script: (context) => context.lineIndent(context.pos, -1) })],
  }),
});
