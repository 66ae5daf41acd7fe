import { GATEWAY_BINDINGS } from "../../env.ts";
import type { Policy } from "../../policy/policy.ts";
import type { WranglerSettings } from "../policy-file/read-environments.ts";
import type { Found } from "./finding.ts";

/**
 * What is wrong with the KV namespace that `revocation` needs, in an environment of wrangler's file.
 *
 * @param settings those of the environment; `undefined`: there is no wrangler file, so nothing is checked
 */
export function revocationsBinding(
  { revocation }: Pick<Policy, "revocation">,
  settings: WranglerSettings | undefined,
): readonly Found[] {
  const name = GATEWAY_BINDINGS.revocations;
  if (revocation === undefined || settings === undefined) return [];
  if (settings.kv_namespaces?.some(({ binding }) => binding === name)) return [];
  return [
    {
      code: "unbound-revocations",
      severity: "error",
      path: ["revocation"],
      message: `There is no KV namespace \`${name}\`, which \`revocation\` needs.`,
      hint: `Add \`{ binding = "${name}" }\` to \`kv_namespaces\` of every environment. It needs no id: wrangler creates it.`,
      reason: undefined,
    },
  ];
}
