import { describe, expect, it } from "vitest";
import { bundleAssets } from "../../../../src/cli/console/assets/bundle-assets.ts";
import { VIEWS } from "../../../../src/cli/console/views.ts";

const assets = await bundleAssets(["console", ...VIEWS.map(({ id }) => id), "no-such-view"]);

describe("what pages load", () => {
  it("is there for every page, and for views that have something of their own", () => {
    const names = [...assets.keys()];
    expect(names).toEqual(expect.arrayContaining(["console.css", "console.js", "change.css", "change.js"]));
    expect(names.filter((name) => name.includes("no-such-view"))).toEqual([]);
  });

  it.each(Array.from(assets, ([name, asset]) => ({ name, ...asset })))(
    "$name has its type, and loads nothing else",
    ({ name, type, text }) => {
      expect(type).toBe(name.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8");
      expect(text.trim()).not.toBe("");
      expect(text).not.toMatch(/^import\s|\bimport\(|@import|url\(|sourceMappingURL/m);
    },
  );

  it.each(Array.from(assets.keys()).filter((name) => name.endsWith(".js")))(
    "%s turns no text into elements or code",
    (name) => {
      const text = assets.get(name)?.text ?? "";
      expect(text).not.toMatch(/\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function\(/);
    },
  );
});
