import { describe, expect, it } from "vitest";
import type { ComparedChange } from "../../../../src/cli/console/change/compute/change-answer.ts";
import { countKinds, kindSections } from "../../../../src/cli/console/change/difference-html.ts";
import { directionOf } from "../../../../src/cli/console/change/kind-texts.ts";
import { ALL_KINDS, kindsFailing } from "../../../../src/cli/diff/change-kinds.ts";
import type { DescribedChange } from "../../../../src/cli/diff/describe-route-change.ts";
import { NOTHING, plain } from "../../../support/cli/compared-change.ts";
import { HOSTILE_TEXT } from "../../../support/policy/hostile-policy.ts";

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
