import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../../src/cli/console/change/compute/guarantee-changes.ts";
import { guaranteesHtml } from "../../../../src/cli/console/change/guarantees-html.ts";
import { NOTHING, plain } from "../../../support/cli/compared-change.ts";

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
