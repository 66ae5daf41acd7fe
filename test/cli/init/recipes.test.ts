import { describe, expect, it } from "vitest";
import { RECIPE_NAMES, type RecipeAnswers } from "../../../src/cli/init/recipe.ts";
import { recipeRemarks } from "../../../src/cli/init/recipe-remarks.ts";
import { hasNoClient, RECIPES, recipeFor, recipeSettings } from "../../../src/cli/init/recipes.ts";

const ANSWERS: RecipeAnswers = {
  issuer: "https://id.example",
  resourceServer: "https://api.example.com",
  clients: ["web"],
  audiences: [],
  groups: [],
  tenants: [],
  scopes: ["read:orders"],
};

describe("the recipe for a product", () => {
  it.each([
    { product: "Cognito", expected: "cognito" },
    { product: "Entra ID", expected: "entra" },
    { product: "Entra ID (several tenants)", expected: "entra-tenants" },
    { product: "Entra ID (version 1 tokens)", expected: undefined },
    { product: "Okta (the organization's own server)", expected: undefined },
    { product: "WorkOS Connect", expected: undefined },
    { product: undefined, expected: undefined },
  ] as const)("of $product is $expected", ({ product, expected }) => {
    expect(recipeFor(product)).toBe(expected);
  });
});

describe("the settings of a recipe", () => {
  it("are an audience that is the resource server if there is no recipe", () => {
    expect(recipeSettings(undefined, ANSWERS)).toEqual({
      profile: "generic",
      audiences: ["https://api.example.com"],
      registeredClientsOnly: true,
    });
  });

  it.each(RECIPE_NAMES)("let only registered clients in, unless tokens name no client: %s", (name) => {
    const settings = recipeSettings(name, ANSWERS);
    expect(settings.registeredClientsOnly).toBe(hasNoClient(name) ? undefined : true);
  });

  it.each(RECIPE_NAMES)("have the audiences that are given: %s", (name) => {
    expect(recipeSettings(name, { ...ANSWERS, audiences: ["a", "b"] }).audiences).toEqual(["a", "b"]);
  });

  it.each(RECIPE_NAMES)("grant by a placeholder only if no group is given: %s", (name) => {
    const text = JSON.stringify(recipeSettings(name, { ...ANSWERS, groups: ["staff"] }));
    expect(text).not.toContain("<group>");
  });

  it.each([
    { issuer: "https://dev-1.okta.com/oauth2/default", expected: "api://default" },
    { issuer: "https://dev-1.okta.com/oauth2/aus1", expected: "https://api.example.com" },
  ])("of Okta have the audience $expected for $issuer", ({ issuer, expected }) => {
    expect(recipeSettings("okta", { ...ANSWERS, issuer }).audiences).toEqual([expected]);
  });

  it("of Google grant nothing without a client, and of Clerk have a placeholder for its page", () => {
    expect(recipeSettings("google", { ...ANSWERS, clients: [] })).not.toHaveProperty("grants");
    expect(recipeSettings("clerk", { ...ANSWERS, clients: [] }).audiences).toEqual(["<audience>"]);
  });
});

describe("the remarks on a recipe", () => {
  it.each(RECIPE_NAMES)("name it, and the others of its product: %s", (name) => {
    const remarks = recipeRemarks(name, RECIPES[name].product, ANSWERS);
    expect(remarks[0]).toContain(`\`${name}\``);
    const others = RECIPE_NAMES.filter((it) => it !== name && RECIPES[it].product === RECIPES[name].product);
    for (const other of others) expect(remarks).toContainEqual(expect.stringContaining(`--recipe ${other}.`));
    for (const remark of remarks) expect(remark).toMatch(/\.$/);
    // No project has the guides, so a remark says where one is.
    expect(remarks[0]).toContain("`docs/guides/issuers.md` of the repository of Scopegate");
  });

  it("say what to replace, and nothing of it once it is given", () => {
    const remarks = recipeRemarks("zitadel", "Zitadel", ANSWERS).join(" ");
    expect(remarks).toContain("--audience");
    expect(remarks).toContain("--group");
    const given = recipeRemarks("zitadel", "Zitadel", { ...ANSWERS, audiences: ["1"], groups: ["staff"] }).join(" ");
    expect(given).not.toContain("Replace");
  });

  it("say that --client registers nobody where tokens name no client", () => {
    expect(recipeRemarks("workos", "WorkOS", ANSWERS)).toContainEqual(expect.stringContaining("--client"));
  });

  it.each([
    { product: "Okta (the organization's own server)", says: "custom authorization server" },
    { product: "Entra ID (version 1 tokens)", says: "requestedAccessTokenVersion" },
  ] as const)("warn of $product", ({ product, says }) => {
    expect(recipeRemarks(undefined, product, ANSWERS)).toEqual([expect.stringContaining(says)]);
  });

  it("are none for an issuer of no known product", () => {
    expect(recipeRemarks(undefined, undefined, ANSWERS)).toEqual([]);
  });
});
