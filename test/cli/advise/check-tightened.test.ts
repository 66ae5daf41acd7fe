import { expect, it } from "vitest";
import type { LogAdvice } from "../../../src/cli/advise/advise-on-log.ts";
import { adviseOnLog } from "../../../src/cli/advise/advise-on-log.ts";
import { faultsOfTightened } from "../../../src/cli/advise/check-tightened.ts";
import { tightenClients } from "../../../src/cli/advise/tighten-clients.ts";
import { readDecisions } from "../../../src/cli/decisions/read-decisions.ts";
import { loadPolicy } from "../../../src/cli/policy-file/policy-source.ts";
import { exampleFile, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { decisionLine } from "../../support/decisions/decision-lines.ts";

const scratch = scratchDirectory();
const API = "https://api.myecommerce.com";
const cognito = { ...exampleFile().issuers.cognito, registeredClientsOnly: true };
const LINE = decisionLine({
  route: "/orders",
  issuer: cognito.issuer,
  client_id: "admin",
  granted: [`${API}/read:orders`, `${API}/write:orders`],
});

async function worldOf() {
  const policy = scratch.write("routes.json", exampleFile({ issuers: { cognito } }));
  const log = scratch.write("log", JSON.stringify(LINE));
  const loaded = await loadPolicy(policy);
  const advice = await adviseOnLog(loaded.policy, readDecisions(log), () => {});
  return { loaded, advice, tightened: tightenClients(advice, loaded) };
}

const replaced = (text: string, from: RegExp, to: string): string => {
  expect(text).toMatch(from);
  return text.replace(from, to);
};

it("finds no fault in what the advice makes of a policy", async () => {
  const { loaded, advice, tightened } = await worldOf();
  expect(await faultsOfTightened(advice, tightened, loaded, loaded.policy, "2026-11-28", () => {})).toEqual([]);
});

it.each([
  {
    name: "a text that opens a route",
    change: (text: string) => replaced(text, /"scopes": \[\s*"write:products"\s*\]/, '"public": true'),
    fault: "It would change the route /products (opened).",
  },
  {
    name: "a text that grants a client more",
    change: (text: string) => replaced(text, /("customer": \{\s*"scopes": \[)/, '$1 "write:orders",'),
    fault: "It would let `customer` make more calls.",
  },
  {
    name: "a text that accepts more clients",
    change: (text: string) => replaced(text, /"registeredClientsOnly": true/, '"registeredClientsOnly": false'),
    fault: "It would change more (looser).",
  },
])("finds a fault in $name", async ({ change, fault }) => {
  const { loaded, advice, tightened } = await worldOf();
  const text = change(tightened.text);
  const faults = await faultsOfTightened(advice, { ...tightened, text }, loaded, loaded.policy, "2026-11-28", () => {});
  expect(faults.join("\n")).toContain(fault);
});

it("finds a fault in a set that a call of the log needed more than", async () => {
  const { loaded, advice, tightened } = await worldOf();
  const clients = tightened.clients.map((client) => ({ ...client, kept: [] }));
  expect(
    await faultsOfTightened(advice, { ...tightened, clients }, loaded, loaded.policy, "2026-11-28", () => {}),
  ).toEqual(["`admin` could no longer call /orders, and the log has such a call."]);
});

it("finds a fault in a log of which calls could not be counted", async () => {
  const { loaded, advice, tightened } = await worldOf();
  const cut: LogAdvice = { ...advice, summary: { ...advice.summary, uncounted: 2 } };
  expect(await faultsOfTightened(cut, tightened, loaded, loaded.policy, "2026-11-28", () => {})).toEqual([
    "The log has too many different calls: 2 lines could not be counted.",
  ]);
});
