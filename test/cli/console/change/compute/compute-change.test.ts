import { describe, expect, it } from "vitest";
import type {
  ChangeAnswer,
  ChangeQuestion,
  ComparedChange,
} from "../../../../../src/cli/console/change/compute/change-answer.ts";
import { computeChange } from "../../../../../src/cli/console/change/compute/compute-change.ts";
import { findRevision } from "../../../../../src/cli/console/change/compute/revision.ts";
import { computeInThread } from "../../../../../src/cli/console/parts/compute-in-thread.ts";
import { createRepository } from "../../../../support/cli/git-repository.ts";
import { exampleFile, scopegate } from "../../../../support/cli/run-scopegate.ts";
import { hostilePolicyFile } from "../../../../support/policy/hostile-policy.ts";

const DAY = "2026-06-01";
const repository = createRepository();
const FILE = repository.path("routes.json");

const OLD = exampleFile({
  guarantees: [
    { name: "customers only read", clients: ["customer"], except: [{ methods: ["GET"] }], never: true },
    { name: "nothing else is public", publicOnly: ["/products/healthz"] },
    { name: "goes", under: ["/orders"], upstream: "orders" },
  ],
});
const routes = OLD.routes;

/** Each changes the policy in another way. */
const NEW: Readonly<Record<string, unknown>> = {
  "the same text": OLD,
  "another order of the routes": { ...OLD, routes: routes.toReversed() },
  "an opened route and a looser one": {
    ...OLD,
    routes: [
      { path: "/products", methods: ["GET"], public: true, upstream: "products" },
      ...routes.slice(1, -1),
      { ...routes[0], path: "/products/healthz" },
    ],
  },
  "a route less, and one that moves": {
    ...OLD,
    routes: [...routes.slice(0, 5), { ...routes[6], upstream: "products" }, routes[8]],
  },
  "clients with other scopes": {
    ...OLD,
    clients: {
      admin: { scopes: ["read:products"] },
      customer: { name: "Shop <b>app</b>", scopes: ["read:products", "read:orders", "write:orders"] },
      partner: { scopes: ["read:orders"] },
    },
  },
  "another issuer, another realm, a guarantee less and one more": {
    ...OLD,
    realm: "shop",
    clients: Object.fromEntries(
      Object.entries(OLD.clients).map(([key, client]) => [key, { ...client, issuer: "cognito" }]),
    ),
    issuers: { ...OLD.issuers, partner: { issuer: "https://partner.example", profile: "cognito" } },
    guarantees: [
      { name: "nothing else is public", publicOnly: ["/products/healthz"] },
      { name: "idle", under: ["/nowhere"], requires: ["read:orders"] },
    ],
  },
  "a route that only reports": {
    ...OLD,
    routes: [{ ...routes[0], report: { until: "2026-07-01" } }, ...routes.slice(1)],
  },
  "markup in every place": hostilePolicyFile(),
};

repository.write("routes.json", OLD);
repository.commit("First");

const inThread = (idleMs?: number) =>
  computeInThread<ChangeQuestion, ChangeAnswer>("cli/console/change/compute/change-thread", idleMs);

async function questionOf(text: string, revision = "HEAD"): Promise<ChangeQuestion> {
  const found = findRevision(revision, FILE);
  if (!found.ok) throw new Error(found.failure);
  return { policyName: FILE, text, revision: found.value, day: DAY, environment: undefined };
}

function compared(answer: ChangeAnswer): ComparedChange {
  if (answer.kind === "compared") return answer;
  throw new Error(answer.lines.join("\n"));
}

