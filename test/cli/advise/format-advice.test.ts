import { describe, expect, it } from "vitest";
import { adviseOnLog } from "../../../src/cli/advise/advise-on-log.ts";
import { formatAdvice } from "../../../src/cli/advise/format-advice.ts";
import type { DecisionLine } from "../../../src/cli/decisions/decision-line.ts";
import type { LogCounts } from "../../../src/cli/decisions/read-decisions.ts";
import { coloursFor } from "../../../src/cli/print/colours.ts";
import { decisionLine } from "../../support/decisions/decision-lines.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const API = "https://api.example";
const READ = `${API}/read:orders`;
const WRITE = `${API}/write:orders`;
const clients = { mobile: { name: "App", scopes: ["read:orders", "write:orders"] } };
const NOTHING: LogCounts = {
  ...{ lines: 1, bytes: 1, totalBytes: 1, withoutLine: 0, otherText: 0, otherEvent: 0 },
  ...{ cut: 0, tooLong: 0, newerVersion: 0, malformed: 0 },
};

async function adviceOn(
  lines: readonly Readonly<Record<string, unknown>>[],
  { counts = {}, members = {} }: { readonly counts?: Partial<LogCounts>; readonly members?: object } = {},
): Promise<string> {
  const policy = compiled(policyFileWith({ clients, ...members }));
  const call = { route: "/orders", required: [READ], granted: [READ, WRITE] };
  const all = lines.map((line) => decisionLine({ ...call, ...line }) as unknown as DecisionLine);
  const batches = (async function* () {
    yield all;
  })();
  const advice = await adviseOnLog(policy, { batches, counts: { ...NOTHING, ...counts } }, () => {});
  return formatAdvice(advice, policy, "a.log", coloursFor({ isTTY: false })).join("\n");
}

describe("advice for people", () => {
  it.each([
    {
      name: "says what a client needs and never needed",
      lines: [{}],
      expected:
        "Client mobile (App) (issuer main): 1 permitted, 0 refused\n  needs         read:orders\n  never needed  write:orders",
    },
    {
      name: "names a client without a registration by its id",
      lines: [{ client_id: "other" }],
      expected: "Client other (issuer main, not registered): 1 permitted",
    },
    {
      name: "says that tokens have no client",
      lines: [{ client_id: undefined }],
      expected: "Tokens without a client id (issuer main, not registered): 1 permitted",
    },
    {
      name: "names a registered client that is not in the log",
      lines: [{ client_id: "other" }],
      expected: "Not in the log: mobile (App). Nothing is known about them.",
    },
    {
      name: "names a route that nobody called",
      lines: [{ decision: "deny", reason: "condition-not-met" }],
      expected: "Called by nobody: GET /orders.",
    },
    {
      name: "says that only a share was written",
      lines: [{ sample_share: 0.1 }],
      expected: "Only a share was written (allow: 0.1). The lines stand for some 10 requests.",
    },
    {
      name: "says how many lines are missing",
      lines: [{}],
      counts: { cut: 1, malformed: 2 },
      expected: "3 lines cut off, malformed, too long or too new: the advice lacks what they say.",
    },
    {
      name: "says that it passed something over",
      lines: [{}],
      counts: { otherText: 1 },
      expected: "Lines that are not decisions were passed over.",
    },
    {
      name: "says how many lines have no token",
      lines: [{}, { issuer: undefined }],
      expected: "1 line without an accepted token: the log does not say which client sent them.",
    },
    {
      name: "says that an issuer is unknown, and what to try",
      lines: [{}, { issuer: "https://o.example" }],
      expected: "1 line with tokens of issuers that this policy does not have. If the policy has variables",
    },
  ])("$name", async ({ lines, counts, expected }) => {
    expect(await adviceOn(lines, { ...(counts && { counts }) })).toContain(expected);
  });

  it("says that no log tells about conditions, if a route has one", async () => {
    const scopes = { allOf: ["read:orders", { claim: "tier", in: ["gold"] }] };
    const routes = [{ path: "/orders", methods: ["GET"], scopes, upstream: "orders" }];
    const note = "The log does not tell which conditions a call met";
    expect(await adviceOn([{}], { members: { routes } })).toContain(note);
    expect(await adviceOn([{}])).not.toContain(note);
  });
});
