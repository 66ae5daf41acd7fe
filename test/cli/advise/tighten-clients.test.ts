import { describe, expect, it } from "vitest";
import type { LogAdvice, SeenClient } from "../../../src/cli/advise/advise-on-log.ts";
import { tightenClients } from "../../../src/cli/advise/tighten-clients.ts";
import { compileSource, parsePolicySource } from "../../../src/cli/policy-file/policy-source.ts";
import { policyFileWith } from "../../support/policy/policy-file.ts";

const API = "https://api.example";
const READ = `${API}/read:orders`;
const WRITE = `${API}/write:orders`;
const loadedWith = (scopes: readonly string[]) => {
  const text = JSON.stringify(policyFileWith({ clients: { web: { scopes } } }));
  return compileSource(parsePolicySource("routes.json", text), {});
};

/** What a log says of `web`. By default, that one permitted call needed `read:orders`. */
function tightened(
  scopes: readonly string[],
  {
    sets = [[READ]],
    isComplete = true,
    permitted = 1,
    outdated = 0,
    withoutGranted = 0,
    isRegistered = true,
  }: {
    readonly sets?: readonly (readonly string[])[];
    readonly isComplete?: boolean;
    readonly permitted?: number;
    readonly outdated?: number;
    readonly withoutGranted?: number;
    readonly isRegistered?: boolean;
  } = {},
) {
  const loaded = loadedWith(scopes);
  const tally = (seen: number) => ({ seen, requests: seen });
  const seen = {
    seen: { withoutGranted },
    advice: {
      client: isRegistered ? loaded.policy.clients.get("web") : undefined,
      kept: { sets, isExact: true, isComplete },
      permitted: tally(permitted),
      outdated: tally(outdated),
    },
  } as SeenClient;
  const { clients, text } = tightenClients({ clients: [seen] } as unknown as LogAdvice, loaded);
  return {
    clients: clients.map(({ client, ...rest }) => ({ client: client.name, ...rest })),
    left: JSON.parse(text).clients.web.scopes,
  };
}

const LESS = { client: "web", kept: [READ], removed: [WRITE], isChoice: false };

describe("a registration", () => {
  it.each([
    {
      name: "loses what no call needed",
      scopes: ["read:orders", "write:orders"],
      left: ["read:orders"],
      clients: [LESS],
    },
    {
      name: "loses a scope by its full name, too",
      scopes: ["read:orders", WRITE],
      left: ["read:orders"],
      clients: [LESS],
    },
    {
      name: "loses a scope that it lists twice in both places",
      scopes: [WRITE, "read:orders", "write:orders"],
      left: ["read:orders"],
      clients: [LESS],
    },
    {
      name: "may lose all of them",
      scopes: ["write:orders"],
      log: { sets: [[]] },
      left: [],
      clients: [{ ...LESS, kept: [] }],
    },
    {
      name: "is told that other sets are as small",
      scopes: ["read:orders", "write:orders"],
      log: { sets: [[READ], [WRITE]] },
      left: ["read:orders"],
      clients: [{ ...LESS, isChoice: true }],
    },
    {
      name: "is told that other sets may be as small",
      scopes: ["read:orders", "write:orders"],
      log: { isComplete: false },
      left: ["read:orders"],
      clients: [{ ...LESS, isChoice: true }],
    },
    { name: "stays if every scope is needed", scopes: ["read:orders"] },
    { name: "stays if no call was let through", scopes: ["read:orders", "write:orders"], log: { permitted: 0 } },
    {
      name: "stays if this policy refuses each call that was let through",
      scopes: ["read:orders", "write:orders"],
      log: { permitted: 2, outdated: 2 },
    },
    {
      name: "stays if a line does not say what the token granted",
      scopes: ["read:orders", "write:orders"],
      log: { withoutGranted: 1 },
    },
    { name: "stays if the search found no set", scopes: ["read:orders", "write:orders"], log: { sets: [] } },
    { name: "of another client stays", scopes: ["read:orders", "write:orders"], log: { isRegistered: false } },
  ])("$name", ({ scopes, log = {}, left = scopes, clients = [] }) => {
    expect(tightened(scopes, log)).toEqual({ clients, left });
  });
});
