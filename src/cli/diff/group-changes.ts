import { counted } from "../output.ts";
import type { DescribedChange } from "./describe-route-change.ts";

/** Fewer equal changes are shown one by one. */
const LEAST_GROUPED = 20;

/** A change, and how many others are equal to it except for the routes. */
export interface GroupedChange {
  readonly change: DescribedChange;
  readonly others: number;
}

/**
 * Puts changes with one cause together: the same kind, the same requirements before and now, the same note. The first
 * one stands for all of them, where it stands. If a change of the policy concerns thousands of routes, people read one
 * line.
 */
export function groupChanges(changes: readonly DescribedChange[]): readonly GroupedChange[] {
  const groups = Map.groupBy(changes, causeOf);
  return [...groups.values()].flatMap((group) => {
    const [change] = group;
    if (change === undefined || group.length < LEAST_GROUPED) return group.map((it) => ({ change: it, others: 0 }));
    return [{ change, others: group.length - 1 }];
  });
}

function causeOf({ kind, path, mcp, before, after, note }: DescribedChange): string {
  // Messages of one route are one group, because the route is what people know.
  return JSON.stringify([kind, before?.requirement, after?.requirement, note, mcp && path]);
}

/** How many others a change stands for, in words. */
export function othersText(others: number, { mcp }: Pick<DescribedChange, "mcp">): string {
  return counted(others, mcp === undefined ? "more route" : "more message");
}
