import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const ODD = { 'a|b,"c"<i>': { scopes: ["read:orders"] }, "=1+1": { scopes: [] } };
const routes = [
  { path: "/orders/*", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
  { path: "/", methods: ["*"], public: true, upstream: "products" },
];
const policy = scratch.write("policy.json", exampleFile({ clients: ODD, routes }));

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
    expect(page).not.toMatch(/<(?:script|link|img|iframe)|src=|url\(|@import|https?:/i);
  });

  it("escapes names", async () => {
    const page = await matrix("--html");
    expect(page).toContain('<th scope="col" class="who">a|b,&quot;c&quot;&lt;i&gt;</th>');
    expect(page).not.toContain("<i>");
  });

  it("is made for phones and for paper", async () => {
    const page = await matrix("--html");
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(page).toContain("@media print");
    expect(page).toContain("@media screen and (max-width: 45rem)");
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
