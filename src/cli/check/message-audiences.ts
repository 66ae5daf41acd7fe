import { acceptsIssuer } from "../../policy/authorize.ts";
import type { Issuer, Policy } from "../../policy/policy.ts";
import type { Found } from "./finding.ts";

/**
 * The issuers whose tokens an MCP route accepts for any audience. An MCP server must take only tokens that were issued
 * for it: otherwise, every service that gets a token of the issuer can call tools with it, in the name of its user.
 */
export function messageAudiences({ routes, issuers }: Pick<Policy, "routes" | "issuers">): readonly Found[] {
  const guarding = routes.filter(({ mcp }) => mcp !== undefined);
  return Array.from(issuers.values()).flatMap((issuer) => {
    const route = issuer.audiences === undefined ? guarding.find((it) => acceptsTokensOf(issuer, it)) : undefined;
    return route === undefined ? [] : [finding(issuer, route.path)];
  });
}

function acceptsTokensOf({ name }: Issuer, { mcp }: Policy["routes"][number]): boolean {
  return mcp?.requirements.some((requirement) => acceptsIssuer(requirement, name)) ?? false;
}

function finding({ name, profile }: Issuer, path: string): Found {
  const more = profile === "cognito" ? " Without `aud` in its tokens, list the ids of its app clients." : "";
  return {
    code: "mcp-without-audiences",
    severity: "error",
    path: ["issuers", name],
    message: `The MCP route \`${path}\` accepts tokens of this issuer that are for other services.`,
    hint: `List in \`audiences\` the \`aud\` of tokens for this gateway.${more}`,
    reason: undefined,
  };
}
