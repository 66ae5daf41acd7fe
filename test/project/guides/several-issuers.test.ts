/** The parts of the guide for issuers that are no recipe: how to try one, and a policy with several issuers. */
import { expect, it } from "vitest";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import { decide } from "../../../src/testing/decide-request.ts";
import type { Question } from "../../../src/testing/question.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { shownRecipes } from "../../support/issuers/shown-recipes.ts";
import { compiled } from "../../support/policy/policy-file.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { projectFile } from "../../support/project/project-files.ts";

const scratch = scratchDirectory();
const keycloak = shownRecipes().find(({ name }) => name === "keycloak-roles")?.policy;
const trying = blocksOf("Try a recipe");
const several = JSON.parse(blocksOf("Several issuers")[0] ?? "") as Record<string, unknown>;

function blocksOf(section: string): readonly string[] {
  const [, text = ""] = projectFile("docs/guides/issuers.md").split(`\n## ${section}\n`);
  return codeBlocks(text.split("\n## ")[0] ?? "").map((block) => block.text);
}

it("the commands that try a recipe find what the page says", async () => {
  const policy = scratch.write("keycloak.json", keycloak ?? {});
  const [explain = [], matrix = []] = (trying[0] ?? "")
    .split("\n")
    .map((line) => line.split("#")[0]?.match(/\S+/g) ?? []);
  const explained = await scopegate(...explain.slice(2), "--policy", policy);
  expect(explained.stdout).toContain('by "staff" in the claim /realm_access/roles');
  expect(explained.exitCode).toBe(0);
  expect((await scopegate(...matrix.slice(2), "--policy", policy)).stdout).toContain("/realm_access/roles=staff");
});

it("the row of a table does what it expects", async () => {
  const { expect: expected, ...row } = JSON.parse(trying[1] ?? "") as Question & { readonly expect: object };
  expect(await decide(compiled(keycloak ?? {}), row)).toMatchObject(expected);
});

it.each<Question & { readonly outcome: string }>([
  { method: "GET", path: "/orders", client: "partner", outcome: "forwarded" },
  { method: "GET", path: "/profile", client: "partner", outcome: "issuer-not-accepted" },
  { method: "PUT", path: "/orders/1", client: "partner", scopes: ["manage:orders"], outcome: "scope-insufficient" },
  { method: "GET", path: "/profile", client: "web", outcome: "forwarded" },
  { method: "PUT", path: "/orders/1", client: "web", outcome: "forwarded" },
])("several issuers: $method $path by $client is $outcome", async ({ outcome, ...question }) => {
  const decision = await decide(compiled(several), question);
  expect(decision.reason ?? decision.outcome).toBe(outcome);
});

it("several issuers: the guarantee holds, and breaks if the admin scopes are anyone's", () => {
  const withoutIssuers = structuredClone(several) as {
    resourceServers: Record<string, { issuers?: unknown }>;
    clients: Record<string, { scopes: string[] }>;
  };
  delete withoutIssuers.resourceServers["https://admin.example.com"]?.issuers;
  withoutIssuers.clients["partner"]?.scopes.push("manage:orders");
  const holds = (policy: unknown) => prove(compiled(policy)).map(({ breaches }) => breaches.length === 0);
  expect(holds(several)).toEqual([true]);
  expect(holds(withoutIssuers)).toEqual([false]);
});
