import { describe, expect, it } from "vitest";
import { policyOfFiles } from "../../../../src/cli/console/policy-of-files.ts";
import { routesView } from "../../../../src/cli/console/routes/routes-view.ts";
import { rowRequests } from "../../../../src/cli/console/routes/row-requests.ts";
import { toMatrixData } from "../../../../src/cli/console/routes/to-matrix-data.ts";
import { valueClients } from "../../../../src/cli/console/routes/value-clients.ts";
import type { ViewContext } from "../../../../src/cli/console/view/view-context.ts";
import { type LoadedPolicy, readPolicySource } from "../../../../src/cli/policy-file/policy-source.ts";
import { jsonInHtml } from "../../../../src/cli/print/html.ts";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { policyOn } from "../../../../src/policy/analysis/reports.ts";
import { scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";
import { policyFileWith } from "../../../support/policy/policy-file.ts";

const scratch = scratchDirectory();

/** A policy whose matrix depends on the day and on the values that grant scopes. */
async function load(name: string, path: string) {
  const file = policyFileWith({
    issuers: {
      main: {
        issuer: "https://issuer.example",
        profile: "generic",
        audiences: ["api"],
        grants: { groups: { staff: ["read:orders"] } },
      },
    },
    routes: [
      { path, methods: ["GET"], scopes: ["read:orders"], upstream: "orders", report: { until: "2026-06-30" } },
      { path: "/always", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
    ],
  });
  const input = policyOfFiles(scratch.write(name, file), undefined);
  const loaded = await input.compile(readPolicySource(input.name));
  return { ...input, loaded };
}

function pageOf({ name, loaded }: Awaited<ReturnType<typeof load>>, day: string, search: string) {
  const compileIn: ViewContext["compileIn"] = () => Promise.reject(new Error("not asked for"));
  const context = { policyName: name, compileIn, day, state: { kind: "valid", loaded } } as const;
  return routesView(context, new Request(`http://127.0.0.1:8791/${search}`));
}

function dataOf({ policy: loaded }: LoadedPolicy, day: string, withGrants: boolean): string {
  const policy = policyOn(loaded, day);
  const reasons = { requests: rowRequests(policy), clients: withGrants ? valueClients(policy) : undefined };
  return jsonInHtml(toMatrixData(accessMatrix(policy, withGrants), reasons));
}

const [BEFORE, AFTER] = ["2026-06-30", "2026-07-02"];

describe("the page of routes, which keeps what it computed of a policy", () => {
  it("has the data of each policy, day and choice of columns, in any order", async () => {
    const policies = [await load("one.json", "/one"), await load("other.json", "/other")];
    const asked = policies.flatMap((policy) =>
      [BEFORE, AFTER].flatMap((day) => ["", "?grants=1"].map((search) => ({ policy, day, search }))),
    );
    const pages = [...asked, ...asked.toReversed(), ...asked];
    for (const { policy, day, search } of pages) {
      expect(await pageOf(policy, day, search)).toContain(dataOf(policy.loaded, day, search !== ""));
    }
    const different = new Set(asked.map(({ policy, day, search }) => dataOf(policy.loaded, day, search !== "")));
    expect(different.size).toBe(asked.length);
  });

  it("has the filter of each address", async () => {
    const policy = await load("filtered.json", "/one");
    const rowsWith = async (search: string) =>
      (await pageOf(policy, AFTER, search)).split('<th scope="row">').length - 1;
    expect(await Promise.all(["", "?filter=always", "?filter=nothing", "?filter=one", ""].map(rowsWith))).toEqual([
      2, 1, 0, 1, 2,
    ]);
    expect(await pageOf(policy, AFTER, "?filter=always")).toContain('value="always"');
  });
});

describe("the page of routes, which shows no policy as fine that check refuses", () => {
  const ROUTES = [{ path: "/orders", methods: ["GET"], public: true, upstream: "orders" }];
  const pageWith = async (name: string, ...guarantees: readonly unknown[]) => {
    const input = policyOfFiles(scratch.write(name, policyFileWith({ routes: ROUTES, guarantees })), undefined);
    const loaded = await input.compile(readPolicySource(input.name));
    for (;;) {
      const page = await pageOf({ ...input, loaded }, AFTER, "");
      if (!page.includes("are being proved")) return { page, check: await scopegate("check", "--policy", input.name) };
    }
  };
  const held = { name: "orders stay there", under: ["/orders"], upstream: "orders" };
  const broken = { name: "nothing <b>is</b> public", publicOnly: ["/health"] };

  it("names a broken guarantee, with a link to the reason of a call that shows it", async () => {
    const { page, check } = await pageWith("broken.json", held, broken);
    expect(check.exitCode).toBe(1);
    expect(page).toContain("1 guarantee is broken, so <code>check</code> refuses this policy:");
    expect(page).toContain(
      '<b>nothing &lt;b&gt;is&lt;/b&gt; public</b>: <a href="/why?method=GET&amp;path=/orders">GET /orders, by anyone, without a token</a>',
    );
    expect(page).toContain('<a href="/change#guarantees">Change</a>');
    expect(page).not.toContain(held.name);
  });

  it.each([
    { name: "all guarantees hold", guarantees: [held] },
    { name: "there is none", guarantees: [] },
  ])("says nothing where $name", async ({ guarantees }) => {
    const { page, check } = await pageWith("held.json", ...guarantees);
    expect([check.exitCode, page.includes("guarantee")]).toEqual([0, false]);
  });

  it.each([
    { count: 5, more: "" },
    { count: 6, more: "<li>1 more guarantee</li>" },
    { count: 7, more: "<li>2 more guarantees</li>" },
  ])("names up to 5 of $count", async ({ count, more }) => {
    const all = Array.from({ length: count }, (_, at) => ({ name: `guarantee ${at}`, publicOnly: ["/health"] }));
    const { page } = await pageWith("many.json", ...all);
    expect(page).toContain(`${count} guarantees are broken`);
    expect(page.match(/<b>guarantee \d<\/b>/g)).toHaveLength(5);
    expect(page).toContain(more);
  });
});
