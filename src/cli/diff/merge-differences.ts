import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";

/** What differs in one environment. */
export interface EnvironmentDifference {
  /** The environment, for people. */
  readonly label: string;
  readonly difference: PolicyDifference;
}

/**
 * Puts the differences of several environments together. A change that is the same in all of them is told once. Any other
 * says in which environments it occurs.
 */
export function mergeDifferences(all: readonly EnvironmentDifference[]): PolicyDifference {
  const [only] = all;
  if (only && all.length === 1) return only.difference;
  const routes = collect(
    all,
    ({ routes: changes }) => changes,
    ({ before, after, ...change }) => JSON.stringify([before?.index, after?.index, change]),
  );
  const settings = collect(
    all,
    ({ settings: changes }) => changes,
    (change) => JSON.stringify(change),
  );
  const clients = collect(
    all,
    ({ clients: changes }) => changes,
    ({ client, isNameReused, gained, lost, unenforced }) =>
      JSON.stringify([
        client,
        isNameReused,
        [gained, lost, unenforced].map((calls) =>
          calls.map(({ route, methods, note }) => [route.index, methods, note]),
        ),
      ]),
  );
  return {
    routes: routes.map(({ change, where }) => withNote(change, where)),
    settings: settings.map(({ change, where }) =>
      where === undefined ? change : { ...change, message: `${change.message} (${where})` },
    ),
    clients: clients.map(({ change, where }) => ({
      ...change,
      gained: change.gained.map((call) => withNote(call, where)),
      lost: change.lost.map((call) => withNote(call, where)),
      unenforced: change.unenforced.map((call) => withNote(call, where)),
    })),
  };
}

/** Adds where something occurs to its note; `undefined`: everywhere. */
function withNote<Noted extends { readonly note: string | undefined }>(noted: Noted, where: string | undefined): Noted {
  return where === undefined
    ? noted
    : { ...noted, note: [noted.note, where].filter((it) => it !== undefined).join(", ") };
}

interface Found<Change> {
  readonly change: Change;
  readonly labels: string[];
}

/** Each change once, with the environments in which it occurs; `undefined`: in all. */
function collect<Change>(
  all: readonly EnvironmentDifference[],
  changesOf: (difference: PolicyDifference) => readonly Change[],
  keyOf: (change: Change) => string,
) {
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
    where: labels.length < all.length ? `in ${labels.join(", ")}` : undefined,
  }));
}
