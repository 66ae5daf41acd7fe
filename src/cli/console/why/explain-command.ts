import { DEFAULT_POLICY } from "../../policy-file/policy-source.ts";
import { quoted, type Shell } from "../../print/shell.ts";
import type { Question } from "../parts/why-address.ts";
import { messageOf } from "./message-of.ts";

/** What the console was started with, and whether the caller is the holder of a token. */
export interface CommandContext {
  readonly policyName: string;
  readonly environment: string | undefined;
  readonly hasToken: boolean;
}

/**
 * The command that explains the same in a terminal. A token is named by a file that the reader has to write.
 *
 * @returns the name of the command, and its arguments as they are typed
 */
export function explainCommand(
  { method, path, host, message, revision, client, scope, grant, claim, issuer, tenant, bound, on, env }: Question,
  { policyName, environment, hasToken }: CommandContext,
  shell: Shell,
): { readonly name: "explain" | "explain mcp"; readonly args: string } {
  const asked = message === undefined ? undefined : messageOf(message, revision);
  const words = asked === undefined ? [] : "reply" in asked ? ["reply"] : [asked.method, ...asked.names];
  const option = (name: string, value: string | undefined) => (value === undefined ? [] : [`--${name}`, value]);
  const all = [
    ...(asked === undefined ? [method ?? "GET", path] : [path, ...words]),
    ...option("host", host),
    ...option("revision", revision),
    ...option("client", client),
    ...option("scope", scope.length === 0 ? undefined : scope.join(" ")),
    ...grant.flatMap((it) => option("grant", it)),
    ...claim.flatMap((it) => option("claim", it)),
    ...option("issuer", issuer),
    ...option("tenant", tenant),
    ...option("bound", bound),
    ...option("token-file", hasToken ? "token.txt" : undefined),
    ...option("policy", policyName === DEFAULT_POLICY ? undefined : policyName),
    ...option("env", env ?? environment),
    ...option("on", on),
  ];
  return {
    name: asked === undefined ? "explain" : "explain mcp",
    args: all.map((word) => quoted(word, shell)).join(" "),
  };
}
