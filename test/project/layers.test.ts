import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesOf, importCircles, readImportGraph } from "../support/project/import-graph.ts";
import { crowdedFolders, filesWithoutLayer, forbiddenImports, type Layers } from "../support/project/layers.ts";
import { projectFile, ROOT } from "../support/project/project-files.ts";

/** A folder with more files than this wants to be two. */
const MAX_FILES_PER_FOLDER = 18;
const MAX_LINES_PER_FILE = 300;
/** As for the code, which the formatter wraps. It leaves comments as they are. */
const MAX_COLUMNS = 120;

/** What the RFCs say, and the limits. They know no policy. */
const GROUND = ["result.ts", "limits.ts", "http", "json"];
/** What decides requests. */
const POLICY = [
  ...GROUND,
  ...["policy", "policy/issuers", "policy/mcp", "policy/requirements", "policy/routing", "policy/settings"],
];
/** What everything that reasons about policies may use. */
const REASON = [
  ...["policy/analysis/paths", "policy/analysis/formulas", "policy/analysis/undecided-error.ts"],
  ...["policy/analysis/clients", "policy/analysis/messages"],
  ...POLICY,
];
/** What compiles `routes.json` into a policy. The deployed Worker loads only `policy/compiled` and its imports. */
const COMPILER = [
  ...POLICY,
  "policy/compile",
  "policy/compile/addresses",
  "policy/compile/authentication",
  "policy/compile/clients",
  "policy/compile/conditions",
  "policy/compile/issuers",
  "policy/compile/mcp",
  "policy/compile/schema",
  "policy/compile/schema/shape",
  "policy/compile/report",
  "policy/compile/rate-limits",
  "policy/compile/revocation",
  "policy/compile/shadow",
  "policy/compile/telemetry",
  "policy/compile/upstreams",
  "policy/compiled",
];
/** What the command line builds on: everything about a policy and its text. */
const ENGINE = [
  ...[...COMPILER, "policy/source"],
  ...["policy/analysis", "policy/analysis/paths", "policy/analysis/formulas", "policy/analysis/proof"],
  ...["policy/analysis/advice", "policy/analysis/clients", "policy/analysis/messages"],
  ...["policy/analysis/diff", "policy/analysis/diff/settings", "policy/analysis/lint"],
  "policy/analysis/undecided-error.ts",
];
/** What every command of the command line may use. */
const COMMAND_LINE = ["cli", "cli/args", "cli/print", "cli/decide.ts", "cli/policy-file"];

/**
 * The one place that says which folder of `src` may import which. All other imports are forbidden, and so is a folder
 * that is not listed. Hono stays in the gateway's own endpoints and the local stack, valibot out of the deployed
 * Worker, and `cloudflare:workers` out of everything that tests and Node load.
 */
