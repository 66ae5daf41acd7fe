import { BINDING_METHODS } from "../../policy/requirements/binding.ts";
import { dayOption } from "../args/day-option.ts";
import { tokenFileOption } from "../args/read-token.ts";
import { jsonOption } from "../output.ts";
import { environmentOption, policyOption } from "../policy-file/policy-source.ts";

/** The options of both commands that explain: who asks, and under which policy. */
export const explainOptions = {
  token: {
    type: "string",
    description: "An access token. Other users of this machine may see it; prefer --token-file.",
  },
  ...tokenFileOption,
  jwks: { type: "string", valueHint: "file|url", description: "Key set for verifying the token's signature." },
  client: {
    type: "string",
    description: "Assume a token of this client, with all scopes that the policy grants it.",
  },
  scope: {
    type: "string",
    multiple: true,
    description: "Assume a token with these scopes (short or full names); may be repeated.",
  },
  grant: {
    type: "string",
    multiple: true,
    valueHint: "claim=value",
    description:
      "Assume a token whose claim has this value, such as cognito:groups=staff; may be repeated. With --client, the token has only those scopes of the registration that --scope names.",
  },
  claim: {
    type: "string",
    multiple: true,
    valueHint: "claim=value",
    description:
      "Assume a token whose claim has this value, for conditions and step-up, such as sub=alice, /org/tier=gold, acr=mfa or auth_time=-60 (60 seconds ago); may be repeated.",
  },
  issuer: { type: "string", description: "Assume a token of this issuer: a name in `issuers`." },
  tenant: {
    type: "string",
    valueHint: "guid",
    description:
      "Assume a token of this tenant, where the issuer has `tenants`. Default: that of --grant or --claim, or the first listed.",
  },
  bound: {
    type: "string",
    choices: BINDING_METHODS,
    description:
      "Assume a token that is bound to its sender, by a DPoP key or a client certificate. Default: as the issuer's `binding` requires.",
  },
  ...environmentOption,
  host: {
    type: "string",
    description:
      "The request's Host header, with or without a port. Default: the host of the policy's `publicUrl` or the first of its `hosts`.",
  },
  ...policyOption,
  ...dayOption,
  ...jsonOption,
} as const;
