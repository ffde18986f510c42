/** The interface's texts in the page's language: site/words/, brought by a script of its own. */
import type english from "../words/en.json";

export type Key = keyof typeof english;
/** A key that comes as `<key>.one` and `<key>.other`. */
type CountKey = Key extends infer K ? (K extends `${infer Stem}.other` ? Stem : never) : never;

declare global {
  var gradletWords: Record<string, string> | undefined;
}

export const language = document.documentElement.lang || "en";
let plural: Intl.PluralRules | undefined; // made when first needed: `Intl` takes its time to wake

/** The text of a key, its `{placeholders}` filled in; the key itself if no texts could be had. */
export function text(key: Key, values: Record<string, string | number> = {}): string {
  return lookUp(key, values);
}

/** A text for that many things; `{count}` in it is the number. */
export function count(key: CountKey, number: number, values: Record<string, string | number> = {}) {
  plural ??= new Intl.PluralRules(language);
  const form = plural.select(number) === "one" ? "one" : "other";
  return lookUp(`${key}.${form}`, { count: number.toLocaleString(language), ...values });
}

function lookUp(key: string, values: Record<string, string | number>): string {
  const found = globalThis.gradletWords?.[key] ?? key;
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
