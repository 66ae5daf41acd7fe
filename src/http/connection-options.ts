import { isHeaderName } from "./header-names.ts";

/**
 * The header names that `Connection` lists: they are meant for this connection only (RFC 9110 7.6.1). An option that
 * is not a token names no header and is left out.
 */
export function connectionOptions(headers: Pick<Headers, "get">): readonly string[] {
  const connection = headers.get("connection");
  if (connection === null) return [];
  return connection
    .split(",")
    .map((option) => option.trim())
    .filter(isHeaderName);
}
