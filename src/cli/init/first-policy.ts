import { parseSafeUrl } from "../../http/safe-url.ts";
import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";

/** What has to be known for a first policy. */
export interface FirstPolicy {
  /** The exact value of `iss` in its tokens. */
  readonly issuer: string;
  /** Identifier of the resource server that declares the scopes. */
  readonly resourceServer: string;
  /** Never empty. Each gets a collection of its own name. */
  readonly upstreams: readonly { readonly name: string; readonly url: string }[];
}

/**
 * A policy to begin with: for each upstream a scope to read and one to write, and the routes of a collection and its
 * items. A Cognito pool is known by its address; of any other issuer, tokens must name the resource server as audience.
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

/** What is wrong with an answer, in one sentence; `undefined`: nothing. */
export type Complaint = string | undefined;

export function checkIssuer(text: string): Complaint {
  const url = parseSafeUrl(text);
  return url.ok
    ? undefined
    : `${url.failure.message} For example: https://cognito-idp.eu-central-1.amazonaws.com/POOL_ID.`;
}

export function checkResourceServer(text: string): Complaint {
  // A scope token (RFC 6749 3.3) without the wildcard of requirements.
  return /^[!#-)+-[\]-~]+$/.test(text) ? undefined : "Write it without spaces, such as https://api.example.com.";
}

/** `name=url`, several separated by spaces. */
export function parseUpstreams(text: string): FirstPolicy["upstreams"] | string {
  const upstreams: { name: string; url: string }[] = [];
  for (const part of text.split(/[\s,]+/).filter((it) => it !== "")) {
    const [, name, url] = /^([a-z][a-z0-9_-]*)=(.+)$/i.exec(part) ?? [];
    if (name === undefined || url === undefined)
      return `\`${part}\` is not name=url, such as orders=https://orders.example.com.`;
    const parsed = parseSafeUrl(url);
    if (!parsed.ok) return `${name}: ${parsed.failure.message} ${parsed.failure.hint}`;
    if (upstreams.some((it) => it.name === name)) return `There are two upstreams \`${name}\`.`;
    upstreams.push({ name, url });
  }
  return upstreams.length > 0 ? upstreams : "At least one is needed, such as orders=https://orders.example.com.";
}
