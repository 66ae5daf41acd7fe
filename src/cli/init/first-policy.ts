import { parseSafeUrl } from "../../http/safe-url.ts";
import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import { isScopeToken } from "../../policy/compile/scope-names.ts";
import { type FaultText, fault, type Result, success } from "../../result.ts";

/** The answers that a first policy is made from. */
export interface FirstPolicy {
  /** The exact value of `iss` in the issuer's tokens. */
  readonly issuer: string;
  /** Identifier of the resource server that declares the scopes. */
  readonly resourceServer: string;
  /** Never empty. Each upstream gets a collection of its own name. */
  readonly upstreams: readonly { readonly name: string; readonly url: string }[];
}

/**
 * A policy to start from. Each upstream gets a scope to read, a scope to write, and the routes of a collection and its
 * items. An issuer with the address of a Cognito pool gets the profile `cognito`. Any other issuer gets the profile
 * `generic`, and its tokens must name the resource server as their audience.
 */
export function firstPolicy({ issuer, resourceServer, upstreams }: FirstPolicy): PolicyConfig {
  const isCognito = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\//.test(issuer);
  return {
    issuers: isCognito
      ? { cognito: { issuer, profile: "cognito" } }
      : { main: { issuer, profile: "generic", audiences: [resourceServer] } },
    resourceServers: {
      [resourceServer]: {
        scopes: Object.fromEntries(
          upstreams.flatMap(({ name }) => [
            [`read:${name}`, `Read ${name}`],
            [`write:${name}`, `Create, change and delete ${name}`],
          ]),
        ),
      },
    },
    upstreams: Object.fromEntries(upstreams.map(({ name, url }) => [name, { url }])),
    routes: upstreams.flatMap(({ name: upstream }) => {
      const read = { scopes: [`read:${upstream}`], upstream };
      const write = { scopes: [`write:${upstream}`], upstream };
      return [
        { path: `/${upstream}`, methods: ["GET"], ...read },
        { path: `/${upstream}`, methods: ["POST"], ...write },
        { path: `/${upstream}/:id`, methods: ["GET"], ...read },
        { path: `/${upstream}/:id`, methods: ["PUT", "PATCH", "DELETE"], ...write },
      ];
    }),
  };
}

/** The issuer, exactly as given, because `iss` is compared exactly. It must be a URL that key sets may come from. */
export function parseIssuer(text: string): Result<string, FaultText> {
  const url = parseSafeUrl(text);
  if (url.ok) return success(text);
  return fault(url.failure.message, "For example: https://cognito-idp.eu-central-1.amazonaws.com/POOL_ID.");
}

/** The identifier of a resource server. Full scope names begin with it, so it has only characters of scope names. */
export function parseResourceServer(text: string): Result<string, FaultText> {
  if (isScopeToken(text)) return success(text);
  return fault(
    "The identifier contains a character that scope names cannot have.",
    "Write it without spaces, for example: https://api.example.com.",
  );
}

/** Upstreams as `name=url`, several separated by spaces or commas. Whether they answer is not checked. */
export function parseUpstreams(text: string): Result<FirstPolicy["upstreams"], FaultText> {
  const upstreams: { name: string; url: string }[] = [];
  for (const part of text.split(/[\s,]+/).filter((it) => it !== "")) {
    const [, name, url] = /^([a-z][a-z0-9_-]*)=(.+)$/i.exec(part) ?? [];
    if (name === undefined || url === undefined) return fault(`\`${part}\` is not name=url.`, UPSTREAM_HINT);
    const parsed = parseSafeUrl(url);
    if (!parsed.ok) return fault(`${name}: ${parsed.failure.message}`, parsed.failure.hint);
    if (upstreams.some((it) => it.name === name)) {
      return fault(`There are two upstreams \`${name}\`.`, "Give each upstream a name of its own.");
    }
    upstreams.push({ name, url });
  }
  return upstreams.length > 0 ? success(upstreams) : fault("There is no upstream.", UPSTREAM_HINT);
}

const UPSTREAM_HINT = "For example: orders=https://orders.example.com.";
