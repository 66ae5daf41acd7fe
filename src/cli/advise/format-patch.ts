import { clientTitle } from "../../policy/analysis/clients/client-title.ts";
import { shortestName } from "../../policy/analysis/format-requirement.ts";
import type { LoadedPolicy } from "../policy-file/policy-source.ts";
import type { Patch } from "./patch-policy.ts";

/** Says what `--patch` wrote, or why it wrote nothing. */
export function formatPatch(
  { isWritten, clients, why }: Patch,
  { name: file, policy }: LoadedPolicy,
): readonly string[] {
  if (clients.length === 0) return ["", `${file}: nothing to tighten, so nothing was written.`];
  const textOf = (scopes: readonly string[]): string =>
    scopes.length === 0 ? "no scope" : scopes.map((name) => shortestName(name, policy)).join(", ");
  if (!isWritten) return ["", `${file}: nothing was written.`, ...why.map((reason) => `  ${reason}`)];
  return [
    "",
    `${file}: written. The change only closes, and every permitted call of the log stays permitted.`,
    ...clients.flatMap(({ client, kept, removed, isChoice }) => [
      `  ${client}${clientTitle(client, policy)} keeps ${textOf(kept)}; removed: ${textOf(removed)}`,
      ...(isChoice ? [`    ${CHOICE}`] : []),
    ]),
  ];
}

const CHOICE =
  "Other sets are as small. This one names the fewest scopes and, of those, the ones that the file declares first.";
