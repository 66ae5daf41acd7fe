import { describe, expect, it } from "vitest";
import { columnLayout, visibleCallers } from "../../../../../src/cli/console/browser/matrix/grid-layout.ts";

/** The widths of a template, in pixels. */
function widthsOf(template: string): { readonly fixed: readonly number[]; readonly callers: number } {
  const [, one = "0"] = /repeat\(\d+, (\d+)px\)/.exec(template) ?? [];
  const fixed = template.slice(0, template.indexOf("repeat")).split("px").map(Number).slice(0, -1);
  return { fixed, callers: Number(one) };
}

describe("the columns of the grid", () => {
  it("fit 30 clients and anyone into a window of 1280 pixels", () => {
    const { template, isUpright, isNarrow } = columnLayout(1280 - 2 * 14 - 2 - 15, 31);
    const { fixed, callers } = widthsOf(template);
    expect(fixed.reduce((sum, width) => sum + width, 31 * callers)).toBeLessThanOrEqual(1280 - 45);
    expect([isUpright, isNarrow, callers >= 22]).toEqual([true, false, true]);
  });

  it.each([
    { view: 640, callers: 3 },
    { view: 1250, callers: 3 },
    { view: 1250, callers: 12 },
    { view: 2500, callers: 31 },
  ])("fill a view of $view pixels with $callers callers", ({ view, callers }) => {
    const widths = widthsOf(columnLayout(view, callers).template);
    expect(widths.fixed.reduce((sum, width) => sum + width, callers * widths.callers)).toBe(view);
  });

  it("have names that lie flat where callers have room", () => {
    expect(columnLayout(1250, 8).isUpright).toBe(false);
    expect(columnLayout(1250, 16).isUpright).toBe(true);
  });

  it("are those of callers only where the view is narrow", () => {
    const layout = columnLayout(639, 100);
    expect([layout.isNarrow, widthsOf(layout.template).fixed, layout.pinned]).toEqual([true, [], 0]);
    expect(layout.placeOf(0)).toBeUndefined();
    expect(layout.placeOf(3)).toEqual({ start: 0, end: 34 });
    expect(columnLayout(640, 100).isNarrow).toBe(false);
  });

  it("say where a column is, except for the first one, which stays in sight", () => {
    const { placeOf } = columnLayout(1250, 100);
    expect(placeOf(0)).toBeUndefined();
    expect([1, 2, 3, 4].map(placeOf)).toEqual([
      { start: 270, end: 440 },
      { start: 440, end: 524 },
      { start: 524, end: 546 },
      { start: 546, end: 568 },
    ]);
  });
});

describe("the callers to make elements for", () => {
  const layout = { before: 500, width: 20 };

  it.each([
    { name: "all if they are few", scrolled: 1_000, callers: 64, range: { first: 0, end: 64 } },
    { name: "those in sight and some more", scrolled: 0, callers: 65, range: { first: 0, end: 40 } },
    { name: "none before the first", scrolled: 500, callers: 300, range: { first: 0, end: 64 } },
    { name: "those around the place", scrolled: 2_000, callers: 300, range: { first: 64, end: 136 } },
    { name: "none after the last", scrolled: 6_000, callers: 300, range: { first: 264, end: 300 } },
  ])("are $name", ({ scrolled, callers, range }) => {
    const found = visibleCallers(layout, scrolled, 1_000, callers);
    expect(found).toEqual(range);
    const [left, right] = [(scrolled - 500) / 20, (scrolled - 500 + 1_000) / 20];
    expect(found.first).toBeLessThanOrEqual(Math.max(0, left));
    expect(found.end).toBeGreaterThanOrEqual(Math.min(callers, right));
  });
});
