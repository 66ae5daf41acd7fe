import type { Page } from "playwright-core";

/** An element that has the focus. */
export interface Focused {
  /** Its start tag, for messages. */
  readonly tag: string;
  /**
   * Whether a ring or a shadow shows where the focus is: its own, or that of the box around it, which may clip its own.
   */
  readonly hasRing: boolean;
  /** Whether its box is in the window. */
  readonly isInView: boolean;
}

/** The element with the focus; `undefined` where none has it. */
export function focusedElement(page: Page): Promise<Focused | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return undefined;
    const isMarked = ({ outlineStyle, outlineWidth, boxShadow }: CSSStyleDeclaration) =>
      (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
    const inside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    return {
      tag: `${element.outerHTML.split(">")[0]}>`,
      hasRing: [element, element.parentElement].some((it) => it !== null && isMarked(getComputedStyle(it))),
      isInView: inside && width > 1 && height > 1,
    };
  });
}

/** Presses Tab until the focus leaves the page, or `limit` times. Returns each element that had it. */
export async function tabThrough(page: Page, limit: number): Promise<readonly Focused[]> {
  const found: Focused[] = [];
  while (found.length < limit) {
    await page.keyboard.press("Tab");
    const focused = await focusedElement(page);
    if (focused === undefined) return found;
    found.push(focused);
  }
  return found;
}
