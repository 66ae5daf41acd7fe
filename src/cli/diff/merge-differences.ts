import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";

/** What differs in one environment, or on some days. */
export interface LabelledDifference {
  /** The environment, for people; for days, what `whereOf` understands. */
  readonly label: string;
  readonly difference: PolicyDifference;
}

/**
 * Puts the differences of several environments together, or those of several days. A change that is the same in all of them is
 * told once. Any other says where it occurs.
 *
 * @param whereOf the words for some labels, in the order of `all`; default: environments
 */
export function mergeDifferences(
  all: readonly LabelledDifference[],
  whereOf: (labels: readonly string[]) => string = (labels) => `in ${labels.join(", ")}`,
): PolicyDifference {
  const [only] = all;
  if (only && all.length === 1) return only.difference;
  const routes = collect(
    all,
    whereOf,
    ({ routes: changes }) => changes,
    ({ before, after, ...change }) => JSON.stringify([before?.index, after?.index, change]),
  );
  const settings = collect(
    all,
    whereOf,
    ({ settings: changes }) => changes,
    (change) => JSON.stringify(change),
  );
  const clients = collect(
    all,
    whereOf,
    ({ clients: changes }) => changes,
    ({ client, isNameReused, gained, lost, unenforced }) =>
      JSON.stringify([
        client,
        isNameReused,
        [gained, lost, unenforced].map((calls) =>
          calls.map(({ route, methods, mcp, note }) => [route.index, methods, mcp, note]),
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

/** Each change once, with where it occurs; `undefined`: in all. */
function collect<Change>(
  all: readonly LabelledDifference[],
  whereOf: (labels: readonly string[]) => string,
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
    where: labels.length < all.length ? whereOf(labels) : undefined,
  }));
}