describe("the change that the page shows", () => {
  it.each(Object.keys(NEW))("is what diff --json and prove --json print: %s", async (name) => {
    const text = JSON.stringify(NEW[name], null, 1);
    repository.write("routes.json", text);
    const answer = compared(await computeChange(await questionOf(text)));
    const diff = await scopegate("diff", `git:HEAD:${FILE}`, FILE, "--on", DAY, "--json");
    const { old: _, new: __, ...difference } = JSON.parse(diff.stdout);
    expect(JSON.parse(JSON.stringify(answer.difference))).toEqual(difference);
    expect(answer.calls).toHaveLength(answer.difference.routes.length);
    expect(answer.clientLabels).toHaveLength(answer.difference.clients.length);

    const prove = async (policy: string) => {
      const { guarantees } = JSON.parse((await scopegate("prove", "--policy", policy, "--on", DAY, "--json")).stdout);
      return guarantees.map((it: { name: string; holds: boolean; idle: boolean; assumed: boolean }) => {
        return { name: it.name, verdict: { holds: it.holds, isIdle: it.idle, isAssumed: it.assumed } };
      });
    };
    const { guarantees } = answer;
    if ("undecided" in guarantees) throw new Error(guarantees.undecided.join("\n"));
    const sides = (side: "before" | "after") =>
      guarantees.flatMap((it) => (it[side] ? [{ name: it.name, verdict: it[side] }] : []));
    expect(sides("after")).toEqual(await prove(FILE));
    expect(sides("before").sort(byName)).toEqual((await prove(`git:HEAD:${FILE}`)).sort(byName));
  });

  it("says whether the text is the same", async () => {
    const text = JSON.stringify(OLD, null, 2);
    const same = compared(await computeChange(await questionOf(`${text}\n`)));
    const other = compared(await computeChange(await questionOf(text)));
    expect([same.isSameText, other.isSameText]).toEqual([true, false]);
    expect(other.difference).toEqual(same.difference);
  });

  it("has the warnings that are new, wherever the others moved to", async () => {
    const publicWrite = { path: "/open", methods: ["POST"], public: true, upstream: "orders" };
    repository.write("routes.json", { ...OLD, routes: [publicWrite, ...routes] });
    repository.commit("With a warning");
    const moved = { ...OLD, routes: [...routes, publicWrite] };
    const more = { ...OLD, routes: [{ ...publicWrite, path: "/open-too" }, ...routes, publicWrite] };
    const newIn = async (policy: unknown) => {
      const answer = compared(await computeChange(await questionOf(JSON.stringify(policy))));
      return answer.newFindings.map(({ code, path, place }) => ({ code, path, line: place.line }));
    };
    expect(await newIn(moved)).toEqual([]);
    expect(await newIn(more)).toEqual([{ code: "public-write", path: "$.routes[0].public", line: 1 }]);
    const suppressed = { ...publicWrite, path: "/third", lint: { "public-write": "Signed." } };
    expect(await newIn({ ...OLD, routes: [suppressed, publicWrite, ...routes] })).toEqual([]);
    repository.git("reset", "--quiet", "--hard", "HEAD~1");
  });

  it.each([
    { name: "a text that is not JSON", text: "{", version: "new", line: `${FILE}:1:2: This is not JSON.` },
    { name: "a policy with faults", text: "{}", version: "new", line: `${FILE}:1:1: ` },
  ])("is none for $name", async ({ text, version, line }) => {
    expect(await computeChange(await questionOf(text))).toMatchObject({
      kind: "unusable",
      version,
      lines: expect.arrayContaining([expect.stringContaining(line)]),
    });
  });

  it.each([
    { name: "is not JSON", text: "no policy" },
    { name: "has faults", text: "{}" },
    { name: "is a link", text: undefined },
  ])("is none if the old version $name", async ({ text }) => {
    if (text === undefined) repository.git("rm", "--quiet", "routes.json");
    repository.write("routes.json", text ?? "");
    repository.commit("Broken");
    const answer = await computeChange(await questionOf(JSON.stringify(OLD)));
    expect(answer).toMatchObject({ kind: "unusable", version: "old" });
    repository.git("reset", "--quiet", "--hard", "HEAD~1");
  });

  it("is that of one environment if the console has one, and of all environments otherwise", async () => {
    const withVariable = { ...OLD, upstreams: { ...OLD.upstreams, orders: { url: "$" + "{ORDERS_URL}" } } };
    repository.write("routes.json", withVariable);
    const vars = (url: string) =>
      `[vars]\nORDERS_URL = "https://orders.example"\n[env.staging.vars]\nORDERS_URL = "${url}"\n`;
    repository.write("wrangler.toml", `name = "shop"\n${vars("https://old.example")}`);
    repository.commit("With vars");
    repository.write("wrangler.toml", `name = "shop"\n${vars("https://new.example")}`);
    const question = await questionOf(JSON.stringify(withVariable));
    const kinds = async (environment: string | undefined) =>
      compared(await computeChange({ ...question, environment })).difference.routes.map(({ kind, note }) => [
        kind,
        note,
      ]);
    expect(new Set((await kinds(undefined)).flat())).toEqual(
      new Set(["moved", "from https://old.example to https://new.example, in staging"]),
    );
    expect(await kinds("staging")).not.toEqual([]);
    repository.git("reset", "--quiet", "--hard", "HEAD~1");
  });

  it("is the same from a thread, which ends when it is idle and starts again", async () => {
    const question = await questionOf(JSON.stringify(NEW["clients with other scopes"]));
    const compute = inThread(1);
    const expected = await computeChange(question);
    expect(await compute(question)).toEqual(expected);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await compute(question)).toEqual(expected);
    expect(await compute({ ...question, text: "{" })).toMatchObject({ kind: "unusable" });
  });

  it("is not waited for when it is stopped, and another thread answers the next question", async () => {
    const question = await questionOf(JSON.stringify(OLD));
    const compute = inThread();
    const stop = new AbortController();
    const stopped = compute(question, stop.signal);
    stop.abort();
    await expect(stopped).rejects.toThrow("ended early");
    expect((await compute(question)).kind).toBe("compared");
    stop.abort();
    expect((await compute(question, new AbortController().signal)).kind).toBe("compared");
  });

  it("is a bug if the thread cannot take the question, and the thread answers the next one", async () => {
    const question = await questionOf(JSON.stringify(OLD));
    const compute = inThread();
    await expect(compute({ ...question, text: undefined as never })).rejects.toThrow();
    expect((await compute(question)).kind).toBe("compared");
  });
});

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}
