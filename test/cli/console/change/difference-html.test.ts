import { describe, expect, it } from "vitest";
import { clientsHtml } from "../../../../src/cli/console/change/clients-html.ts";
import type { ComparedChange } from "../../../../src/cli/console/change/compute/change-answer.ts";
import type { Verdict } from "../../../../src/cli/console/change/compute/guarantee-changes.ts";
import { countKinds, kindSections } from "../../../../src/cli/console/change/difference-html.ts";
import { findingsHtml } from "../../../../src/cli/console/change/findings-html.ts";
import { guaranteesHtml } from "../../../../src/cli/console/change/guarantees-html.ts";
import { directionOf } from "../../../../src/cli/console/change/kind-texts.ts";
import { ALL_KINDS, kindsFailing } from "../../../../src/cli/diff/change-kinds.ts";
import type { DescribedChange } from "../../../../src/cli/diff/describe-route-change.ts";
import { HOSTILE_TEXT } from "../../../support/policy/hostile-policy.ts";

const NOTHING: ComparedChange = {
  kind: "compared",
  difference: { routes: [], settings: [], clients: [], assumption: undefined },
  isSameText: false,
  calls: [],
  clientLabels: [],
  guarantees: [],
  newFindings: [],
};

const side = { path: "/orders", requirement: "read:orders", upstream: "orders" };
const CHANGE: DescribedChange = {
  kind: "looser",
  methods: ["GET"],
  path: "/orders",
  before: side,
  after: { ...side, requirement: "read:orders or write:orders" },
  example: { method: "GET", path: "/orders" },
  gained: ["write:orders"],
  gainedBy: undefined,
  lost: undefined,
  lostBy: undefined,
  note: undefined,
};

function withRoutes(routes: readonly DescribedChange[], calls: ComparedChange["calls"] = []): ComparedChange {
  return { ...NOTHING, difference: { ...NOTHING.difference, routes: [...routes] }, calls };
}

