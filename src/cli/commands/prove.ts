import { idleNotes } from "../../policy/analysis/proof/idle-guarantee.ts";
import { issuerOfCaller } from "../../policy/analysis/proof/proof.ts";
import { isEnforced, prove } from "../../policy/analysis/proof/prove.ts";
import { policyOn } from "../../policy/analysis/reports.ts";
import { defineCommand } from "../args/command.ts";
import { chosenDay, dayOption } from "../args/day-option.ts";
import { EXIT } from "../args/exit-code.ts";
import { decide } from "../decide.ts";
import { jsonOption } from "../output.ts";
import { loadPolicy, placeOf, policyOption } from "../policy-file/policy-source.ts";
import { coloursFor } from "../print/colours.ts";
import { printJson } from "../print/print-json.ts";
import { printLines } from "../print/print-lines.ts";
import { withProgress } from "../print/progress.ts";
import { formatProofs } from "../prove/format-proofs.ts";

export default defineCommand({
  name: "prove",
  summary: "Prove the policy's guarantees for all requests. Exit code 1: a guarantee does not hold.",
  options: {
    ...policyOption,
    ...dayOption,
    ...jsonOption,
  },
  positionals: {},
  examples: [
    "",
    "--policy git:main --json",
    "--on 2027-02-01",
    "# a guarantee in routes.json:",
    '#   "guarantees": [{ "name": "customers only read", "clients": ["customer"],',
    '#     "except": [{ "methods": ["GET", "OPTIONS"] }], "never": true }]',
  ],
  async run(args) {
    const loaded = await loadPolicy(args.policy);
    const policy = policyOn(loaded.policy, chosenDay(args.on, Date.now()));
    const proofs = await withProgress((onStep) => decide(() => prove(policy, onStep)));
    if (args.json) {
      printJson({
        policy: loaded.name,
        assumesRegisteredScopes: !isEnforced(policy),
        guarantees: proofs.map((proof) => ({
          name: proof.guarantee.name,
          holds: proof.breaches.length === 0,
          idle: proof.isIdle,
          idleBecause: proof.idleBecause,
          idleNotes: idleNotes(policy, proof).map(({ message, hint }) => `${message} ${hint}`),
          assumed: proof.isAssumed,
          ...loaded.locate(["guarantees", proof.guarantee.index]),
          breaches: proof.breaches.map(({ method, path, host, mcp, caller, scopes, tenant, claims, route }) => ({
            method,
            path,
            ...(host !== undefined && { host }),
            ...(mcp && { mcp }),
            caller: caller.kind,
            ...(caller.kind === "client" && { client: caller.client.name }),
            // One issuer goes without saying.
            ...(policy.issuers.size > 1 && { issuer: issuerOfCaller(caller) }),
            scopes,
            ...(tenant && { tenant }),
            ...(claims && { claims }),
            route: route.path,
            ...loaded.locate(["routes", route.index]),
          })),
        })),
      });
    } else printLines(formatProofs(proofs, policy, (path) => placeOf(loaded, path), coloursFor()));
    return proofs.some(({ breaches }) => breaches.length > 0) ? EXIT.findings : EXIT.fine;
  },
});
