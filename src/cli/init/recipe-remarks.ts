import type { Product } from "../discovery/known-issuers.ts";
import { PLACEHOLDERS, RECIPE_NAMES, type RecipeAnswers, type RecipeName } from "./recipe.ts";
import { RECIPES } from "./recipes.ts";

/** By its place in the repository, because no package and no project has the guides. */
const GUIDE = "Its tokens and their traps are in `docs/guides/issuers.md` of the repository of Scopegate.";

/** What must be known about issuers whose tokens the gateway should not get. */
const WARNINGS: Partial<Readonly<Record<Product, string>>> = {
  "Okta (the organization's own server)":
    "Okta's organization server signs tokens for Okta alone, and the gateway refuses them. Create a custom " +
    "authorization server, and give its issuer.",
  "Entra ID (version 1 tokens)":
    "This issuer signs tokens of version 1. Set `requestedAccessTokenVersion` to 2 in the API's manifest, and give " +
    "the issuer of version 2.",
};

/** Sentences that say what was assumed about the tokens, and what is left to fill in. */
export function recipeRemarks(
  name: RecipeName | undefined,
  product: Product | undefined,
  answers: RecipeAnswers,
): readonly string[] {
  const warning = product && WARNINGS[product];
  if (name === undefined) return warning ? [warning] : [];
  const recipe = RECIPES[name];
  const others = RECIPE_NAMES.filter((it) => it !== name && RECIPES[it].product === recipe.product);
  const text = JSON.stringify(recipe.settings(answers));
  return [
    `The recipe is \`${name}\`: ${recipe.shows}. ${GUIDE}`,
    ...others.map((other) => `For ${RECIPES[other].shows}, use --recipe ${other}.`),
    ...(recipe.advice === undefined ? [] : [recipe.advice]),
    ...(text.includes(PLACEHOLDERS.audience) ? [`Replace ${PLACEHOLDERS.audience}, or give --audience.`] : []),
    ...(text.includes(PLACEHOLDERS.group) ? [`Replace ${PLACEHOLDERS.group}, or give --group.`] : []),
    ...(recipe.hasNoClient && answers.clients.length > 0
      ? ["Its tokens name no client, so --client registers nobody."]
      : []),
  ];
}
