import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDocument } from "../../../src/cli/openapi/document/read-document.ts";
import { importOperations } from "../../../src/cli/openapi/import-operations.ts";
import { loadPolicy } from "../../../src/cli/policy-file/policy-source.ts";
import { authorize } from "../../../src/policy/authorize.ts";
import { routeFor } from "../../../src/policy/routing/route-table.ts";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { policyFileWith } from "../../support/policy/policy-file.ts";
import {
  type DocumentModel,
  documentModel,
  type OperationModel,
  SCHEMES,
  SCOPES,
  TEMPLATES,
  writeDocument,
} from "./random-document.ts";

const scratch = scratchDirectory();
const OPTIONS = { prefix: "", upstream: undefined, resourceServer: undefined, unsecured: "authenticated" } as const;
const ANY_METHOD = "x-amazon-apigateway-any-method";
const policy = scratch.write(
  "policy.json",
  policyFileWith({
    resourceServers: { s: { scopes: Object.fromEntries(SCOPES.map((scope) => [scope, ""])) } },
    routes: [{ path: "/healthz", methods: ["GET"], public: true, upstream: "orders" }],
  }),
);

/** All sets of scopes that a token can hold, and `undefined` for no token. */
const CALLERS: readonly (readonly string[] | undefined)[] = [
  undefined,
  ...SCOPES.reduce<string[][]>((sets, scope) => sets.flatMap((set) => [set, [...set, scope]]), [[]]),
];

/** The source's own reading, written without the code under test: whether a caller may call an operation at all. */
function mayCall(
  { security, spoiled }: OperationModel,
  common: DocumentModel["common"],
  held: readonly string[] | undefined,
) {
  const list = security ?? common;
  if (spoiled !== undefined) return false;
  if (list === undefined) return held !== undefined;
  const names = list.flatMap((alternative) => Object.keys(alternative));
  if (names.some((name) => SCHEMES[name]?.kind === "unknown")) return false;
  if (list.length === 0 || list.some((alternative) => Object.keys(alternative).length === 0)) return true;
  if (held === undefined) return false;
  // Where no alternative uses tokens, the import asks for any token. A key that lists roles is refused.
  const listsRoles = list.some((way) =>
    Object.entries(way).some(([name, roles]) => SCHEMES[name]?.kind === "unchecked" && roles.length > 0),
  );
  if (listsRoles) return false;
  const withToken = list.filter((way) => Object.keys(way).some((name) => SCHEMES[name]?.kind === "token"));
  if (withToken.length === 0) return true;
  return withToken.some((way) =>
    Object.values(way)
      .flat()
      .every((scope) => held.includes(scope)),
  );
}

const listsScopes = ({ security }: OperationModel, common: DocumentModel["common"]): boolean =>
  (security ?? common ?? []).some((way) => Object.values(way).some((scopes) => scopes.length > 0));

async function importOf(model: DocumentModel, folder: string) {
  const files = writeDocument(model);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const document = await readDocument(join(folder, "openapi.yaml"));
  return importOperations(document, await loadPolicy(policy), OPTIONS);
}

const methodsOf = (field: string): readonly string[] =>
  field === ANY_METHOD ? ["PATCH", "X-OTHER"] : [field.toUpperCase()];

describe("for every document and every operation of it", () => {
  const folder = join(scratch.path, "random");
  mkdirSync(folder);
  const runs = { numRuns: 300 };

  test("no caller is let in whom the document keeps out", async () => {
    let served = 0;
    await fc.assert(
      fc.asyncProperty(documentModel, async (model) => {
        const { policy: after } = await importOf(model, folder);
        for (const operation of model.operations) {
          const path = TEMPLATES[operation.path] ?? "";
          const group = after.table.match(path);
          for (const method of methodsOf(operation.field)) {
            // Another operation of the same path may have this method.
            const route = group && routeFor(group, method);
            if (route === undefined) continue;
            served++;
            if (listsScopes(operation, model.common)) expect(route.requirement.kind).toBe("scopes");
            for (const held of CALLERS) {
              const effective = held && new Set(held.map((scope) => `s/${scope}`));
              const holder = effective && { issuer: "i", effective };
              const isPermitted = authorize(route.requirement, holder) === "permitted";
              if (isPermitted)
                expect([method, path, held, mayCall(operation, model.common, held)]).toEqual([
                  method,
                  path,
                  held,
                  true,
                ]);
            }
          }
        }
      }),
      runs,
    );
    expect(served).toBeGreaterThan(300);
  }, 60_000);

  test("it is imported or refused by name", async () => {
    await fc.assert(
      fc.asyncProperty(documentModel, async (model) => {
        const { plan } = await importOf(model, folder);
        const named = new Set(
          [...plan.skipped, ...plan.kept, ...plan.origins.flat()].map(({ method, path }) => `${method} ${path}`),
        );
        for (const { field, path } of model.operations) {
          const method = field === ANY_METHOD ? "*" : field.toUpperCase();
          expect([...named]).toContain(`${method} ${path}`);
        }
      }),
      runs,
    );
  }, 60_000);

  test("it is imported if it is alone, uses tokens and is understood", async () => {
    const understood = documentModel.filter(({ common, operations: [only, ...more] }) => {
      const list = only?.security ?? common ?? [];
      return (
        only !== undefined &&
        more.length === 0 &&
        only.spoiled === undefined &&
        !only.path.includes("?") &&
        list.length === 1 &&
        Object.keys(list[0] ?? {}).length > 0 &&
        Object.keys(list[0] ?? {}).every((name) => SCHEMES[name]?.kind === "token")
      );
    });
    await fc.assert(
      fc.asyncProperty(understood, async (model) => {
        expect((await importOf(model, folder)).plan.skipped).toEqual([]);
      }),
      { numRuns: 50 },
    );
  }, 60_000);
});
