import { isDeepStrictEqual } from "node:util";
import { failure, type Result, success } from "../../result.ts";
import type { CognitoSettings } from "./settings.ts";

/**
 * The settings of several documents as one. The same resource server or client may stand in several, if all say the
 * same. A failure is a list of sentences: documents that disagree, or that are about different user pools.
 */
export function combineSettings(parts: readonly CognitoSettings[]): Result<CognitoSettings, readonly string[]> {
  const contradictions: string[] = [];
  const merge = <Item extends object>(items: readonly Item[], keyOf: (item: Item) => string, what: string): Item[] => {
    const found = new Map<string, Item>();
    for (const item of items) {
      const twin = found.get(keyOf(item));
      if (twin !== undefined && !isDeepStrictEqual(twin, item)) {
        contradictions.push(`There are two different ${what} \`${keyOf(item)}\`.`);
      }
      found.set(keyOf(item), item);
    }
    return [...found.values()];
  };
  const settings: CognitoSettings = {
    servers: merge(
      parts.flatMap(({ servers }) => servers),
      ({ identifier }) => identifier,
      "resource servers",
    ),
    clients: merge(
      parts.flatMap(({ clients }) => clients),
      ({ id }) => id,
      "clients",
    ),
    userPoolId: parts.find(({ userPoolId }) => userPoolId !== undefined)?.userPoolId,
  };
  const pools = new Set(parts.flatMap(({ userPoolId }) => userPoolId ?? []));
  if (pools.size > 1) contradictions.push(`The files are about different user pools: ${[...pools].join(", ")}.`);
  return contradictions.length > 0 ? failure(contradictions) : success(settings);
}
