import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const ODD = { 'a|b,"c"<i>': { scopes: ["read:orders"] }, "=1+1": { scopes: [] } };
const routes = [
  { path: "/orders/*", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
  { path: "/", methods: ["*"], public: true, upstream: "products" },
];
const cognito = exampleFile().issuers.cognito;
const restricted = { cognito: { ...cognito, registeredClientsOnly: true } };
const policy = scratch.write("policy.json", exampleFile({ clients: ODD, routes, issuers: restricted }));

async function matrix(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await scopegate("matrix", "--policy", policy, ...args);
  expect([exitCode, stderr]).toEqual([0, ""]);
  return stdout;
}

it("is a table in the terminal", async () => {
  expect(await matrix()).toBe(
    [
      'methods  path       requirement  upstream  anyone  a|b,"c"<i>  =1+1',
      "GET      /orders/*  read:orders  orders    -       yes         -",
      "*        /          public       products  yes     yes         yes",
      "",
    ].join("\n"),
  );
});

it("is Markdown that no name breaks out of", async () => {
  expect(await matrix("--markdown")).toBe(
    [
      '| methods | path | requirement | upstream | anyone | a\\|b,"c"\\<i\\> | =1+1 |',
      "| --- | --- | --- | --- | --- | :-: | :-: |",
      "| GET | /orders/\\* | read:orders | orders |  | yes |  |",
      "| \\* | / | public | products | yes | yes | yes |",
      "",
    ].join("\n"),
  );
});

it("is CSV that no name breaks out of, and no spreadsheet runs (RFC 4180)", async () => {
  expect(await matrix("--csv")).toBe(
    [
      `methods,path,requirement,upstream,anyone,"a|b,""c""<i>",'=1+1`,
      "GET,/orders/*,read:orders,orders,no,yes,no",
      "*,/,public,products,yes,yes,yes",
      "",
    ].join("\r\n"),
  );
});

describe("the page", () => {
  it("needs nothing but itself", async () => {
    const page = await matrix("--html");
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).not.toMatch(/<(?:link|img|iframe|base|object|embed)|\ssrc=|url\(|@import|https?:|\bimport\b|fetch\(/i);
  });

  it("lets nothing run except its own script and style, which it names by their hashes", async () => {
    const page = await matrix("--html");
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(page)?.[1] ?? "";
    const contentOf = (pattern: RegExp) => pattern.exec(page)?.[1] ?? "";
    const hash = (content: string) => `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      `script-src ${hash(contentOf(/<script type="module">([\s\S]+?)<\/script>/))}`,
      `style-src ${hash(contentOf(/<style>([\s\S]+?)<\/style>/))}`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    // The policy stands before what it is about.
    expect(page.indexOf("Content-Security-Policy")).toBeLessThan(page.search(/<(?:script|style|title|body)/));
    expect(page.match(/<script\b[^>]*>/g)).toEqual([
      '<script type="application/json" id="matrix-data">',
      '<script type="module">',
    ]);
    expect(page).not.toMatch(/\s(?:style|on[a-z]+)="/);
  });

  it("names no folder of the machine that made it", async () => {
    expect(await matrix("--html")).not.toMatch(/node_modules|src\/cli/);
  });

  it("escapes names", async () => {
    const page = await matrix("--html");
    expect(page).toContain("<span>a|b,&quot;c&quot;&lt;i&gt;</span></th>");
    expect(page).toContain(String.raw`"name":"a|b,\"c\"\u003ci>"`);
    expect(page).not.toContain("<i>");
  });

  it("is made for phones and for paper", async () => {
    const page = await matrix("--html");
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(page).toContain("@media print");
    expect(page).toContain(".narrow ");
  });

  it("has a cell for every route and client, told apart without colour", async () => {
    const page = await matrix("--html");
    expect(page.match(/aria-label="(?:yes|no)">./g)).toEqual([
      'aria-label="no">\u2013',
      'aria-label="yes">\u2713',
      'aria-label="no">\u2013',
      'aria-label="yes">\u2713',
      'aria-label="yes">\u2713',
      'aria-label="yes">\u2713',
    ]);
  });
});

it("is JSON", async () => {
  expect(JSON.parse(await matrix("--json"))).toMatchObject({
    clients: Object.keys(ODD),
    rows: [{ allowed: [true, false] }, {}],
  });
});

it("shows a client that no issuer takes as one that can only call what is public", async () => {
  const issuers = { cognito: { issuer: "https://issuer.example", profile: "cognito", audiences: ["mobile"] } };
  const clients = { web: { scopes: ["read:orders"] }, mobile: { scopes: ["read:orders"] } };
  const file = scratch.write("audiences.json", exampleFile({ issuers, clients, routes }));
  const { stdout } = await scopegate("matrix", "--policy", file, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ rows: [{ allowed: [false, true] }, { allowed: [true, true] }] });
});

describe("where the gateway does not hold clients to their registration", () => {
  const clients = { customer: { issuer: "other", scopes: [] } };
  const open = { "a|b<i>": { ...cognito }, other: { ...cognito, issuer: "https://other.example" } };
  const file = scratch.write("open.json", exampleFile({ clients, routes, issuers: open }));
  const note = (issuers: string) =>
    "The matrix assumes that no client has a token with scopes beyond its registration. The gateway does not enforce " +
    `that: \`registeredClientsOnly\` is off. The issuers ${issuers} do not restrict clients, so an accepted token of any ` +
    "client, listed here or not, opens every route whose scopes it holds.";
  const plain = note("`a|b<i>`, `other`");
  const brackets = " Brackets mark the calls that only the registration refuses.";

  it.each([
    { format: "text", args: [], inFile: `yes\n\nNote: ${plain}${brackets}\n`, onStderr: "" },
    {
      format: "Markdown",
      args: ["--markdown"],
      inFile: `|\n\n${plain.replace(/[`|<>]/g, "\\$&")}${brackets}\n`,
      onStderr: "",
    },
    {
      format: "a page",
      args: ["--html"],
      inFile: `<p class="note"><b>${note("`a|b&lt;i&gt;`, `other`").replace(/`([^`]*)`/g, "<code>$1</code>")}${brackets}</b></p>\n<form`,
      onStderr: "",
    },
    { format: "CSV", args: ["--csv"], inFile: "*,/,public,products,yes,yes\r\n", onStderr: `Note: ${plain}\n` },
    { format: "JSON", args: ["--json"], inFile: `"assumption": ${JSON.stringify(plain)}`, onStderr: "" },
  ])("$format says so, and which issuers that is about", async ({ args, inFile, onStderr }) => {
    const { exitCode, stdout, stderr } = await scopegate("matrix", "--policy", file, ...args);
    expect([exitCode, stderr]).toEqual([0, onStderr]);
    expect(stdout).toContain(inFile);
  });

  it.each([
    { format: "text", args: [], cell: /^GET +\/orders\/\* .* {2}\(-\)$/m },
    { format: "Markdown", args: ["--markdown"], cell: /^\| GET .* \| \(-\) \|$/m },
    { format: "a page", args: ["--html"], cell: /aria-label="no, but not enforced">\(\u2013\)</ },
    { format: "CSV", args: ["--csv"], cell: /^GET,.*,no,no \(not enforced\)\r$/m },
    { format: "JSON", args: ["--json"], cell: /"unenforced": \[\s*true\s*\]/ },
  ])("$format marks each call that only the registration refuses", async ({ args, cell }) => {
    expect((await scopegate("matrix", "--policy", file, ...args)).stdout).toMatch(cell);
    // The page's legend and script know every mark.
    const table = (await matrix(...args)).replace(/^[\s\S]*<noscript>\n([\s\S]+?)<\/noscript>[\s\S]*$/, "$1");
    expect(table).not.toMatch(/\(-\)|\(\u2013\)|not enforced|"unenforced": \[[^\]]*true/);
  });

  it("CSV holds the table and nothing else", async () => {
    const { stdout } = await scopegate("matrix", "--policy", file, "--csv");
    expect(
      stdout
        .trimEnd()
        .split("\r\n")
        .map((line) => line.split(",").length),
    ).toEqual([6, 6, 6]);
  });

  it.each([[], ["--markdown"], ["--html"], ["--csv"], ["--json"]])("and only there: %s", async (...args) => {
    expect(await matrix(...args)).not.toMatch(/assume|assumption/);
  });

  it("JSON lists the issuers", async () => {
    expect(JSON.parse(await matrix("--json"))).toMatchObject({ unrestrictedIssuers: [] });
    const { stdout } = await scopegate("matrix", "--policy", file, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ unrestrictedIssuers: ["a|b<i>", "other"] });
  });
});

