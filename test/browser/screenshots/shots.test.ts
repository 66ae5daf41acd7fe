import { readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { projectFile, ROOT } from "../../support/project/project-files.ts";
import { MAX_PICTURE_BYTES, PICTURES, pictureOf, SCHEMES, SHOTS } from "./shots.ts";

const FILES = SHOTS.flatMap((shot) => SCHEMES.map((scheme) => pictureOf(shot, scheme)));

/** The pictures of a page: the path of each from the root, and the words for those who do not see it. */
function picturesIn(folder: string, page: string) {
  const pattern = /<picture>\n<source media="[^"]+" srcset="([^"]+)">\n<img alt="([^"]+)" src="([^"]+)">\n<\/picture>/g;
  return Array.from(page.matchAll(pattern), ([, dark = "", alt = "", light = ""]) => ({
    alt,
    paths: [light, dark].map((path) => normalize(join(folder, path)).replaceAll("\\", "/")),
  }));
}

describe("the pictures of the console", () => {
  it.each(FILES)("are small WebP files: %s", (file) => {
    const bytes = readFileSync(join(ROOT, file));
    expect(bytes.toString("latin1", 0, 4) + bytes.toString("latin1", 8, 12)).toBe("RIFFWEBP");
    expect(bytes.length).toBeLessThan(MAX_PICTURE_BYTES);
  });

  it("are those that `npm run screenshots` takes, and no other", () => {
    expect(
      readdirSync(join(ROOT, PICTURES))
        .map((name) => `${PICTURES}/${name}`)
        .toSorted(),
    ).toEqual(FILES.toSorted());
  });

  it.each([
    { page: "README.md", folder: ".", expected: 2 },
    { page: "docs/guides/console.md", folder: "docs/guides", expected: SHOTS.length },
  ])("are shown with words, in light and in dark: $page", ({ page, folder, expected }) => {
    const pictures = picturesIn(folder, projectFile(page));
    expect(pictures).toHaveLength(expected);
    expect(pictures.filter(({ alt }) => alt.length < 40)).toEqual([]);
    expect(pictures.flatMap(({ paths }) => paths).filter((path) => !FILES.includes(path))).toEqual([]);
    expect(projectFile(page).match(/<img/g)).toHaveLength(expected);
  });
});
