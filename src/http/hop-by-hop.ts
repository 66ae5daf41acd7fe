import { isHeaderName } from "./header-names.ts";

/** Headers that belong to one connection (RFC 9110 7.6.1), with the ones that older proxies still send. */
export const HOP_BY_HOP = [
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** The header names that `Connection` lists; what is not a token names no header. */
export function connectionOptions(headers: Pick<Headers, "get">): readonly string[] {
  const connection = headers.get("connection");
  if (connection === null) return [];
  return connection
    .split(",")
    .map((option) => option.trim())
    .filter(isHeaderName);
}