const LAYERS: Layers = {
  // The Worker, from its entry point down to the policy.
  "index.ts": ["app.ts", "env.ts", "#features", "#policy", "cloudflare:workers"],
  "compile-at-start.ts": ["policy/compiled", "../routes.json", "cloudflare:workers"],
  "app.ts": [
    ...["gateway.ts", "exchange.ts", "env.ts", "endpoints", "token", "keys", "upstream"],
    ...["answer", "telemetry", "assertion", "features/usage"],
    ...[...POLICY, "policy/compiled"],
  ],
  // What only some policies need. The build leaves out what a policy does not use.
  features: [
    ...[
      "features/usage/used-features.ts",
      "assertion",
      "mcp",
      "rate-limits",
      "revocations",
      "shadow",
      "token/binding",
      "token/binding/dpop",
      "token/step-up",
      "telemetry",
      "upstream",
    ],
    ...["policy/compile/issuers", "policy/compile/upstreams", "policy/compiled", ...POLICY],
  ],
  "features/usage/used-features.ts": ["policy"],
  "features/usage": ["features", "features/usage/used-features.ts", ...POLICY],
  "gateway.ts": [
    ...["stages", "exchange.ts", "mcp", "rate-limits"],
    ...["token", "token/binding/dpop", "token/step-up"],
    ...["keys", "upstream", "answer", ...POLICY],
  ],
  stages: ["exchange.ts", "assertion", "token", "upstream", "upstream/answer", "answer", "telemetry", ...POLICY],
  endpoints: ["exchange.ts", "assertion", "keys", "revocations", "answer", "telemetry", ...POLICY, "hono"],
  "exchange.ts": ["mcp", "token", "keys", "answer", "telemetry", ...POLICY],
  assertion: ["upstream", "token", "keys/jwk", "answer", ...POLICY, "jose"],
  upstream: ["token", "answer", ...POLICY, "jose"],
  "upstream/answer": POLICY,
  "rate-limits": ["token", "keys", "answer", "telemetry", ...POLICY, "jose"],
  revocations: ["token", "keys", "answer", "telemetry", ...POLICY],
  shadow: [
    ...["exchange.ts", "token", "token/step-up", "answer", "telemetry"],
    ...["policy/compile/issuers", "policy/compiled", ...POLICY],
  ],
  telemetry: ["keys", "answer", ...POLICY],
  "token/step-up": ["token", ...POLICY],
  "token/binding": ["token", "answer", ...POLICY, "jose"],
  token: ["keys", "keys/jwk", "answer", ...POLICY, "jose"],
  "token/binding/dpop": ["token", "keys/jwk", "answer", ...POLICY, "jose"],
  keys: ["keys/jwk", "answer", ...POLICY],
  "keys/jwk": ["result.ts", "limits.ts", "jose"],
  mcp: ["telemetry", "answer", ...POLICY],
  answer: POLICY,
  "env.ts": ["keys"],

  // The policy. Analysis and source are no part of the Worker.
  "policy/analysis/lint": [
    "policy/analysis/lint/rules",
    "policy/analysis/lint/rules/clients",
    "policy/analysis/lint/rules/issuers",
    "policy/analysis/lint/rules/mcp",
    "policy/analysis/lint/rules/rate-limits",
    "policy/analysis/lint/rules/upstreams",
    "policy/analysis/lint/shared",
    "policy/analysis",
    ...REASON,
  ],
  "policy/analysis/lint/rules/clients": [
    "policy/analysis/lint/rules",
    "policy/analysis/lint/shared",
    "policy/analysis",
    ...REASON,
  ],
  "policy/analysis/lint/rules/rate-limits": ["policy/analysis/lint/rules", ...POLICY],
  "policy/analysis/lint/rules/upstreams": [
    "policy/analysis/lint/rules",
    "policy/analysis/lint/shared",
    "policy/analysis/lint/upstream-paths",
    ...POLICY,
  ],
  "policy/analysis/lint/rules/mcp": ["policy/analysis/lint/rules", "policy/analysis/lint/shared", ...REASON],
  "policy/analysis/lint/upstream-paths": POLICY,
  "policy/analysis/lint/rules/issuers": [
    "policy/analysis/lint/rules",
    "policy/analysis/lint/shared",
    "policy/analysis",
    ...REASON,
  ],
  "policy/analysis/lint/rules": [
    "policy/analysis/lint/siblings",
    "policy/analysis/lint/shared",
    "policy/analysis",
    ...REASON,
  ],
  "policy/analysis/lint/siblings": ["policy/analysis", ...REASON],
  "policy/analysis/lint/shared": ["policy/analysis", ...REASON],
  "policy/analysis/diff": [
    "policy/analysis/diff/settings",
    "policy/analysis/diff/settings/shared",
    "policy/analysis",
    ...REASON,
  ],
  "policy/analysis/diff/settings/shared": ["policy/analysis", ...REASON],
  "policy/analysis/diff/settings": [
    "policy/analysis/diff/settings/shared",
    "policy/analysis/proof",
    "policy/analysis",
    ...REASON,
  ],
  "policy/analysis/proof": ["policy/analysis", ...REASON],
  "policy/analysis/advice": ["policy/analysis", ...REASON],
  "policy/analysis": REASON,
  "policy/analysis/formulas": ["policy/analysis/undecided-error.ts", ...POLICY],
  "policy/analysis/paths": ["policy/analysis/undecided-error.ts", ...POLICY],
  "policy/analysis/clients": ["policy/analysis/formulas", ...POLICY],
  "policy/analysis/messages": POLICY,
  "policy/analysis/undecided-error.ts": [],
  "policy/source": ["result.ts", "policy"],
  "policy/compiled": [
    "policy/compile",
    "policy/compile/addresses",
    "policy/compile/authentication",
    "policy/compile/conditions",
    "policy/compile/issuers",
    "policy/compile/schema",
    "policy/compile/upstreams",
    ...POLICY,
  ],
  "policy/compile": [
    ...["policy/compile/addresses", "policy/compile/conditions", "policy/compile/issuers", "policy/compile/schema"],
    "policy/compile/schema/shape",
    ...[
      "policy/compile/authentication",
      "policy/compile/clients",
      "policy/compile/report",
      "policy/compile/rate-limits",
      "policy/compile/revocation",
      "policy/compile/shadow",
      "policy/compile/telemetry",
    ],
    "policy/compile/mcp",
    "policy/compile/upstreams",
    ...POLICY,
  ],
  "policy/compile/mcp": ["policy/compile/addresses", "policy/compile/schema", ...POLICY],
  "policy/compile/clients": ["policy/compile/schema", ...POLICY],
  "policy/compile/report": POLICY,
  "policy/compile/rate-limits": ["policy/compile/upstreams", ...POLICY],
  "policy/compile/revocation": POLICY,
  "policy/compile/shadow": POLICY,
  "policy/compile/telemetry": ["policy/compile/upstreams", ...POLICY],
  "policy/compile/authentication": ["policy/compile/issuers", ...POLICY],
  "policy/compile/conditions": POLICY,
  "policy/compile/addresses": POLICY,
  "policy/compile/issuers": ["policy/compile/upstreams", ...POLICY],
  "policy/compile/upstreams": POLICY,
  "policy/compile/schema/shape": [...GROUND, "policy", "valibot"],
  "policy/compile/schema": [...GROUND, "policy", "policy/requirements", "policy/settings", "valibot"],
  "policy/routing": [...GROUND, "policy"],
  policy: ["policy/mcp", "policy/requirements", "policy/settings", ...GROUND],
  "policy/mcp": ["policy/requirements", ...GROUND],
  "policy/requirements": [],
  "policy/settings": ["http"],
  "policy/issuers": ["policy"],
  http: ["result.ts", "limits.ts"],
  json: [],
  "limits.ts": [],
  "result.ts": [],

  // What the gateway would do with a request, and why. No part of the Worker.
  explain: [
    "assertion",
    ...["mcp", "explain/message"],
    ...["explain/sufficient", "gateway.ts", "exchange.ts", "upstream", "token", "token/step-up", "token/binding/dpop"],
    ...["keys", "answer", "telemetry", "jose"],
    ...ENGINE,
  ],
  "explain/message": ["answer", "mcp", ...ENGINE],
  "explain/sufficient": [...REASON, "token"],

  testing: ["explain", "answer", ...ENGINE, "valibot"],
  "testing/table": ["testing", "answer", ...ENGINE, "valibot"],

  // The command line: commands, what each of them needs, what all of them need.
  "cli/bin.ts": ["cli/newer-node.ts", "cli/main.ts"],
  "cli/newer-node.ts": ["cli/args", "cli/print", "node:"],
  "cli/main.ts": [
    "cli/commands",
    "cli/commands/decisions",
    "cli/commands/live",
    "cli/commands/mcp",
    "cli/args",
    "cli/print",
    "cli",
    "policy",
    "installation.ts",
    "node:",
  ],
  "cli/commands": [
    ...[
      "cli/policy-report.ts",
      "cli/check",
      "cli/console/routes",
      "cli/cognito",
      "cli/create",
      "cli/demo",
      "cli/deploy",
      "cli/dev",
      "cli/diff",
      "cli/explain",
    ],
    ...[
      "cli/init",
      "cli/matrix",
      "cli/openapi",
      "cli/openapi/document",
      "cli/prove",
      ...COMMAND_LINE,
      ...ENGINE,
      "explain",
      "testing/table",
      "cli/test",
      "local",
      "local/issuer",
    ],
    ...["@valibot/to-json-schema", "node:"],
  ],
  "cli/commands/decisions": ["cli/advise", "cli/decisions", "cli/replay", ...COMMAND_LINE, "node:"],
  "cli/commands/mcp": [
    "cli/explain",
    "cli/mcp",
    "cli/openapi",
    "explain",
    "explain/message",
    "mcp",
    ...COMMAND_LINE,
    ...ENGINE,
  ],
  "cli/mcp": [...COMMAND_LINE, ...ENGINE, "node:"],
  "cli/commands/live": [
    "assertion",
    "cli/console",
    "local",
    "local/plan",
    "cli/live",
    "cli/revoke",
    "cli/dev",
    "revocations",
    "cli/smoke",
    "cli/release",
    "cli/init",
    "node:",
    "cli/check",
    "cli/deploy",
    "cli/diff",
    ...COMMAND_LINE,
    ...ENGINE,
  ],
  "cli/policy-report.ts": ["cli/check", "local/plan", ...COMMAND_LINE, ...ENGINE],
  "cli/check": ["cli/deploy", "cli/discovery", ...COMMAND_LINE, ...ENGINE, "env.ts", "node:"],
  "cli/decisions": [...COMMAND_LINE, ...ENGINE, "telemetry", "node:"],
  "cli/advise": ["cli/decisions", "cli/replay", "cli/diff", "cli/check", "answer", ...COMMAND_LINE, ...ENGINE],
  "cli/deploy": [...COMMAND_LINE, ...ENGINE, "env.ts", "node:"],
  "cli/cognito": [...COMMAND_LINE, ...ENGINE, "node:"],
  // The last two are imports in the texts that it writes.
  "cli/create": ["testing/table", "cli/init", ...COMMAND_LINE, ...ENGINE, "node:", "scopegate", "vitest"],
  "cli/demo": ["cli/decisions", "cli/dev", "cli/policy-file", "cli/print", "cli", "local", "local/issuer", "node:"],
  "cli/dev": [
    ...["cli/policy-report.ts", "cli/decisions", "cli/deploy"],
    ...["explain", "explain/message", ...COMMAND_LINE, ...ENGINE],
    ...["token", "answer", "policy/mcp", "cli/console", "cli/console/keys", "cli/console/live", "cli/console/view"],
    ...["local", "local/issuer", "local/plan", "node:"],
  ],
  "cli/diff": [...COMMAND_LINE, ...ENGINE],
  // The console: a page for each view, on top of what the commands use. What runs in the page imports types, and
  // modules that depend on nothing.
  "cli/console": [
    ...["cli/console/assets", "cli/console/parts", "cli/console/view"],
    ...["cli/console/routes", "cli/console/why", "cli/console/live", "cli/console/change", "cli/console/keys"],
    ...[...COMMAND_LINE, ...ENGINE, "local", "hono", "@hono/node-server", "node:"],
  ],
  "cli/console/routes": [
    ...["cli/console/assets", "cli/console/guarantees", "cli/console/matrix", "cli/console/parts", "cli/console/view"],
    "cli/matrix",
    ...[...COMMAND_LINE, ...ENGINE, "http", "node:"],
  ],
  "cli/console/guarantees": [
    ...["cli/console/change", "cli/console/change/compute", "cli/prove", ...COMMAND_LINE, ...ENGINE, "node:"],
  ],
  // Both the server and the page filter rows, and name marks.
  "cli/console/matrix": [],
  "cli/console/why": [
    ...["cli/console/parts", "cli/console/view", "cli/explain", "cli/deploy", "explain", "explain/message", "mcp"],
    ...[...COMMAND_LINE, ...ENGINE, "node:"],
  ],
  "cli/console/live": [
    ...["cli/console/keys", "cli/console/live/line-filter.ts", "cli/console/parts", "cli/console/view"],
    "cli/console/why",
    ...["cli/decisions", "cli/replay"],
    ...["answer", "local", ...COMMAND_LINE, ...ENGINE, "node:"],
  ],
  "cli/console/change": [
    ...["cli/console/change/compute", "cli/console/parts", "cli/console/view", "cli/console/why", "cli/diff"],
    ...[...COMMAND_LINE, ...ENGINE, "node:"],
  ],
  "cli/console/change/compute": ["cli/diff", "cli/prove", ...COMMAND_LINE, ...ENGINE, "node:"],
  "cli/console/keys": [
    ...["cli/console/parts", "cli/console/view", "keys", "keys/jwk", "local", ...COMMAND_LINE, ...ENGINE],
  ],
  "cli/console/parts": ["cli/console/view", "installation.ts", ...COMMAND_LINE, ...ENGINE, "node:"],
  "cli/console/view": [...COMMAND_LINE, ...ENGINE, "local", "node:"],
  "cli/console/assets": ["installation.ts", "esbuild", "node:"],
  "cli/console/browser": [
    ...["cli/console/browser/matrix", "cli/console/matrix", "cli/console/live", "cli/console/live/line-filter.ts"],
    "@tanstack/virtual-core",
  ],
  "cli/console/browser/matrix": ["cli/console/matrix", "@tanstack/virtual-core"],
  "cli/console/live/line-filter.ts": [],
  "cli/explain": [...COMMAND_LINE, ...ENGINE, "explain", "explain/message", "keys", "keys/jwk", "answer", "node:"],
  "cli/discovery": [...COMMAND_LINE, ...ENGINE, "keys", "node:"],
  "cli/init": ["cli/discovery", ...COMMAND_LINE, ...ENGINE, "node:"],
  "cli/live": ["cli/diff", ...COMMAND_LINE, ...ENGINE, "endpoints"],
  "cli/revoke": ["revocations", "testing", "cli/deploy", ...COMMAND_LINE, ...ENGINE, "env.ts", "node:"],
  "cli/smoke": ["cli/live", ...COMMAND_LINE, ...ENGINE, "explain", "answer", "node:"],
  "cli/replay": ["cli/decisions", "answer", ...COMMAND_LINE, ...ENGINE],
  "cli/release": [
    "cli/live",
    "cli/check",
    "cli/deploy",
    "cli/test",
    "testing/table",
    ...COMMAND_LINE,
    ...ENGINE,
    "node:",
  ],
  "cli/matrix": [...COMMAND_LINE, ...ENGINE],
  "cli/openapi": ["cli/openapi/document", ...COMMAND_LINE, ...ENGINE],
  "cli/openapi/document": ["cli/args", "cli", "policy/source", "json", "limits.ts", "result.ts", "yaml", "node:"],
  "cli/test": ["testing", "testing/table", ...COMMAND_LINE, ...ENGINE],
  "cli/prove": [...COMMAND_LINE, ...ENGINE],
  "cli/policy-file": [
    "features/usage/used-features.ts",
    "installation.ts",
    "cli/args",
    "cli",
    ...ENGINE,
    "wrangler",
    "node:",
  ],
  "cli/args": ["cli", "cli/print", "telemetry", "policy", "policy/settings", "result.ts", "installation.ts", "node:"],
  // The only place that prints.
  "cli/print": ["policy", "policy/analysis/messages", "node:"],
  "cli/decide.ts": ["cli/args", ...ENGINE],
  cli: [...ENGINE, "node:"],

  // The package: what it exports, and whether it is what runs.
  exports: ["testing", "explain", "answer", ...ENGINE],
  "installation.ts": ["node:"],

  // The local stack: Workers that stand in for the issuer and the upstreams, and what starts them.
  local: [
    "local/issuer",
    "local/network",
    "local/plan",
    "policy/compiled",
    "endpoints",
    "env.ts",
    "installation.ts",
    "esbuild",
    "miniflare",
    "node:",
  ],
  "local/plan": ["local/issuer", "token", ...COMPILER, "policy/source", "node:"],
  "local/network": ["cloudflare:sockets", "cloudflare:workers"],
  "local/issuer": ["http", "local/common", "policy", "@cloudflare/workers-types", "hono", "jose", "valibot"],
  "local/orders": ["local", "local/common", "@cloudflare/workers-types", "hono", "jose", "valibot"],
  "local/products": ["local", "local/common", "@cloudflare/workers-types", "hono", "valibot"],
  "local/common": ["@cloudflare/workers-types", "hono", "jose", "valibot"],
};