function plain(parts: string | readonly string[]): string {
  return [parts]
    .flat()
    .join("")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

describe("the direction of a kind", () => {
  it("is that of --fail-on", () => {
    for (const kind of ALL_KINDS) {
      const [looser, tighter] = (["looser", "tighter"] as const).map((level) => kindsFailing(level).includes(kind));
      const expected = looser && tighter ? "both" : looser ? "opens" : tighter ? "closes" : "neither";
      expect([kind, directionOf(kind)]).toEqual([kind, expected]);
    }
  });
});

describe("the changes of one kind", () => {
  it("have the requirement before and now, and a link for each witness", () => {
    const call = { method: "GET", path: "/orders", scopes: ["write:orders"] };
    const sections = kindSections(withRoutes([CHANGE], [[call]]));
    expect(plain(sections)).toContain(
      "looser 1 More tokens are enough, or someone else gains trust. GET /orders before read:orders now read:orders or write:orders GET /orders is now permitted with write:orders",
    );
    expect(sections.join("")).toContain('<a href="/why?method=GET&amp;path=/orders&amp;scope=write:orders">');
  });

  it("have no link where nothing can be asked", () => {
    expect(kindSections(withRoutes([CHANGE], [[undefined]])).join("")).not.toContain("<a ");
  });

  it("say where requests went, where they go, and what was noted", () => {
    const moved: DescribedChange = {
      ...CHANGE,
      kind: "moved",
      before: { ...side, path: "/:tenant/orders" },
      after: { ...side, upstream: "archive" },
      gained: undefined,
      note: "in production",
    };
    expect(plain(kindSections(withRoutes([moved])))).toContain(
      "GET /orders was /:tenant/orders read:orders orders \u2192 archive in production GET /orders",
    );
  });

  it("stand in the order of the kinds, settings with routes", () => {
    const setting = { kind: "opened" as const, path: "$.x", message: "m" };
    const settings = [
      { ...setting, kind: "other" as const },
      { ...setting, kind: "looser" as const },
    ];
    const compared = withRoutes([{ ...CHANGE, kind: "removed" }, CHANGE, { ...CHANGE, kind: "opened" }]);
    const all = { ...compared, difference: { ...compared.difference, settings } };
    expect(countKinds(all.difference)).toEqual([
      ["opened", 1],
      ["looser", 2],
      ["removed", 1],
      ["other", 1],
    ]);
    expect(kindSections(all)).toHaveLength(4);
  });

  it.each([
    { name: "one by one", count: 19, items: 19, text: "looser 19" },
    { name: "as one with one cause", count: 20, items: 1, text: "GET /orders and 19 more routes" },
  ])("are shown $name: $count of them", ({ count, items, text }) => {
    const sections = kindSections(withRoutes(Array.from({ length: count }, () => ({ ...CHANGE }))));
    expect(plain(sections)).toContain(text);
    expect(sections.join("").match(/<div class="request">/g)).toHaveLength(items);
  });

  it.each([
    { count: 500, more: undefined },
    { count: 501, more: "1 more change. All of them: diff --json" },
  ])("are shown up to 500: $count", ({ count, more }) => {
    const sections = kindSections(withRoutes(Array.from({ length: count }, (_, at) => ({ ...CHANGE, note: `${at}` }))));
    expect(sections.join("").match(/<div class="request">/g)).toHaveLength(500);
    expect(plain(sections).includes("All of them")).toBe(more !== undefined);
    if (more) expect(plain(sections)).toContain(more);
  });

  it("show the token that a setting grants more, with the call that it opens", () => {
    const witness = { issuer: "main", client: "app", claims: { groups: "staff" }, scopes: ["s"] };
    const call = { method: "GET", path: "/a" };
    const of = (it: object) =>
      kindSections({
        ...NOTHING,
        difference: {
          ...NOTHING.difference,
          settings: [
            { kind: "looser", path: "$.issuers.main", message: "A grant more.", witness: { ...witness, ...it } },
          ],
        },
      }).join("");
    expect(plain(of({}))).toContain("A token of main with groups=staff now grants s");
    expect(of({})).not.toContain("<a ");
    expect(of({ call })).toContain(
      "/why?method=GET&amp;path=/a&amp;client=app&amp;grant=groups%3Dstaff&amp;issuer=main",
    );
  });

  it("escape every text", () => {
    const t = HOSTILE_TEXT;
    const described = { path: t, requirement: t, upstream: t };
    const sections = kindSections(
      withRoutes([
        {
          ...CHANGE,
          kind: "moved",
          methods: [t],
          path: t,
          before: { ...described, requirement: `${t}1`, path: "x", upstream: "x" },
          after: described,
          example: { method: t, path: t, host: t },
          note: t,
        },
      ]),
    );
    expect(sections.join("")).not.toContain("<evil-element");
  });
});

describe("the clients", () => {
  const call = (path: string) => ({ methods: ["GET"], path, example: { method: "GET", path }, note: undefined });
  const client = (name: string, gained: number, lost = 0, unenforced = 0) => {
    const calls = (count: number) => Array.from({ length: count }, (_, at) => call(`/${at}`));
    return { client: name, gained: calls(gained), lost: calls(lost), unenforced: calls(unenforced) };
  };
  const withClients = (...clients: readonly ReturnType<typeof client>[]) => ({
    ...NOTHING,
    difference: { ...NOTHING.difference, clients: [...clients] },
    clientLabels: clients.map((it) => `${it.client} (label)`),
  });

  it("are not there if none gains or loses anything", () => {
    expect(clientsHtml(NOTHING)).toBe("");
  });

  it("have what they gain, lose and keep, with the numbers of diff", () => {
    const text = clientsHtml(withClients(client("app", 2, 1, 1)));
    expect(plain(text)).toContain("app (label) can now 2, can no longer 1, can still 1 can now GET /0 such as GET /0");
    expect(text).toContain('<a href="/why?method=GET&amp;path=/0&amp;client=app">such as GET /0</a>');
  });

  it.each([
    { count: 50, shown: 50, more: false },
    { count: 51, shown: 50, more: true },
  ])("show up to 50 calls in one way: $count", ({ count, shown, more }) => {
    const text = clientsHtml(withClients(client("app", count)));
    expect(text.match(/such as/g)).toHaveLength(shown);
    expect(text.includes("1 more call. All of them: diff --json")).toBe(more);
  });

  it("show up to 3,000 calls in all, and count the others", () => {
    const text = clientsHtml(withClients(...Array.from({ length: 61 }, (_, at) => client(`c${at}`, 50))));
    expect(text.match(/such as/g)).toHaveLength(3_000);
    expect(plain(text)).toContain("c60 (label) can now 50 can now 50 more calls. All of them: diff --json");
  });

  it.each([
    { count: 5, open: 5 },
    { count: 6, open: 0 },
  ])("are open unless there are many: $open of $count", ({ count, open }) => {
    const text = clientsHtml(withClients(...Array.from({ length: count }, (_, at) => client(`c${at}`, 1))));
    expect(text.match(/ open>/g)?.length ?? 0).toBe(open);
  });

  it("say what they assume", () => {
    const compared = withClients(client("app", 1));
    const difference = { ...compared.difference, assumption: "It assumes something." };
    expect(plain(clientsHtml({ ...compared, difference }))).toContain("Clients 1 It assumes something. app");
  });
});

describe("the guarantees", () => {
  const holds: Verdict = { holds: true, isIdle: false, isAssumed: false };
  const guarantee = (before: Verdict | undefined, after: Verdict | undefined) => {
    return { name: "no write", before, after, place: { line: 3, column: 5 }, breaches: [], moreBreaches: 0 };
  };

  it.each([
    { name: "broken", before: holds, after: { ...holds, holds: false }, words: "holds \u2192 BROKEN", isTold: true },
    { name: "fixed", before: { ...holds, holds: false }, after: holds, words: "BROKEN \u2192 holds", isTold: true },
    { name: "new", before: undefined, after: holds, words: "absent \u2192 holds", isTold: true },
    { name: "gone", before: holds, after: undefined, words: "holds \u2192 absent", isTold: true },
    { name: "idle now", before: holds, after: { ...holds, isIdle: true }, words: "holds \u2192 idle", isTold: true },
    {
      name: "assumed",
      before: holds,
      after: { ...holds, isAssumed: true },
      words: "holds \u2192 holds (assumed)",
      isTold: true,
    },
    {
      name: "still broken",
      before: { ...holds, holds: false },
      after: { ...holds, holds: false },
      words: "BROKEN",
      isTold: true,
    },
    { name: "as before", before: holds, after: holds, words: "holds", isTold: false },
  ])("say what changed, and close what did not: $name", ({ before, after, words, isTold }) => {
    const text = guaranteesHtml({ ...NOTHING, guarantees: [guarantee(before, after)] }, "routes.json");
    expect(plain(text)).toContain(`${words} no write routes.json:3:5`);
    expect(text.includes("<details")).toBe(!isTold);
  });

  it("have links to calls that break them", () => {
    const breaches = [{ call: { method: "POST", path: "/a", client: "app" }, caller: "by client app" }];
    const broken = { ...guarantee(holds, { ...holds, holds: false }), breaches, moreBreaches: 2 };
    const text = guaranteesHtml({ ...NOTHING, guarantees: [broken] }, "routes.json");
    expect(text).toContain('<a href="/why?method=POST&amp;path=/a&amp;client=app">POST /a, by client app</a>');
    expect(plain(text)).toContain("2 more calls: see prove");
  });

  it("say that nothing is known where they cannot be decided", () => {
    const text = guaranteesHtml({ ...NOTHING, guarantees: { undecided: ["Too complex."] } }, "routes.json");
    expect(plain(text)).toContain("It is not known whether they hold. Too complex.");
  });

  it("are left out where there are none", () => {
    expect(guaranteesHtml(NOTHING, "routes.json")).toBe("");
  });
});

describe("the new findings", () => {
  const finding = {
    ...{
      code: "public-write" as const,
      severity: "warning" as const,
      message: "Anyone writes.",
      hint: "Ask for a scope.",
    },
    ...{ path: "$.routes[0].public", place: { line: 2, column: 3 } },
  };
  it.each([
    { count: 1, more: false },
    { count: 100, more: false },
    { count: 101, more: true },
  ])("are shown up to 100: $count", ({ count, more }) => {
    const text = findingsHtml({ ...NOTHING, newFindings: Array(count).fill(finding) }, "routes.json");
    expect(plain(text)).toContain(
      `New warnings and notices ${count} warning public-write routes.json:2:3 Anyone writes. $.routes[0].public Ask for a scope.`,
    );
    expect(text.includes("1 more finding. All of them: check --json")).toBe(more);
  });

  it("are left out where there are none", () => {
    expect(findingsHtml(NOTHING, "routes.json")).toBe("");
  });
});
