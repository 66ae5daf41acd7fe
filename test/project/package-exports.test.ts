import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as engine from "../../src/exports/policy.ts";
import { FEATURE_NAMES } from "../support/policy/feature-policies.ts";
import { projectFile, ROOT, tableRows } from "../support/project/project-files.ts";

const { exports, bin } = JSON.parse(projectFile("package.json"));
const page = projectFile("docs/reference/package.md");

describe("what the package exports", () => {
  it("is compiled from a file of src, or from package.json itself", () => {
    const targets = [...Object.values(exports), ...Object.values(bin)].flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(Object(target)).map(String),
    );
    const paths = targets.flatMap((target) => FEATURE_NAMES.map((name) => target.replace("*", name)));
    const sources = paths.map((target) =>
      target.replace(/^(?:\.\/)?lib\//, "src/").replace(/(?:\.d\.ts|\.js)$/, ".ts"),
    );
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
  });

  it("is on its page: every function of the engine, and no other", () => {
    const rows = tableRows(page, ["function", "what it does"]).map(([name = ""]) => name);
    const documented = rows.flatMap((name) => Array.from(name.matchAll(/`(\w+)\(/g), ([, it]) => it));
    const functions = Object.keys(engine).filter((name) => name !== "UndecidedError");
    expect(documented.toSorted()).toEqual(functions.toSorted());
    expect(page).toContain("UndecidedError");
  });

  it("names each module on its page", () => {
    const named = tableRows(page, ["what", "is"]).map(([name = ""]) => name.replaceAll("`", ""));
    const modules = Object.keys(exports).map((name) => name.replace(/^\./, "scopegate"));
    const internal = ["scopegate/bin", "scopegate/package.json"];
    expect(modules.filter((name) => !named.includes(name) && !internal.includes(name))).toEqual([]);
  });
});
