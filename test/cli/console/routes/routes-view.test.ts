import { describe, expect, it } from "vitest";
import { policyOfFiles } from "../../../../src/cli/console/policy-of-files.ts";
import { routesView } from "../../../../src/cli/console/routes/routes-view.ts";
import { rowRequests } from "../../../../src/cli/console/routes/row-requests.ts";
import { toMatrixData } from "../../../../src/cli/console/routes/to-matrix-data.ts";
import { valueClients } from "../../../../src/cli/console/routes/value-clients.ts";
import { type LoadedPolicy, readPolicySource } from "../../../../src/cli/policy-file/policy-source.ts";
import { jsonInHtml } from "../../../../src/cli/print/html.ts";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { policyOn } from "../../../../src/policy/analysis/reports.ts";
import { scratchDirectory } from "../../../support/cli/run-scopegate.ts";
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

function pageOf({ name, compile, loaded }: Awaited<ReturnType<typeof load>>, day: string, search: string): string {
  const context = { policyName: name, compile, day, state: { kind: "valid", loaded } } as const;
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
      expect(pageOf(policy, day, search)).toContain(dataOf(policy.loaded, day, search !== ""));
    }
    const different = new Set(asked.map(({ policy, day, search }) => dataOf(policy.loaded, day, search !== "")));
    expect(different.size).toBe(asked.length);
  });

  it("has the filter of each address", async () => {
    const policy = await load("filtered.json", "/one");
    const rowsWith = (search: string) => pageOf(policy, AFTER, search).split('<th scope="row">').length - 1;
    expect(["", "?filter=always", "?filter=nothing", "?filter=one", ""].map(rowsWith)).toEqual([2, 1, 0, 1, 2]);
    expect(pageOf(policy, AFTER, "?filter=always")).toContain('value="always"');
  });
});
