import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InputError } from "../../../src/cli/args/exit-code.ts";
import { localFiles, readLocalVars } from "../../../src/cli/policy-file/local-vars.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scopegate-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const WRANGLER = '[vars]\nA = "top"\nB = "top"\n[env.production.vars]\nA = "production"\n';

describe("readLocalVars", () => {
  it.each([
    { name: "has none where there is no file", files: {}, expected: [{}, []] },
    {
      name: "has those of the top level of wrangler's file",
      files: { "wrangler.toml": WRANGLER },
      expected: [{ A: "top", B: "top" }, []],
    },
    {
      name: "takes those of .dev.vars in their place, as secrets",
      files: { "wrangler.toml": WRANGLER, ".dev.vars": 'B="own"\n', ".env": "A=env" },
      expected: [{ A: "top", B: "own" }, ["B"]],
    },
    {
      name: "takes those of .env if there is no .dev.vars",
      files: { "wrangler.toml": WRANGLER, ".env": "A=env" },
      expected: [{ A: "env", B: "top" }, ["A"]],
    },
    {
      name: "reads .dev.vars without a wrangler file",
      files: { ".dev.vars": "# own\nC='x y'\n" },
      expected: [{ C: "x y" }, ["C"]],
    },
    {
      name: "leaves alone what the policy does not name",
      files: { "wrangler.toml": WRANGLER, ".dev.vars": "TOKEN=t\nC=c" },
      expected: [{ A: "top", B: "top", C: "c" }, ["C"]],
    },
    {
      name: "leaves alone the file of an environment",
      files: { "wrangler.toml": WRANGLER, ".dev.vars.production": "A=a" },
      expected: [{ A: "top", B: "top" }, []],
    },
    { name: "takes nothing from an empty file", files: { ".dev.vars": "" }, expected: [{}, []] },
  ])("$name", async ({ files, expected }) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { vars, secret } = await readLocalVars(join(folder, "routes.json"), ["A", "B", "C"]);
    expect([vars, [...secret]]).toEqual(expected);
  });

  it("refuses a .dev.vars that cannot be read, by its name", async () => {
    mkdirSync(join(folder, ".dev.vars"));
    const read = readLocalVars(join(folder, "routes.json"), ["A"]);
    await expect(read).rejects.toBeInstanceOf(InputError);
    await expect(read).rejects.toThrow(/\.dev\.vars: The file cannot be read\.$/);
  });
});

describe("localFiles", () => {
  it("has every file that a local run depends on, whether it exists or not", () => {
    const names = ["p.json", "wrangler.json", "wrangler.jsonc", "wrangler.toml", ".dev.vars", ".env", ".env.local"];
    expect(localFiles(join(folder, "p.json"))).toEqual(names.map((name) => join(folder, name)));
  });
});
