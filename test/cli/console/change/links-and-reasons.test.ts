import { describe, expect, it } from "vitest";
import { clientsHtml } from "../../../../src/cli/console/change/clients-html.ts";
import type { ComparedChange } from "../../../../src/cli/console/change/compute/change-answer.ts";
import { computeChange } from "../../../../src/cli/console/change/compute/compute-change.ts";
import { findRevision } from "../../../../src/cli/console/change/compute/revision.ts";
import { kindSections } from "../../../../src/cli/console/change/difference-html.ts";
import { createRepository } from "../../../support/cli/git-repository.ts";
import { readable, whyAsker } from "../../../support/cli/why-page.ts";
import { policyFile, policyFileWith } from "../../../support/policy/policy-file.ts";

const TODAY = "2027-01-15";
const repository = createRepository();
const FILE = repository.path("routes.json");

const route = (scopes: readonly string[] | undefined, until?: string) => ({
  ...{ path: "/orders", methods: ["GET"], upstream: "orders" },
  ...(scopes === undefined ? { public: true } : { scopes }),
  ...(until !== undefined && { report: { until } }),
});
const clients = (...scopes: readonly string[]) => ({ app: { scopes } });
const issuers = (grants: Readonly<Record<string, unknown>>) => ({ main: { ...policyFile().issuers.main, grants } });
const READ = ["read:orders"];
const WRITE = ["write:orders"];
const LIST = { path: "/list", methods: ["GET"], scopes: WRITE, upstream: "orders" };
const REPORTED = { routes: [route(READ, "2027-01-31")], clients: clients() };

const ORDERS = "https://orders.example";
const MOVED = "https://moved.example";

interface Link {
  /** What the page says of the call: its callers gain it or lose it. */
  readonly says: "gained" | "lost";
  readonly query: string;
  /** The day that the link asks about; `null`: that of the console. */
  readonly day: string | null;
}

/** All links of the page about calls that somebody gains or loses. */
function linksOf(change: ComparedChange): readonly Link[] {
  const html = [...kindSections(change), clientsHtml(change)].join("");
  const parts = html.matchAll(
    /<section class="(?<kind>[^"]*)"|<h3>(?<verb>[^<]*)<\/h3>|<a href="\/why\?(?<query>[^"]*)">(?<text>[^<]*)<\/a>/g,
  );
  let heading = "";
  return Array.from(parts).flatMap(({ groups = {} }) => {
    if (groups["query"] === undefined) {
      heading = groups["kind"] ?? groups["verb"] ?? "";
      return [];
    }
    const query = groups["query"].replaceAll("&amp;", "&");
    const isBare = !/permitted|such as/.test(groups["text"] ?? "");
    const isLost = isBare ? heading === "kind closes" : /no longer/.test(`${groups["text"]} ${heading}`);
    const says = isLost ? "lost" : "gained";
    return [{ says, query, day: new URLSearchParams(query).get("on") }];
  });
}