describe("where clients have names", () => {
  const clients = { "4kq7l2": { name: 'Web|"shop"<i>', scopes: ["read:orders"] }, batch: { scopes: [] } };
  const named = scratch.write("named.json", exampleFile({ clients, routes, issuers: restricted }));

  it.each([
    { format: "text", args: [], heading: 'anyone  4kq7l2 (Web|"shop"<i>)  batch\n' },
    { format: "Markdown", args: ["--markdown"], heading: '| 4kq7l2 (Web\\|"shop"\\<i\\>) | batch |\n' },
    { format: "CSV", args: ["--csv"], heading: ',anyone,"4kq7l2 (Web|""shop""<i>)",batch\r\n' },
    { format: "a page", args: ["--html"], heading: "4kq7l2 (Web|&quot;shop&quot;&lt;i&gt;)" },
    { format: "JSON", args: ["--json"], heading: '"4kq7l2": "Web|\\"shop\\"<i>"' },
  ])("$format has each name behind the client's key", async ({ args, heading }) => {
    const { stdout } = await scopegate("matrix", "--policy", named, ...args);
    expect(stdout).toContain(heading);
  });

  it("JSON has the names beside the keys, which stay as they are", async () => {
    const { stdout } = await scopegate("matrix", "--policy", named, "--json");
    const { clients: keys, clientNames } = JSON.parse(stdout);
    expect([keys, clientNames]).toEqual([["4kq7l2", "batch"], { "4kq7l2": 'Web|"shop"<i>' }]);
    expect(JSON.parse(await matrix("--json"))).not.toHaveProperty("clientNames");
  });
});

