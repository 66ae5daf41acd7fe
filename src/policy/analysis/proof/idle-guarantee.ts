import type { Guarantee, PathSelection, Policy, RouteGroup } from "../../policy.ts";
import { closest } from "../../suggestion.ts";
import type { PathTree } from "../paths/path-tree.ts";
import { ownTree, routeTree } from "../route-tree.ts";
import { type IdleNote, isVariation } from "./idle-note.ts";
import { messageNotes } from "./message-notes.ts";
import type { Proof } from "./proof.ts";
import { servedPaths } from "./served-paths.ts";

/**
 * The notes on a guarantee that holds only because there are no calls: on all of its paths, or on some. Empty if there
 * are calls on each of its paths.
 */
export function idleNotes(policy: Policy, { guarantee, idleBecause }: Proof): readonly IdleNote[] {
  if (idleBecause === "methods") return [methodNote(policy, guarantee)];
  if (idleBecause === "messages") return messageNotes(policy, guarantee);
  if (idleBecause === "clients") return [noTokenNote(guarantee)];
  if (idleBecause === "exceptions") return [exceptionsNote(guarantee)];
  const notes = [...pathNotes(policy, guarantee), ...messageNotes(policy, guarantee)];
  return idleBecause === "paths" && notes.length !== 1 ? [NO_PATH, ...notes] : notes;
}

/** Whether some route serves a path that the guarantee selects. Does not look at methods, clients or exceptions. */
export function selectsServedPaths(policy: Policy, selection: Pick<Guarantee, "paths" | "hosts">): boolean {
  const { paths } = selection;
  const trees = treesOf(policy, selection);
  const isServed = (pattern: string, isUnder: boolean) =>
    trees.some((tree) => servedPaths(tree, pattern, isUnder).isServed);
  return paths === undefined || patternsOf(paths).some(({ pattern, isUnder }) => isServed(pattern, isUnder));
}

/** The trees of the routes that may serve on the hosts that a guarantee selects. */
function treesOf(policy: Policy, { hosts }: Pick<Guarantee, "hosts">): readonly PathTree<RouteGroup>[] {
  const own = Array.from(policy.byHost ?? []).filter(([host]) => hosts?.has(host) ?? true);
  return [routeTree(policy), ...own.flatMap(([, routes]) => ownTree(routes) ?? [])];
}

const NO_CALLS = "No route serves any of these calls.";

const NO_PATH: IdleNote = { message: NO_CALLS, hint: "Check `paths` and `under`.", isLikelyMistake: false };

function noTokenNote({ clients, issuers }: Guarantee): IdleNote {
  if (issuers === undefined) return NO_TOKEN;
  return {
    message:
      clients === undefined
        ? "The gateway accepts no token of its issuers, so nobody can make these calls with a token."
        : "The gateway accepts no token that one of its issuers gives to one of its clients.",
    hint: "Check `issuers` and `clients` of the guarantee, and which clients its issuers accept.",
    isLikelyMistake: clients !== undefined,
  };
}

const NO_TOKEN: IdleNote = {
  message: "The gateway accepts no token of its clients, so none of them can make these calls.",
  hint: "Check `clients` of the guarantee, and `audiences` of the clients' issuer.",
  isLikelyMistake: false,
};

function exceptionsNote({ claim, except }: Guarantee): IdleNote {
  const isLikelyMistake = true;
  if (claim.kind !== "publicOnly") {
    const hint = "Remove an exception or make it narrower.";
    return { message: "Its exceptions leave out every call.", hint, isLikelyMistake };
  }
  const calls = except.length === 0 ? "Every call" : "Every call that its exceptions do not leave out";
  const message = `${calls} is on a path that \`publicOnly\` lists.`;
  return { message, hint: "List fewer paths.", isLikelyMistake };
}

function pathNotes(policy: Policy, guarantee: Guarantee): readonly IdleNote[] {
  const { paths } = guarantee;
  if (paths === undefined) return [];
  const trees = treesOf(policy, guarantee);
  return patternsOf(paths).flatMap(({ pattern, isUnder }): readonly IdleNote[] => {
    const found = trees.map((tree) => servedPaths(tree, pattern, isUnder));
    if (found.some(({ isServed }) => isServed)) return [];
    const nearest = found[0]?.nearest ?? "/";
    const meant =
      found.find((it) => it.meant !== undefined)?.meant ??
      closest(
        pattern,
        policy.routes.map(({ path }) => path),
      );
    const where = isUnder ? `under \`${pattern}\`` : `on \`${pattern}\``;
    return [
      {
        message: `No route serves a call ${where}.`,
        hint: meant === undefined ? nearestHint(policy, nearest) : `Did you mean \`${meant}\`?`,
        isLikelyMistake: meant !== undefined && !isVariation(meant, pattern),
      },
    ];
  });
}

/** @param nearest the longest part of the pattern that leads to routes */
function nearestHint(policy: Policy, nearest: string): string {
  if (nearest !== "/") return `The nearest path that leads to routes is \`${nearest}\`.`;
  const first = [...routeTree(policy).literals.keys()].slice(0, MOST_NAMES).map((name) => `\`/${encodeURI(name)}\``);
  return first.length === 0 ? "Check the path." : `Check the path. Routes begin with ${first.join(", ")}.`;
}

/** More names would hide the rest of the output. */
const MOST_NAMES = 5;

function patternsOf({ patterns, under }: PathSelection) {
  return [
    ...patterns.map((pattern) => ({ pattern, isUnder: false })),
    ...under.map((pattern) => ({ pattern, isUnder: true })),
  ];
}

function methodNote({ routes }: Policy, { methods }: Guarantee): IdleNote {
  const served = new Set(routes.flatMap((route) => route.methods));
  const [meant] = Array.from(methods ?? []).flatMap((method) =>
    served.has(method) ? [] : (closest(method, served) ?? []),
  );
  return {
    message: "No route serves these methods on these paths.",
    hint: meant === undefined ? "Check `methods`." : `Did you mean \`${meant}\`?`,
    isLikelyMistake: meant !== undefined,
  };
}
