import type { Page } from "playwright-core";

/** An element that has the focus. */
export interface Focused {
  /** Its start tag, for messages. */
  readonly tag: string;
  /** Whether a ring, a shadow or another sign of `:focus-visible` shows where the focus is. */
  readonly hasRing: boolean;
  /** Whether its box is in the window. */
  readonly isInView: boolean;
}

/** The element with the focus; `undefined` where none has it. */
export function focusedElement(page: Page): Promise<Focused | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return undefined;
    const style = getComputedStyle(element);
    const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
    const inside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    return {
      tag: `${element.outerHTML.split(">")[0]}>`,
      hasRing: (style.outlineStyle !== "none" && style.outlineWidth !== "0px") || style.boxShadow !== "none",
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
