import { expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const policy = scratch.write("policy.json", {
  issuers: { pool: { issuer: "https://issuer.example/pool", profile: "cognito" } },
  resourceServers: { books: { scopes: { "loan:list": "List loans", "loan:end": "End loans" } } },
  upstreams: { library: { url: "https://library.example" } },
  routes: [{ path: "/up", methods: ["GET"], public: true, upstream: "library" }],
});
const END = { loans: ["loan:end"] };
scratch.write("end-loan.json", { operationId: "endLoan", security: [END], responses: {} });
const OAUTH = { components: { securitySchemes: { loans: { type: "oauth2", flows: {} } } } };

/** Each document says that ending a loan needs `loan:end`. The import dropped the scope, or opened the route. */
it.each([
  {
    name: "an operation that is a reference to another file",
    document: { ...OAUTH, security: [{ loans: [] }], paths: { "/loans/{id}": { delete: { $ref: "end-loan.json" } } } },
    expected: { routes: ["DELETE /loans/:id loan:end"], skipped: [] },
  },
  {
    name: "security that a merge key brings in",
    document: `
openapi: 3.0.3
x-ending: &ending { security: [{ loans: [loan:end] }] }
paths: { "/loans/{id}": { delete: { <<: *ending, responses: {} } } }
components: { securitySchemes: { loans: { type: oauth2, flows: {} } } }
`,
    expected: { routes: ["DELETE /loans/:id loan:end"], skipped: [] },
  },
  {
    name: "an authorizer of Amazon API Gateway, which stands as an API key",
    document: {
      paths: { "/loans/{id}": { delete: { security: [END] } }, "/archive/{proxy+}": { get: { security: [END] } } },
      components: {
        securitySchemes: { loans: { type: "apiKey", "x-amazon-apigateway-authtype": "cognito_user_pools" } },
      },
    },
    expected: { routes: ["DELETE /loans/:id loan:end", "GET /archive/* loan:end"], skipped: [] },
  },
  {
    name: "any method",
    document: { ...OAUTH, paths: { "/loans/{id}": { "x-amazon-apigateway-any-method": { security: [END] } } } },
    expected: { routes: ["* /loans/:id loan:end"], skipped: [] },
  },
  {
    name: "a scheme whose name has other case",
    document: { ...OAUTH, paths: { "/loans/{id}": { delete: { security: [{ Loans: ["loan:end"] }] } } } },
    expected: { routes: [], skipped: ["DELETE /loans/{id}"] },
  },
  {
    name: "a Lambda authorizer",
    document: {
      paths: { "/loans/{id}": { delete: { security: [{ loans: [] }] } } },
      components: { securitySchemes: { loans: { type: "apiKey", "x-amazon-apigateway-authtype": "custom" } } },
    },
    expected: { routes: [], skipped: ["DELETE /loans/{id}"] },
  },
  {
    name: "a preflight that would be public",
    document: { paths: { "/loans": { options: { "x-amazon-apigateway-integration": { type: "mock" } } } } },
    expected: { routes: [], skipped: ["OPTIONS /loans"] },
  },
  {
    name: "an operation whose requests a less specific route would take",
    document: {
      ...OAUTH,
      paths: {
        "/loans/{id}": { delete: { security: [{ loans: ["loan:list"] }] } },
        "/loans/all": { delete: { $ref: "https://library.example/all.json" } },
      },
    },
    expected: { routes: [], skipped: ["DELETE /loans/all", "DELETE /loans/{id}"] },
  },
])("$name keeps its scopes, or is refused by name", async ({ document, expected }) => {
  const content = typeof document === "string" ? document : { openapi: "3.0.3", ...document };
  const file = scratch.write("openapi.yaml", content);
  const run = await scopegate("import", "openapi", file, "--policy", policy, "--unsecured", "public", "--json");
  const { routes, skipped } = JSON.parse(run.stdout) as {
    routes: { methods: string[]; path: string; scopes: string[] }[];
    skipped: { method: string; path: string }[];
  };
  expect(routes.map(({ methods, path, scopes }) => `${methods} ${path} ${scopes}`)).toEqual(expected.routes);
  expect(skipped.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(expected.skipped);
  expect(run.exitCode).toBe(expected.skipped.length > 0 ? 1 : 0);
});