describe("with --grants", () => {
  const grants = { "cognito:groups": { "a|b": ["read:orders"], "=x": ["write:orders"] } };
  const granting = scratch.write(
    "granting.json",
    exampleFile({ clients: {}, routes, issuers: { cognito: { ...cognito, grants } } }),
  );
  const columns = ["cognito:groups=a|b", "cognito:groups==x"];

  async function withGrants(...args: string[]): Promise<string> {
    const { exitCode, stdout } = await scopegate("matrix", "--policy", granting, "--grants", ...args);
    expect(exitCode).toBe(0);
    return stdout;
  }

  it("the table has a column for each value", async () => {
    const [heading, ...rows] = (await withGrants()).split("\n");
    expect(heading).toMatch(/anyone +cognito:groups=a\|b +cognito:groups==x$/);
    expect(rows[0]).toMatch(/orders +- +yes +-$/);
    expect(rows[1]).toMatch(/products +yes +yes +yes$/);
  });

  it("so have Markdown, CSV and HTML, where no value breaks out", async () => {
    expect(await withGrants("--markdown")).toContain("| cognito:groups=a\\|b | cognito:groups==x |");
    expect(await withGrants("--csv")).toContain("anyone,cognito:groups=a|b,cognito:groups==x");
    expect(await withGrants("--html")).toContain("<span>cognito:groups=a|b</span></th>");
  });

  it("JSON names the values and says for each route which of them open it", async () => {
    const matrix = JSON.parse(await withGrants("--json"));
    expect(matrix.grants.map(({ claim, value }: Record<string, string>) => `${claim}=${value}`)).toEqual(columns);
    expect(matrix.rows.map(({ granted }: { granted: unknown }) => granted)).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  it("and JSON without it has neither", async () => {
    const { stdout } = await scopegate("matrix", "--policy", granting, "--json");
    expect(stdout).not.toContain("grant");
  });

  it("names the issuer where several have grants", async () => {
    const other = { issuer: "https://other.example", profile: "cognito", grants: { groups: { x: ["read:orders"] } } };
    const issuers = { cognito: { ...cognito, grants }, other };
    const file = scratch.write("two.json", exampleFile({ clients: {}, routes, issuers }));
    const { stdout } = await scopegate("matrix", "--policy", file, "--grants");
    expect(stdout).toContain("cognito: cognito:groups=a|b");
    expect(stdout).toContain("other: groups=x");
  });
});

it("has a column for hosts if a route names some", async () => {
  const hosts = { hosts: ["api.example", "admin.example"] };
  const [open = {}] = routes.slice(1);
  const file = exampleFile({ ...hosts, clients: {}, routes: [...routes, { ...open, hosts: ["admin.example"] }] });
  const path = scratch.write("hosts.json", file);
  const { stdout } = await scopegate("matrix", "--policy", path);
  expect(stdout.split("\n").slice(0, 4)).toEqual([
    "methods  hosts          path       requirement  upstream  anyone",
    "GET      *              /orders/*  read:orders  orders    -",
    "*        *              /          public       products  yes",
    "*        admin.example  /          public       products  yes",
  ]);
  const json = await scopegate("matrix", "--json", "--policy", path);
  const rows = JSON.parse(json.stdout).rows as { hosts?: string[] }[];
  expect(rows.map((row) => row.hosts)).toEqual([undefined, undefined, ["admin.example"]]);
  const csv = await scopegate("matrix", "--csv", "--policy", path);
  expect(csv.stdout.split("\r\n")[3]).toBe("*,admin.example,/,public,products,yes");
  const html = await scopegate("matrix", "--html", "--policy", path);
  expect(html.stdout).toContain("<b>any method</b> <code>/</code> on admin.example</th>");
  const markdown = await scopegate("matrix", "--markdown", "--policy", path);
  expect(markdown.stdout).toContain("| \\* | admin.example | / | public | products | yes |");
});
