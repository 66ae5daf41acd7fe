import { admitsAnyone } from "../../authorize.ts";
import type { Access, AccessComparison } from "../formulas/access.ts";
import type { Found } from "./change-kind.ts";
import type { Serving } from "./class-call.ts";

/** Compares which tokens two requirements admit. */
export type CompareAccess = (before: Access, after: Access) => AccessComparison;

/** Compares who may make a request. */
export function compareCallers(
  old: Serving | undefined,
  now: Serving | undefined,
  compare: CompareAccess,
): readonly Found[] {
  const wasPublic = old !== undefined && admitsAnyone(old.route.requirement);
  if (now && admitsAnyone(now.route.requirement)) {
    return wasPublic ? compareReaders(old, now, compare) : [{ kind: "opened" }];
  }
  if (now === undefined) return [{ kind: "removed" }];
  if (old === undefined) return [{ kind: "added" }];
  if (wasPublic) return [{ kind: "tighter" }];
  const { relation, gained, lost } = compare(old.access, now.access);
  if (relation === "equal") return [];
  return [
    {
      kind: relation,
      ...(gained && { gained }),
      ...(lost && { lost }),
    },
  ];
}

/**
 * Compares the issuers whose tokens two routes with an optional token accept. A caller with a token of another issuer
 * is refused, but can leave the token out.
 */
function compareReaders(old: Serving, now: Serving, compare: CompareAccess): readonly Found[] {
  if (old.route.requirement.kind !== "optional" || now.route.requirement.kind !== "optional") return [];
  const { gained, lost } = compare(old.access, now.access);
  return [
    ...(gained ? [{ kind: "headers", note: "tokens of more issuers are accepted" } as const] : []),
    ...(lost ? [{ kind: "headers", note: "tokens of fewer issuers are accepted" } as const] : []),
  ];
}

/** The changes of a variant without those that the request of its class has, too. */
export function withoutChangesOfClass(found: readonly Found[], [told]: readonly Found[]): readonly Found[] {
  if (told === undefined) return found;
  return found.flatMap((change): readonly Found[] => {
    if (change.kind === told.kind) return [];
    const gained = told.gained ? undefined : change.gained;
    const lost = told.lost ? undefined : change.lost;
    if (gained && lost) return [change];
    if (gained) return [{ kind: "looser", gained }];
    return lost ? [{ kind: "tighter", lost }] : [];
  });
}
