import { expect, it } from "vitest";
import { withClientTitles } from "../../../src/cli/explain/with-client-titles.ts";
import { nobody } from "../../../src/explain/caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const scopes = ["read:orders"];
const policy = compiled(policyFileWith({ clients: { web: { name: "Web shop", scopes }, batch: { scopes } } }));
const clientNames = new Map([["web", "Web shop"]]);

it("adds what people call each client that may have a set of scopes", async () => {
  const explanation = await explainRequest(policy, { method: "GET", url: "https://gw.example/orders" }, nobody);
  const { requirement, ...rest } = withClientTitles(explanation, policy);
  expect(requirement?.sufficient.map(({ clients }) => clients)).toEqual([["web (Web shop)", "batch"]]);
  const { requirement: _, ...asBefore } = explanation;
  expect(rest).toEqual(asBefore);
});

it("adds it for each client that may send a message", async () => {
  const explanation = await explainRequest(policy, { method: "GET", url: "https://gw.example/orders" }, nobody);
  const message = { targets: [], clients: ["web", "batch"] };
  expect(withClientTitles({ ...explanation, message }, { clientNames }).message).toEqual({
    targets: [],
    clients: ["web (Web shop)", "batch"],
  });
});

it("takes an explanation without a requirement", async () => {
  const explanation = await explainRequest(policy, { method: "GET", url: "https://gw.example/nowhere" }, nobody);
  expect(withClientTitles(explanation, policy)).toEqual(explanation);
});
