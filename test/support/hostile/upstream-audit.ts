import type { WireRequest } from "./raw-upstream.ts";

/** The decoded value that each claim header must have, by lower-case name. Empty on a public route. */
export type ClaimFields = Readonly<Record<string, string>>;

const FALSE = new Set([
  ...["authorization", "connection", "forwarded", "http2-settings", "keep-alive", "proxy-authenticate"],
  ...["proxy-authorization", "proxy-connection", "te", "trailer", "upgrade"],
  ...["x-original-url", "x-rewrite-url", "x-http-method", "x-http-method-override", "x-method-override"],
  ...[
    "x-script-name",
    "script-name",
    "x-original-method",
    "x-rewrite-uri",
    "remote-user",
    "x-real-ip",
    "x-forward-for",
  ],
  ...["x-scheme", "dpop", "txn-token", "cf-access-jwt-assertion", "x-amzn-oidc-identity", "x-ms-client-principal"],
]);
const FORWARDED = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];
const ONCE = ["host", "via", "x-request-id", "traceparent"];
/** Names with other characters are left out by default, as nginx does. */
const FIELD_NAME = /^[-0-9A-Za-z]+$/;

/**
 * Lists what no caller may cause in a request to an upstream: a claim header that is not the gateway's, in
 * any spelling that CGI cannot tell apart; a missing claim header; hop-by-hop and override headers; two framings. An
 * empty list is a clean request. The request must come from a gateway that does not forward `Authorization`.
 */
export function auditRequest({ method, target, fields }: WireRequest, claims: ClaimFields): readonly string[] {
  const faults: string[] = [];
  const names = fields.map(([name]) => name.toLowerCase());
  const count = (name: string) => names.filter((it) => it === name).length;
  if (!/^[A-Z]+$/.test(method)) faults.push(`method ${method}`);
  if (!/^\/[!-~]*$/.test(target)) faults.push(`target ${target}`);

  for (const [name, value] of fields) {
    const folded = name.toLowerCase().replace(/[^a-z0-9]/g, "-");
    if (!FIELD_NAME.test(name) || /[\0\r\n]/.test(value)) faults.push(`not plain: ${name}: ${value}`);
    if (FALSE.has(folded)) faults.push(`${name}: ${value}`);
    if (folded.startsWith("x-auth-") && !says(value, claims[name.toLowerCase()])) {
      faults.push(`spoof ${name}: ${value}`);
    }
    if (folded.startsWith("x-forwarded-") && !FORWARDED.includes(name)) faults.push(`spoof ${name}: ${value}`);
    if (folded === "transfer-encoding" && value !== "chunked") faults.push(`${name}: ${value}`);
    if (folded === "via" && !value.endsWith("1.1 scopegate")) faults.push(`${name}: ${value}`);
  }
  for (const name of [...ONCE, ...Object.keys(claims)]) {
    if (count(name) !== 1) faults.push(`${name} ${count(name)} times`);
  }
  for (const name of FORWARDED) if (count(name) > 1) faults.push(`${name} ${count(name)} times`);
  if (count("x-forwarded-for") > count("cf-connecting-ip")) faults.push("an address of the caller's own choice");
  if (count("transfer-encoding") + count("content-length") > 1) faults.push("two framings");
  return faults;
}

function says(value: string, claim: string | undefined): boolean {
  try {
    return decodeURIComponent(value) === claim;
  } catch {
    return false;
  }
}
