import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { filesOf } from "../../support/project/import-graph.ts";
import { projectFile, ROOT } from "../../support/project/project-files.ts";

const scratch = scratchDirectory();
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** Once, names from policies, tokens and documents were printed raw, so they could overwrite what a command said. */
describe("no name steers the output", () => {
  const claims = { iss: "https://issuer.example/pool", exp: 1, aud: "x\u202ey", client_id: "a\u001b[1A\rb" };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "ES256", kid: "\u009b2K\u202e" })}.${part(claims)}.AAAA`;
  const document = JSON.stringify({
    openapi: "3.0.0",
    info: { title: "Shop\r\u202e", version: "1" },
    paths: { "/a\nholds  all\u001b[2K": { get: { responses: {} } } },
  });
  const policy = scratch.write("policy.json", exampleFile({ clients: { "@team <b>": { scopes: ["read:orders"] } } }));
  const faulty = scratch.write(
    "faulty.json",
    exampleFile({ clients: { "a\u001b[2K\rb\u202e": { scopes: ["x\u202e"] } } }),
  );

  it.each([
    { name: "a token", args: ["explain", "GET", "/orders", "--policy", policy, "--token", token] },
    { name: "a document", args: ["drift", "openapi", scratch.write("api.json", document), "--policy", policy] },
    {
      name: "a document that is imported",
      args: ["import", "openapi", scratch.write("api.json", document), "--policy", policy],
    },
    { name: "a faulty policy, checked", args: ["check", "--policy", faulty] },
    { name: "a faulty policy, checked, as JSON", args: ["check", "--policy", faulty, "--json"] },
    { name: "a faulty policy", args: ["matrix", "--policy", faulty] },
    { name: "the name of a file", args: ["check", "--policy", "no\u001b[2K\rsuch\u202e.json"] },
    { name: "a word of the command line", args: ["che\u202eck\r"] },
  ])("$name", async ({ args }) => {
    const { stdout, stderr } = await scopegate(...args);
    expect(`${stdout}${stderr}`).toMatch(/\S/);
    for (const line of `${stdout}${stderr}`.split("\n")) expect(line).not.toMatch(CONTROLS);
    expect(`\n${stdout}${stderr}`).not.toContain("\nholds  all");
  });

  it("mentions nobody in Markdown, and opens no element in HTML", async () => {
    const { stdout: markdown } = await scopegate("matrix", "--policy", policy, "--markdown");
    expect(markdown).toContain("| `@team <b>` |");
    const { stdout: page } = await scopegate("matrix", "--policy", policy, "--html");
    expect(page).toContain("@team &lt;b&gt;");
  });

  it("can be forgotten by no formatter: only `cli/print` prints", () => {
    const printing = filesOf(join(ROOT, "src/cli")).filter(
      (file) =>
        file.endsWith(".ts") &&
        !file.startsWith("print/") &&
        /console\.\w+\(|process\.(?:stdout|stderr)\.write/.test(projectFile(`src/cli/${file}`)),
    );
    expect(printing).toEqual([]);
  });
});
