import { hostOf, isLoopback } from "./policy-addresses.ts";

/**
 * Whether an id of 32 hexadecimal digits, such as that of a KV namespace, was made up: it has another form, has few
 * different digits, starts over after at most 16 digits, or has many digits that continue a row or repeat the digit
 * before. Each of these is true of fewer than one in 10^7 random ids.
 */
export function isMadeUpId(id: string): boolean {
  const digits = id.toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) return true;
  return new Set(digits).size < 6 || startsOver(digits) || isTyped(digits);
}

/** Whether the digits start over after 2 to 16 digits: `1234567890` three times and `12`. */
function startsOver(digits: string): boolean {
  return Array.from({ length: 15 }, (_, index) => index + 2).some((length) => digits.startsWith(digits.slice(length)));
}

/** Whether 20 of the 31 steps go to the same or to a neighbouring digit: `11112222`, `0123456789abcdef`, `fedc`. */
function isTyped(digits: string): boolean {
  const steps = [...digits]
    .slice(1)
    .map((digit, index) => Number.parseInt(digit, 16) - Number.parseInt(digits[index] ?? "", 16));
  return steps.filter((step) => Math.abs(step) <= 1).length >= 20;
}

/** Names that are kept for examples (RFC 2606, RFC 6761), and the domain of the running example. */
const EXAMPLE_DOMAIN = /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|test|myecommerce\.com)$/;

/** The id of a Cognito user pool: `eu-central-1_A1b2C3d4E`. */
const USER_POOL = /\b[a-z]{2}(?:-[a-z]+)+-\d+_([\w-]+)/;

/** The end of a made-up id. Real ones are nine random letters and digits. */
const MADE_UP_POOL = /^(?!\w{9}$)|^(\w)\1+$|^(?:123456789|abcdefghi|a1b2c3d4e)$|example|_/i;

/** Text that asks to be replaced: `<tenant>`, `your-tenant`, `YOUR_POOL_ID`, `changeme`. */
const ASKS_TO_BE_REPLACED =
  /<[^<>]+>|\byour(?:[-_]|domain|company|tenant)[\w-]*|change[-_]?me\b|\bplaceholder\b|\breplace[-_]?me\b/i;

/** A GUID of one repeated digit, as in made-up addresses of tenants. */
const MADE_UP_GUID = /\b([0-9a-f])\1{7}(?:-\1{4}){3}-\1{12}\b/i;

/**
 * The part of an address that is a placeholder, for a message: `orders.myecommerce.com`, `eu-central-1_PRODUCTION`.
 * `undefined`: it looks real. A single word such as `test` is not an address.
 *
 * @param text a URL, a host name, or a pattern of wrangler's routes
 */
export function placeholderIn(text: string): string | undefined {
  const part = (ASKS_TO_BE_REPLACED.exec(text) ?? MADE_UP_GUID.exec(text))?.[0];
  if (part !== undefined) return part;
  const [pool, end = ""] = USER_POOL.exec(text) ?? [];
  if (pool !== undefined && MADE_UP_POOL.test(end)) return pool;
  const host = hostIn(text);
  return host !== undefined && (isLoopback(host) || EXAMPLE_DOMAIN.test(host)) ? host : undefined;
}

/** The host of a URL, or of a text such as `api.example.com:8443/path`, in lower case. */
function hostIn(text: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return hostOf(text);
  const [, host] =
    /^(?:[^/?#@]*@)?(\[[^\]]*\]|localhost|[^/?#:]*\.[^/?#:]+)(?::\d+)?(?:[/?#]|$)/i.exec(text.trim()) ?? [];
  return host?.toLowerCase().replace(/\.$/, "");
}
