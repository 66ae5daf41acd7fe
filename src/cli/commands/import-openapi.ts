import { writeFileSync } from "node:fs";
import { diffPolicies } from "../../policy/analysis/diff/diff-policies.ts";
import { compilePolicy } from "../../policy/compile/compile-policy.ts";
import { formatFault } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { canonicalPath } from "../../policy/routing/canonical-path.ts";
import { defineCommand } from "../args/command.ts";
import { EXIT, InputError, UsageError } from "../args/exit-code.ts";
import { decide } from "../decide.ts";
import { describeRouteChange, requirementChange } from "../diff/describe-route-change.ts";
import { mergePlan } from "../openapi/merge-plan.ts";
import { planImport } from "../openapi/plan-import.ts";
import { readDocument } from "../openapi/read-document.ts";
import { counted, jsonOption, printJson } from "../output.ts";
import { loadPolicy, policyOption } from "../policy-file/policy-source.ts";
import { readVariables } from "../policy-file/read-variables.ts";

/** The options that both commands about OpenAPI documents have. */
export const documentOptions = {
  "resource-server": {
    type: "string",
    valueHint: "id",
    description: "The resource server of the document's scopes; default: the only one.",
  },
  prefix: {
    type: "string",
    default: "",
    valueHint: "path",
    description: "The gateway's path in front of each path of the document.",
  },
} as const;

export default defineCommand({
  name: "import openapi",
  summary: "Add routes for the operations of an OpenAPI document. Exit code 1: some could not be added.",
  options: {
    ...policyOption,
    upstream: {
      type: "string",
      valueHint: "name",
      description: "The upstream of new routes; default: the only upstream.",
    },
    ...documentOptions,
    unsecured: {
      type: "string",
      choices: ["authenticated", "public"],
      default: "authenticated",
      description: "The requirement of operations whose callers the document does not restrict.",
    },
    write: { type: "boolean", description: "Write the policy; default: print it." },
    ...jsonOption,
  },
  positionals: {
    file: { required: true, description: "OpenAPI 3.0 or 3.1, YAML or JSON." },
  },
  examples: [
    "openapi.yaml",
    "openapi.yaml --upstream orders --prefix /v1 --write",
    "openapi.yaml --upstream orders --resource-server https://api.example.com --write",
  ],
  async run(args) {
    if (args.write && args.policy.startsWith("git:")) throw new UsageError("A policy of a commit cannot be written.");
    const prefix = parsePrefix(args.prefix);
    const loaded = await loadPolicy(args.policy);
    const document = await readDocument(args.file);
    const plan = planImport(document, loaded.policy, {
      prefix,
      upstream: args.upstream,
      resourceServer: args["resource-server"],
      unsecured: args.unsecured,
    });
    const text = mergePlan(loaded.text, plan);
    const remarks = [...plan.remarks, ...sideEffects(loaded.policy, await compileMerged(text, args.policy))];
    if (args.write && text !== loaded.text) writeFileSync(args.policy, text);
    if (args.json) {
      printJson({
        routes: plan.routes,
        scopes: plan.scopes,
        kept: plan.kept.map(({ method, path }) => ({ method, path })),
        skipped: plan.skipped,
        remarks,
        policy: JSON.parse(text),
      });
    } else {
      if (args.write)
        console.log(`${args.policy}: ${summary(plan.routes.length, plan.scopes.length, plan.kept.length)}`);
      else process.stdout.write(text);
      for (const { method, path, why } of plan.skipped) console.error(`Not imported: ${method} ${path}. ${why}`);
      for (const remark of remarks) console.error(remark);
    }
    return plan.skipped.length > 0 ? EXIT.findings : EXIT.fine;
  },
});

/** Reads `--prefix`: empty, or a canonical path without a trailing slash. Throws `UsageError` for anything else. */
export function parsePrefix(text: string): string {
  if (text === "") return text;
  const canonical = canonicalPath(text);
  if (canonical.ok && canonical.value === text && text !== "/" && !text.endsWith("/") && !/[:*;]/.test(text))
    return text;
  throw new UsageError("--prefix needs a path such as /v1, without a slash at the end.");
}

/** Compiles the policy with its new routes. Throws `InputError` for a fault: a faulty policy is never written. */
async function compileMerged(text: string, name: string): Promise<Policy> {
  const vars = await readVariables({ name, text }, { from: "placeholders" });
  const compiled = compilePolicy(JSON.parse(text), vars);
  if (compiled.ok) return compiled.value;
  throw new InputError(
    ["With these operations the policy would be invalid:", ...compiled.failure.map(formatFault)].join("\n"),
  );
}

/** The requests that new routes take from existing ones. A more specific path wins for all methods. */
function sideEffects(before: Policy, after: Policy): readonly string[] {
  return decide(() => diffPolicies(before, after))
    .routes.filter(({ before: old }) => old !== undefined)
    .map((change) => {
      const described = describeRouteChange(change, before, after);
      const { kind, methods, path, example } = described;
      const was = `${example.method} ${example.path} was served by ${change.before?.path}`;
      const calls = `${methods.join(",")} ${path}`;
      return `Changes existing requests: ${calls} is ${kind} (${requirementChange(described)}); ${was}.`;
    });
}

function summary(routes: number, scopes: number, kept: number): string {
  const added = `${counted(routes, "route")} and ${counted(scopes, "scope")} added`;
  return `${added}; ${counted(kept, "operation")} already had a route.`;
}
