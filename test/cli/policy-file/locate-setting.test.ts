import { describe, expect, it } from "vitest";
import { createSettingLocator } from "../../../src/cli/policy-file/locate-setting.ts";

const TOML = `name = "gateway" # [env.production]
  preview_urls = false
vars."A.B" = "x"

[ env . production ]
"workers_dev"=true
observability = { logs = { enabled = true } }
routes = [
  "api.acme.dev/*",
]

[[env.production.kv_namespaces]]
binding = "ONE"
[[env.production.kv_namespaces]]
binding = "TWO"
id = "2"
[env.'a b'.vars]
X = "1"\r
`;

describe("the place of a setting in TOML", () => {
  it.each([
    { name: "a key at the top", path: ["name"], expected: [1, 1] },
    { name: "a key behind blanks", path: ["preview_urls"], expected: [2, 3] },
    { name: "a dotted key with quotes", path: ["vars", "A.B"], expected: [3, 1] },
    { name: "a table with blanks", path: ["env", "production"], expected: [5, 1] },
    { name: "a quoted key of a table", path: ["env", "production", "workers_dev"], expected: [6, 1] },
    {
      name: "a setting in braces, which has the place of the key in front",
      path: ["env", "production", "observability", "logs", "enabled"],
      expected: [7, 1],
    },
    { name: "an item of a list over several lines", path: ["env", "production", "routes", 0], expected: [8, 1] },
    { name: "the first of several tables", path: ["env", "production", "kv_namespaces", 0], expected: [12, 1] },
    {
      name: "a key of the second of several tables",
      path: ["env", "production", "kv_namespaces", 1, "id"],
      expected: [16, 1],
    },
    { name: "a table with a quoted name", path: ["env", "a b", "vars", "X"], expected: [18, 1] },
    { name: "a missing key of a table", path: ["env", "production", "limits", "cpu_ms"], expected: [5, 1] },
    { name: "a missing key at the top", path: ["limits"], expected: [1, 1] },
  ])("is that of $name", ({ path, expected }) => {
    const { line, column } = createSettingLocator("wrangler.toml", TOML)(path);
    expect([line, column]).toEqual(expected);
  });
});

describe("the place of a setting in JSON with comments", () => {
  const text = `// "name": "no",
{
  "name": "https://acme.dev/*", /* "vars":
  {} */ "vars": { "X": "a,]" , },
  "routes": [ "a/*", "b/*", // last
  ],
}`;

  it.each([
    { name: "a text that looks like a comment", path: ["name"], expected: [3, 3] },
    { name: "a member behind a comment of two lines", path: ["vars"], expected: [4, 9] },
    { name: "a member of it", path: ["vars", "X"], expected: [4, 19] },
    { name: "an item", path: ["routes", 1], expected: [5, 22] },
    { name: "what is missing", path: ["vars", "Y"], expected: [4, 9] },
  ])("is that of $name", ({ path, expected }) => {
    const { line, column } = createSettingLocator("wrangler.jsonc", text)(path);
    expect([line, column]).toEqual(expected);
  });
});
