import { GATEWAY_BINDINGS } from "../../env.ts";
import type { Policy } from "../../policy/policy.ts";
import type { WranglerSettings } from "../policy-file/read-environments.ts";
import type { Found } from "./finding.ts";

const CLASS = "ReplayGuard";

/**
 * What is wrong with the Durable Object that `dpop.replay` `global` needs, in an environment of wrangler's file: its
 * binding, or the migration that makes its class with SQLite storage. An object of another Worker needs no migration
 * here.
 *
 * @param settings those of the environment; `undefined`: there is no wrangler file, so nothing is checked
 */
export function replayBinding(
  { dpop }: Pick<Policy, "dpop">,
  settings: WranglerSettings | undefined,
): readonly Found[] {
  if (dpop?.replay !== "global" || settings === undefined) return [];
  const name = GATEWAY_BINDINGS.replay;
  const bound = settings.durable_objects?.bindings.find((it) => it.name === name && it.class_name === CLASS);
  if (bound === undefined) {
    const message = `There is no Durable Object \`${name}\` of the class \`${CLASS}\`, which \`replay\` needs.`;
    const hint = `Add \`{ name = "${name}", class_name = "${CLASS}" }\` to \`durable_objects.bindings\` of every environment.`;
    return [unbound(message, hint)];
  }
  if (bound.script_name !== undefined || hasSqliteClass(settings)) return [];
  const message = `No migration makes the class \`${CLASS}\` with SQLite storage.`;
  const hint = `Add \`[[migrations]]\` with \`tag = "v1"\` and \`new_sqlite_classes = ["${CLASS}"]\`.`;
  return [unbound(message, hint)];
}

function hasSqliteClass({ migrations = [], exports = {} }: WranglerSettings): boolean {
  return migrations.some((it) => it.new_sqlite_classes?.includes(CLASS)) || exports[CLASS]?.storage === "sqlite";
}

function unbound(message: string, hint: string): Found {
  return { code: "unbound-replay", severity: "error", path: ["dpop", "replay"], message, hint, reason: undefined };
}
