import { describe, expect, it } from "vitest";
import { lineRing } from "../../../../src/cli/console/live/line-ring.ts";
import { liveView, MAX_ROWS } from "../../../../src/cli/console/live/live-view.ts";
import { stackView, viewContext } from "../../../support/console/view-context.ts";
import { decisionLine } from "../../../support/decisions/decision-lines.ts";

function shown(address: string, lines: readonly object[] | undefined): string {
  const ring = lineRing();
  for (const line of lines ?? []) ring.add({ worker: "gateway", level: "log", message: [line] }, 0);
  const context = viewContext(lines ? { stack: stackView(ring) } : {});
  return String(liveView(context, new Request(`http://127.0.0.1${address}`)));
}

/** The ids of the rows, from the top. */
function rows(page: string): number[] {
  return Array.from(page.matchAll(/data-line="(\d+)"/g), ([, id]) => Number(id)).filter((id) => id > 0);
}

const LINES = [
  decisionLine({ route: "/a" }),
  decisionLine({ route: "/b", decision: "deny", status: 403, reason: "scope-insufficient" }),
  decisionLine({ route: "/c", decision: "deny", status: 401, reason: "credentials-missing" }),
];

describe("liveView", () => {
  it.each([
    { name: "all lines, the newest first", address: "/live", expected: [3, 2, 1] },
    { name: "those of one decision", address: "/live?decision=deny", expected: [3, 2] },
    { name: "those with a reason", address: "/live?decision=deny&reason=scope", expected: [2] },
    { name: "those of a route", address: "/live?route=%2Fa", expected: [1] },
    { name: "none, if no line has all that is asked for", address: "/live?route=/a&reason=scope", expected: [] },
  ])("shows $name", ({ address, expected }) => {
    expect(rows(shown(address, LINES))).toEqual(expected);
  });

  it.each([
    { name: "all that fit", count: MAX_ROWS, note: "" },
    { name: "the newest, and how many more there are", count: MAX_ROWS + 1, note: "The newest 200 of 201 lines." },
  ])("shows $name", ({ count, note }) => {
    const page = shown(
      "/live",
      Array.from({ length: count }, () => decisionLine({})),
    );
    expect(rows(page)).toHaveLength(MAX_ROWS);
    expect(page).toContain(`<p id="live-note" class="quiet">${note}`);
  });

  it("says how to get a gateway, if there is none", () => {
    expect(shown("/live", undefined)).toMatch(/runs without a gateway. Run <code>npm run dev<\/code>/);
  });

  it("refuses a decision that there is none of, without repeating it", () => {
    expect(() => shown("/live?decision=%3Cb%3E", LINES)).toThrow(
      "`decision` in the address is none of allow, deny, error, would-deny, shadow, event.",
    );
  });

  it("shows markup of values and of the filter as text", () => {
    const page = shown("/live?reason=%22%3E%3Cscript%3E", [decisionLine({ client_id: "<script>" })]);
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;"');
    expect(page).not.toContain("<script");
  });
});
