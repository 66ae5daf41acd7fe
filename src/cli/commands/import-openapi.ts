import { defineCommand } from "../args/command.ts";
import { EXIT, UsageError } from "../args/exit-code.ts";
import { checkedPolicy, replacePolicy } from "../check/replace-policy.ts";
import { changesToExisting } from "../diff/changes-to-existing.ts";
import { applyPrefix } from "../openapi/choose-prefix.ts";
import { readDocument } from "../openapi/document/read-document.ts";
import { importOperations } from "../openapi/import-operations.ts";
import { counted, jsonOption } from "../output.ts";
import { loadPolicy, policyOption } from "../policy-file/policy-source.ts";
import { printJson, printJsonText } from "../print/print-json.ts";
import { printErrorLines, printLines } from "../print/print-lines.ts";

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
    description:
      "A path such as /v1, put before each path of the document; `servers` takes the path of the document's servers.",
  },
} as const;

export default defineCommand({
  name: "import openapi",
  summary:
    "Add routes for the operations of an OpenAPI document. Exit code 1: some were not added, or an existing route asks for less.",
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
    if (args.write && args.policy.startsWith("git:"))
      throw new UsageError("The policy of a commit cannot be changed. Name a file with --policy.");
    const loaded = await loadPolicy(args.policy);
    const { document, prefix, remark } = applyPrefix(await readDocument(args.file), args.prefix);
    const { plan, text, policy, weakerRoutes } = await importOperations(document, loaded, {
      prefix,
      upstream: args.upstream,
      resourceServer: args["resource-server"],
      unsecured: args.unsecured,
    });
    const checked = await checkedPolicy(args.policy, text);
    if (args.write && text !== loaded.text) replacePolicy(checked);
    const allRemarks = [
      ...(remark ? [remark] : []),
      ...plan.remarks,
      ...weakerRoutes,
      ...changesToExisting(loaded.policy, policy),
    ];
    if (args.json) {
      printJson({
        routes: plan.routes,
        scopes: plan.scopes,
        kept: plan.kept.map(({ method, path }) => ({ method, path })),
        skipped: plan.skipped,
        remarks: allRemarks,
        policy: JSON.parse(text),
      });
    } else {
      if (args.write)
        printLines([`${args.policy}: ${summary(plan.routes.length, plan.scopes.length, plan.kept.length)}`]);
      else printJsonText(text);
      const skipped = plan.skipped.map(({ method, path, why }) => `Not imported: ${method} ${path}. ${why}`);
      for (const line of [...skipped, ...allRemarks]) printErrorLines([line]);
    }
    return plan.skipped.length + weakerRoutes.length > 0 ? EXIT.findings : EXIT.fine;
  },
});

function summary(routes: number, scopes: number, kept: number): string {
  const added = `${counted(routes, "route")} and ${counted(scopes, "scope")} added`;
  return `${added}; ${counted(kept, "operation")} already had a route.`;
}
