import { describe, expect, it } from "vitest";
import { keysView } from "../../../../src/cli/console/keys/keys-view.ts";
import type { StackView } from "../../../../src/cli/console/view/stack-view.ts";
import { compileSource, parsePolicySource } from "../../../../src/cli/policy-file/policy-source.ts";
import { stackView, viewContext } from "../../../support/console/view-context.ts";
import { policyFileWith } from "../../../support/policy/policy-file.ts";

const WRITTEN = "$" + "{MAIN_URL}";
const JWKS_URI = "https://issuer.example/keys?secret=s3cret";
const POLICY = policyFileWith({ issuers: { main: { issuer: WRITTEN, profile: "cognito", jwksUri: JWKS_URI } } });

async function shown(changes?: Partial<StackView>): Promise<string> {
  const source = parsePolicySource("routes.json", JSON.stringify(POLICY));
  const state = { kind: "valid", loaded: compileSource(source, { MAIN_URL: "https://issuer.example" }) } as const;
  return String(await keysView(viewContext({ state, ...(changes && { stack: stackView(undefined, changes) }) })));
}

const AT = Date.now() - 60_000;
const RECORD = JSON.stringify({
  version: 1,
  jwks: { keys: [{ kid: "<b>one", kty: "RSA", n: "the-modulus", e: "AQAB" }] },
  fetchedAt: AT,
});

describe("keysView", () => {
  it("shows the settings of each issuer, and says how to see its keys", async () => {
    const page = await shown();
    expect(page).toContain("<code>https://issuer.example</code>");
    expect(page).toContain(`written as <code>${WRITTEN}</code>`);
    expect(page).toContain("RS256");
    expect(page).toContain("asked again after 30 s");
    expect(page).toContain("<code>npm run dev</code>");
  });

  it("leaves out the query of an address, which may have a secret", async () => {
    expect(await shown()).not.toContain("s3cret");
  });

  it("shows what the gateway has, and what KV has, without the keys themselves", async () => {
    const main = { usable: true, ageSeconds: 60, keyCount: 3, lastError: "<i>" };
    const ready = { status: "ready", issuers: { main } };
    const page = await shown({ keys: async () => ({ ready, records: new Map([["main", RECORD]]) }) });
    expect(page).toMatch(
      /data-freshness="fresh"><b>fresh<\/b> 3 keys, 1 min old. The first request after .* \(in 9 min\) refreshes them./,
    );
    expect(page).toContain("Last error: &lt;i&gt;");
    expect(page).toContain("<code>&lt;b&gt;one</code></th><td>RSA</td><td>–</td><td>all that fit</td>");
    expect(page).not.toContain("the-modulus");
  });

  it("shows which keys were skipped, and why", async () => {
    const history = {
      events: [{ atMs: AT, line: { event: "keys", issuer: "main", change: "key-skipped", kid: "weak" } }],
      skipped: [
        { kid: "weak", why: "rsa-too-short" },
        { kid: undefined, why: "a-later-reason" },
      ],
      ...{ skippedCount: 3, skippedAtMs: AT },
    };
    const page = await shown({ keyHistory: () => history });
    expect(page).toContain("The RSA key has fewer than 2,048 bits. <code>rsa-too-short</code>");
    expect(page).toContain("(no kid)</th><td> <code>a-later-reason</code>");
    expect(page).toContain("And 1 more");
  });

  it.each([
    { name: "the gateway says nothing", main: undefined, expected: "The gateway does not say what keys it has." },
    {
      name: "there are no keys",
      main: { usable: false, keyCount: 0 },
      expected: "<b>none</b> no keys. Tokens of this issuer get 503 until it can be read.",
    },
    {
      name: "keys have expired",
      main: { usable: false, keyCount: 1, ageSeconds: 86_401 },
      expected: "<b>expired</b> 1 key, 1 d 1 s old. No request uses them",
    },
    {
      name: "keys are stale",
      main: { usable: true, keyCount: 1, ageSeconds: 700 },
      expected: "They are due for a refresh.",
    },
  ])("says it if $name", async ({ main, expected }) => {
    const ready = main && { issuers: { main } };
    expect(await shown({ keys: async () => ({ ready, records: new Map() }) })).toContain(expected);
  });
});
