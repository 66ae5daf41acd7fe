import { hostKey } from "../../policy/routing/served-hosts.ts";
import { defineCommand } from "../args/command.ts";
import { EXIT, UsageError } from "../args/exit-code.ts";
import { decide } from "../decide.ts";
import { applyPrefix } from "../openapi/choose-prefix.ts";
import { readDocument } from "../openapi/document/read-document.ts";
import { findDrift } from "../openapi/drift.ts";
import { formatDrift } from "../openapi/format-drift.ts";
import { jsonOption } from "../output.ts";
import { loadPolicy, placeOf, policyOption } from "../policy-file/policy-source.ts";
import { coloursFor } from "../print/colours.ts";
import { printJson } from "../print/print-json.ts";
import { printErrorLines, printLines } from "../print/print-lines.ts";
import { documentOptions } from "./import-openapi.ts";

export default defineCommand({
  name: "drift openapi",
  summary: "Compare an OpenAPI document with the policy. Exit code 1: they differ.",
  options: {
    ...policyOption,
    upstream: { type: "string", valueHint: "name", description: "Expect operations only for routes to this upstream." },
    host: {
      type: "string",
      valueHint: "name",
      description: "The host of the document's API, if routes name hosts. Default: any host that no route names.",
    },
    ...documentOptions,
    ...jsonOption,
  },
  positionals: {
    file: { required: true, description: "OpenAPI 3.0 or 3.1, YAML or JSON." },
  },
  examples: [
    "openapi.yaml",
    "orders.yaml --upstream orders --resource-server https://api.example.com --prefix /v1",
    "orders.yaml --upstream orders --policy git:main",
  ],
  async run(args) {
    const loaded = await loadPolicy(args.policy);
    const { upstream } = args;
    if (upstream !== undefined && !loaded.policy.upstreams.has(upstream)) {
      const known = [...loaded.policy.upstreams.keys()].join(", ");
      throw new UsageError(`There is no upstream \`${upstream}\`. Known: ${known}.`);
    }
    const host = args.host === undefined ? undefined : hostKey(args.host);
    if (host !== undefined && loaded.policy.hosts?.has(host) !== true) {
      const known = [...(loaded.policy.hosts ?? [])].join(", ");
      throw new UsageError(`The policy does not serve the host ${args.host}. Known: ${known || "none"}.`);
    }
    const { document, prefix, remark } = applyPrefix(await readDocument(args.file), args.prefix);
    const resourceServer = args["resource-server"];
    const drift = decide(() => findDrift(document, loaded.policy, { prefix, upstream, resourceServer, host }));
    if (args.json) {
      printJson({
        ...drift,
        undocumented: drift.undocumented.map(({ route, methods }) => ({
          methods,
          path: route.path,
          ...loaded.locate(["routes", route.index]),
        })),
        differing: drift.differing.map(({ route, ...rest }) => ({
          ...rest,
          route: route.path,
          ...loaded.locate(["routes", route.index]),
        })),
      });
    } else printLines(formatDrift(drift, document, (path) => placeOf(loaded, path), coloursFor()));
    if (remark !== undefined) printErrorLines([remark]);
    const found = Object.values(drift).some((list: readonly unknown[]) => list.length > 0);
    return found ? EXIT.findings : EXIT.fine;
  },
});