describe("each link of a change leads to a reason that agrees with it", () => {
  it.each([
    {
      name: "a change on every day",
      before: { routes: [route(READ)], clients: clients("write:orders") },
      after: { routes: [route(WRITE)], clients: clients("write:orders") },
      days: [null],
    },
    {
      name: "a requirement that changes while the route reports",
      before: { ...REPORTED, clients: clients("write:orders") },
      after: { routes: [route(WRITE, "2027-01-31")], clients: clients("write:orders") },
      days: ["2027-02-01"],
    },
    {
      name: "a public route in place of one that reports",
      before: REPORTED,
      after: { routes: [route(undefined)], clients: clients() },
      days: ["2027-02-01"],
    },
    {
      name: "a route that begins to report",
      before: { routes: [route(READ)], clients: clients() },
      after: REPORTED,
      days: [TODAY],
    },
    {
      name: "a route that no longer reports",
      before: REPORTED,
      after: { routes: [route(READ)], clients: clients() },
      days: [TODAY],
    },
    {
      name: "a later last day",
      before: REPORTED,
      after: { routes: [route(READ, "2027-03-31")], clients: clients() },
      days: ["2027-02-01"],
    },
    {
      name: "an earlier last day",
      before: { routes: [route(READ, "2027-03-31")], clients: clients() },
      after: REPORTED,
      days: ["2027-02-01"],
    },
    {
      name: "a client that gains one call now, and another when its route no longer reports",
      before: { routes: [route(READ, "2027-01-31"), LIST], clients: clients() },
      after: { routes: [route(READ, "2027-01-31"), LIST], clients: clients("read:orders", "write:orders") },
      days: [null, "2027-02-01"],
    },
    {
      name: "a value that grants the scope of a route that reports",
      before: { routes: [route(READ, "2027-01-31")] },
      after: { routes: [route(READ, "2027-01-31")], issuers: issuers({ "cognito:groups": { staff: READ } }) },
      days: ["2027-02-01"],
    },
  ])("$name", async ({ name, before, after, days }) => {
    repository.write("routes.json", policyFileWith(before));
    repository.write("name", name);
    repository.commit("Before");
    const revision = findRevision("HEAD", FILE);
    if (!revision.ok) throw new Error(revision.failure);
    repository.write("routes.json", policyFileWith(after));
    const text = JSON.stringify(policyFileWith(after));
    const change = await computeChange({
      ...{ policyName: FILE, text, revision: revision.value, day: TODAY, environment: undefined },
    });
    if (change.kind !== "compared") throw new Error(change.lines.join("\n"));
    const links = linksOf(change);
    expect(new Set(change.clientLabels).size).toBe(change.clientLabels.length);
    expect([...new Set(links.map(({ day }) => day))]).toEqual(days);
    const { byAddress } = whyAsker(FILE, TODAY);
    for (const { says, query } of links) {
      const { html, status } = await byAddress(query);
      const verdict = readable(/<p class="verdict[\s\S]*?<\/p>/.exec(html)?.[0] ?? "");
      expect([status, query, says, verdict]).toEqual([
        ...[200, query, says],
        expect.stringMatching(says === "lost" ? /^Refused: / : /^(?!Refused)./),
      ]);
    }
  });
});

describe("a link of a change that only some environments have", () => {
  it.each<{ readonly name: string; readonly moved: readonly string[]; readonly env: string | null }>([
    { name: "another one, which it names", moved: ["staging"], env: "staging" },
    { name: "two others, of which it names the first", moved: ["staging", "test"], env: "staging" },
    { name: "the top level, which the console has anyway", moved: ["top"], env: null },
    { name: "the top level and another one", moved: ["top", "test"], env: null },
    { name: "all", moved: ["top", "staging", "test", "production"], env: null },
  ])("leads to the reason in $name", async ({ moved, env }) => {
    const varsOf = (name: string) => `ORDERS_URL = "${moved.includes(name) ? MOVED : ORDERS}"\n`;
    const environments = ["staging", "test", "production"].map((name) => `[env.${name}.vars]\n${varsOf(name)}`);
    repository.write("wrangler.toml", `name = "gateway"\n[vars]\n${varsOf("top")}${environments.join("")}`);
    const upstreams = (url: string) => policyFileWith({ upstreams: { orders: { url } }, routes: [route(undefined)] });
    repository.write("routes.json", upstreams(ORDERS));
    repository.write("name", moved.join(" "));
    repository.commit("Before");
    const revision = findRevision("HEAD", FILE);
    if (!revision.ok) throw new Error(revision.failure);
    const text = JSON.stringify(upstreams("$" + "{ORDERS_URL}"));
    repository.write("routes.json", text);
    const change = await computeChange({
      ...{ policyName: FILE, text, revision: revision.value, day: TODAY, environment: undefined },
    });
    if (change.kind !== "compared") throw new Error(change.lines.join("\n"));
    const [link, ...others] = linksOf(change);
    expect(others).toEqual([]);
    expect(new URLSearchParams(link?.query).get("env")).toBe(env);
    const { text: reason, status } = await whyAsker(FILE, TODAY).byAddress(link?.query ?? "");
    expect([status, reason]).toEqual([200, expect.stringContaining(`orders: ${MOVED}/orders`)]);
    if (env !== null) {
      expect(reason).toContain("in the environment staging");
      expect(reason).toMatch(/explain .* --env staging/);
    }
  });
});
