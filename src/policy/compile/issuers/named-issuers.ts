import type { Fault, Report } from "../../fault.ts";
import { closest } from "../../suggestion.ts";

/** The part of a file that declares the issuers. `issuers` is there and `undefined` if it is faulty. */
export interface IssuersConfig {
  readonly issuers?: Readonly<Record<string, unknown>> | undefined;
}

/** The issuer that the name at `path` means, or `undefined` once a fault is reported. */
export function namedIssuer(
  name: string | undefined,
  path: Fault["path"],
  config: IssuersConfig,
  report: Report,
): string | undefined {
  const known = Object.keys(config.issuers ?? {});
  if (name === undefined || known.includes(name)) return name;
  // If `issuers` itself is faulty, the name may stand there.
  if (Object.hasOwn(config, "issuers") && config.issuers === undefined) return undefined;
  const meant = closest(name, known);
  const hint = meant === undefined ? "Add it to `issuers`." : `Did you mean \`${meant}\`?`;
  report(path, `There is no issuer \`${name}\`.`, hint);
  return undefined;
}

/**
 * The issuers that a list at `path` names, sorted. Reports a name that is unknown, and one that is listed twice.
 *
 * @returns `undefined` if there is no list: every issuer is meant
 */
export function namedIssuers(
  names: readonly (string | undefined)[] | undefined,
  path: Fault["path"],
  config: IssuersConfig,
  report: Report,
): readonly string[] | undefined {
  if (names === undefined) return undefined;
  const found = new Set<string>();
  for (const [index, it] of names.entries()) {
    const name = namedIssuer(it, [...path, index], config, report);
    if (name !== undefined && found.has(name)) {
      report([...path, index], `\`${name}\` is listed twice.`, "Remove one of them.");
    }
    if (name !== undefined) found.add(name);
  }
  return [...found].sort();
}
