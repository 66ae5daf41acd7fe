import { expect, it } from "vitest";
import { faultsInReplay } from "../../../src/cli/advise/replay-tightened.ts";
import { loadPolicy } from "../../../src/cli/policy-file/policy-source.ts";
import { exampleFile, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { decisionLine } from "../../support/decisions/decision-lines.ts";

const scratch = scratchDirectory();
const API = "https://api.myecommerce.com";
const issuers = { cognito: { ...exampleFile().issuers.cognito, registeredClientsOnly: true } };
const LINE = decisionLine({
  ...{ route: "/orders", issuer: issuers.cognito.issuer, client_id: "customer", granted: [`${API}/read:orders`] },
  required: [`${API}/read:orders`],
});

async function policyWith(scopes: readonly string[]) {
  const clients = { customer: { scopes } };
  return (await loadPolicy(scratch.folder().write("routes.json", exampleFile({ issuers, clients })))).policy;
}

const TWICE = "The log cannot be read a second time. Give a file that does not change.";

it.each([
  {
    name: "no fault in a policy that lets each call through",
    before: ["read:orders", "write:orders"],
    after: ["read:orders"],
    fault: undefined,
  },
  {
    name: "a fault in one that does not",
    before: ["read:orders"],
    after: [],
    fault: "A replay of the log would refuse 1 more request.",
  },
  { name: "no fault in what was refused before", before: [], after: [], fault: undefined },
  { name: "a fault in a log that is shorter the second time", before: [], after: [], lines: 2, fault: TWICE },
])("finds $name", async ({ before, after, lines = 1, fault }) => {
  const log = scratch.write("log", JSON.stringify(LINE));
  const faults = await faultsInReplay(log, lines, await policyWith(before), await policyWith(after), () => {});
  expect(faults).toEqual(fault === undefined ? [] : [expect.stringContaining(fault)]);
});
