import { isLoopback } from "./policy-addresses.ts";

/**
 * Whether an id of 32 hexadecimal digits, such as that of a KV namespace, was made up: it has another form, has few
 * different digits, or repeats itself. A random id has fewer than six different digits once in 10^13.
 */
export function isMadeUpId(id: string): boolean {
  if (!/^[0-9a-f]{32}$/.test(id)) return true;
  return new Set(id).size < 6 || /^(.{1,16})\1+$/.test(id);
}

/** Names that are kept for examples (RFC 2606, RFC 6761), and the domain of the running example. */
const EXAMPLE_DOMAIN = /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|test|myecommerce\.com)$/;

/** A made-up id of a Cognito user pool: `eu-central-1_PRODUCTION`. Real ids have nine letters and digits. */
const MADE_UP_POOL =
  /\b[a-z]{2}(?:-[a-z]+)+-\d_(?:(?=[A-Z_]+\b)(?![A-Z]{9}\b)[A-Z_]+|(\w)\1+|\w*(?:EXAMPLE|POOL_?ID)\w*)(?![\w-])/;

/** Text that asks to be replaced: `<tenant>`, `your-tenant`, `YOUR_POOL_ID`, `changeme`. */
const ASKS_TO_BE_REPLACED = /<[^<>]+>|\byour[-_]|change[-_]?me|\bplaceholder\b|\breplace[-_]/i;

/** A GUID of one repeated digit, as in made-up addresses of tenants. */
const MADE_UP_GUID = /\b([0-9a-f])\1{7}(?:-\1{4}){3}-\1{12}\b/i;

/**
 * The part of an address that is a placeholder, for a message: `orders.myecommerce.com`, `eu-central-1_PRODUCTION`.
 * `undefined`: it looks real.
 *
 * @param text a URL or a host name
 */
export function placeholderIn(text: string): string | undefined {
  const part = (ASKS_TO_BE_REPLACED.exec(text) ?? MADE_UP_POOL.exec(text) ?? MADE_UP_GUID.exec(text))?.[0];
  if (part !== undefined) return part;
  const host = hostIn(text);
  return host !== undefined && (isLoopback(host) || EXAMPLE_DOMAIN.test(host)) ? host : undefined;
}

/** The host of a URL, of an authority, or of a pattern of hosts, in lower case. */
function hostIn(text: string): string | undefined {
  const [, host] =
    /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]+)(?::\d+)?(?:[/?#]|$)/i.exec(text.trim()) ?? [];
  return host?.toLowerCase().replace(/\.$/, "");
}
