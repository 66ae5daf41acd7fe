import { type RawResponse, rawRequest } from "../../local/raw-request.ts";
import { bodyOf } from "./demo-answer.ts";

/** The access token in the token endpoint's answer. */
export function accessToken(answer: RawResponse): string {
  return String(bodyOf(answer)["access_token"]);
}

/** The scopes of a token, unverified. */
export function scopesOf(token: string): string[] {
  return String(claimsOf(token)["scope"]).split(" ");
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
}

/** The token with some claims changed and the old signature, as an attacker would send it. */
export function tamper(token: string, claims: Readonly<Record<string, unknown>>): string {
  const [header, , signature] = token.split(".");
  const payload = Buffer.from(JSON.stringify({ ...claimsOf(token), ...claims })).toString("base64url");
  return `${header}.${payload}.${signature}`;
}

/** A token with these claims, signed by the local issuer with its current key. */
export async function signedToken(issuerOrigin: string, claims: Readonly<Record<string, unknown>>): Promise<string> {
  const answer = await rawRequest({
    origin: issuerOrigin,
    method: "POST",
    path: "/admin/sign",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(claims),
  });
  return accessToken(answer);
}
