import type { ClientCall, ClientChange } from "../../policy/analysis/diff/client-comparer.ts";
import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";

/** What differs in one environment, or on some days. */
export interface LabelledDifference {
  /** The name of the environment, empty for the top level; for days, what `occurrenceOf` understands. */
  readonly label: string;
  readonly difference: MergedDifference;
}

/** Where a change occurs, if it does not occur everywhere. */
export interface Occurrence {
  /** In words, for people: `in staging`, `from 2027-02-01`. */
  readonly where: string;
  /** The first day on which it is so, in UTC, as `YYYY-MM-DD`; left out: it is so on every day. */
  readonly day?: string;
  /** The names of the environments in which it is so, empty for the top level; left out: it is so in all. */
  readonly environments?: readonly string[];
}

/** When and where a change is there, for programs. Empty: always and everywhere. */
export type Circumstances = Omit<Occurrence, "where">;

/** The calls that a registered client gains and loses. Each call knows its circumstances. */
export interface MergedClientChange extends ClientChange {
  readonly gained: readonly MergedCall[];
  readonly lost: readonly MergedCall[];
  readonly unenforced: readonly MergedCall[];
}

type MergedCall = ClientCall & Circumstances;

/** A difference whose changes know their circumstances. It has each client once. */
export interface MergedDifference extends PolicyDifference {
  readonly routes: readonly (PolicyDifference["routes"][number] & Circumstances)[];
  readonly settings: readonly (PolicyDifference["settings"][number] & Circumstances)[];
  readonly clients: readonly MergedClientChange[];
}

/**
 * Puts the differences of several environments together, or those of several days. A change that is the same in all of
 * them is told once, and so is a call that a client gains or loses. Any other says where it occurs.
 *
 * @param occurrenceOf says what some labels mean, in the order of `all`; default: they are environments
 */
export function mergeDifferences(
  all: readonly LabelledDifference[],
  occurrenceOf: OccurrenceOf = inEnvironments,
): MergedDifference {
  const [only] = all;
  if (only && all.length === 1) return only.difference;
  const routes = collect(
    all,
    occurrenceOf,
    ({ routes: changes }) => changes,
    ({ before, after, ...change }) => JSON.stringify([before?.index, after?.index, change]),
  );
  const settings = collect(
    all,
    occurrenceOf,
    ({ settings: changes }) => changes,
    (change) => JSON.stringify(change),
  );
  return {
    routes: routes.map(withNote),
    settings: settings.map(({ change, occurrence }) =>
      occurrence === undefined
        ? change
        : { ...change, message: `${change.message} (${occurrence.where})`, ...circumstancesOf(occurrence) },
    ),
    clients: mergeClients(all, occurrenceOf),
  };
}

type OccurrenceOf = (labels: readonly string[]) => Occurrence;

function inEnvironments(names: readonly string[]): Occurrence {
  return { where: `in ${names.map((name) => name || "top level").join(", ")}`, environments: names };
}

/** Each client once, with the calls of all differences. */
function mergeClients(all: readonly LabelledDifference[], occurrenceOf: OccurrenceOf): readonly MergedClientChange[] {
  const keyOf = ({ client, isNameReused }: ClientChange) => JSON.stringify([client, isNameReused]);
  const byKey = all.map(({ difference }) => new Map(difference.clients.map((change) => [keyOf(change), change])));
  const known = new Map(all.flatMap(({ difference }) => difference.clients.map((change) => [keyOf(change), change])));
  return Array.from(known, ([key, { client, isNameReused }]) => {
    const callsOf = (effect: "gained" | "lost" | "unenforced"): readonly MergedCall[] => {
      const parts = all.map(({ label }, at) => ({ label, difference: byKey[at]?.get(key)?.[effect] ?? [] }));
      return collect(
        parts,
        occurrenceOf,
        (calls) => calls,
        ({ route, methods, mcp, note }) => JSON.stringify([route.index, methods, mcp, note]),
      ).map(withNote);
    };
    return {
      ...{ client, isNameReused },
      ...{ gained: callsOf("gained"), lost: callsOf("lost"), unenforced: callsOf("unenforced") },
    };
  });
}

/** Adds where something occurs to its note, if it does not occur everywhere. */
function withNote<Noted extends { readonly note: string | undefined }>({
  change,
  occurrence,
}: Collected<Noted>): Noted & Circumstances {
  if (occurrence === undefined) return change;
  const note = [change.note, occurrence.where].filter((it) => it !== undefined).join(", ");
  return { ...change, note, ...circumstancesOf(occurrence) };
}

/** A change that occurs in some environments keeps the day that it has. */
function circumstancesOf({ where: _, ...circumstances }: Occurrence): Circumstances {
  return circumstances;
}

interface Found<Change> {
  readonly change: Change;
  readonly labels: string[];
}

interface Collected<Change> {
  readonly change: Change;
  /** `undefined`: it occurs in all. */
  readonly occurrence: Occurrence | undefined;
}

/** Each change once, with where it occurs. */
function collect<Difference, Change>(
  all: readonly { readonly label: string; readonly difference: Difference }[],
  occurrenceOf: OccurrenceOf,
  changesOf: (difference: Difference) => readonly Change[],
  keyOf: (change: Change) => string,
): readonly Collected<Change>[] {
  const found = new Map<string, Found<Change>>();
  for (const { label, difference } of all) {
    for (const change of changesOf(difference)) {
      const key = keyOf(change);
      const known = found.get(key) ?? { change, labels: [] };
      known.labels.push(label);
      found.set(key, known);
    }
  }
  return Array.from(found.values(), ({ change, labels }) => ({
    change,
    occurrence: labels.length < all.length ? occurrenceOf(labels) : undefined,
  }));
}