const graph = readImportGraph(join(ROOT, "src"));

describe("the folders of src", () => {
  it("are all in the table of layers", () => {
    expect(filesWithoutLayer(graph, LAYERS)).toEqual([]);
  });

  it("import only what the table of layers allows", () => {
    expect(graph.size).toBeGreaterThan(100);
    expect(forbiddenImports(graph, LAYERS)).toEqual([]);
  });

  it("stand in an order: no layer may import itself through others", () => {
    expect(importCircles(new Map(Object.entries(LAYERS)))).toEqual([]);
  });

  it("give nothing the Worker loads a way to the command line, the local stack or what reasons about policies", () => {
    const outside = /^(?:cli|explain|testing|local|exports|installation\.ts|policy\/(?:analysis|source))(?:\/|$)/;
    const worker = Object.entries(LAYERS).filter(([layer]) => !outside.test(layer));
    expect(worker.length).toBeGreaterThan(10);
    expect(worker.flatMap(([, allowed]) => allowed.filter((target) => outside.test(target)))).toEqual([]);
  });
});

describe("the files of src", () => {
  it("import one another in no circle, types included", () => {
    expect(importCircles(graph)).toEqual([]);
  });

  it(`have at most ${MAX_LINES_PER_FILE} lines`, () => {
    const lines = (file: string): number => projectFile(`src/${file}`).split("\n").length - 1;
    expect([...graph.keys()].filter((file) => lines(file) > MAX_LINES_PER_FILE)).toEqual([]);
  });

  it(`have comments of at most ${MAX_COLUMNS} columns`, () => {
    const isWideComment = (line: string): boolean => line.length > MAX_COLUMNS && /^ *(?:\*|\/\*\*|\/\/) /.test(line);
    expect([...graph.keys()].filter((file) => projectFile(`src/${file}`).split("\n").some(isWideComment))).toEqual([]);
  });
});

describe.each(["src", "test"])("the folders of %s", (folder) => {
  it(`hold at most ${MAX_FILES_PER_FOLDER} files at one level`, () => {
    expect(crowdedFolders(filesOf(join(ROOT, folder)), MAX_FILES_PER_FOLDER)).toEqual([]);
  });
});
