import { element, english } from "./element";

/** A figure of matplotlib, or the text that says why there is none. */
export function picture(png: string | null, alt: string): HTMLElement {
  if (png === null) return english(element("figure", "", alt));
  const image = english(element("img"));
  image.src = `data:image/png;base64,${png}`;
  image.alt = alt;
  return element("figure", "", image);
}
