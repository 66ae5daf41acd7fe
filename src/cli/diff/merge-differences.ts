import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";

/** What differs in one environment, or on some days. */
export interface LabelledDifference {
  /** The environment, for people; for days, what `occurrenceOf` understands. */
  readonly label: string;
  readonly difference: MergedDifference;
}

/** Where a change occurs, if it does not occur everywhere. */
export interface Occurrence {
  /** In words, for people: `in staging`, `from 2027-02-01`. */
  readonly where: string;
  /** The first day on which it is so, in UTC, as `YYYY-MM-DD`; left out: `where` names environments. */
  readonly day?: string;
}

/** Left out: the change is there on every day. */
type Dated = Pick<Occurrence, "day">;

/** A difference whose changes know their first day if they are not there on every day. */
export interface MergedDifference extends PolicyDifference {
  readonly routes: readonly (PolicyDifference["routes"][number] & Dated)[];
  readonly settings: readonly (PolicyDifference["settings"][number] & Dated)[];
  readonly clients: readonly (PolicyDifference["clients"][number] & Dated)[];
}

/**
 * Puts the differences of several environments together, or those of several days. A change that is the same in all of
 * them is told once. Any other says where it occurs.
 *
 * @param occurrenceOf says what some labels mean, in the order of `all`; default: they are environments
 */
export function mergeDifferences(
  all: readonly LabelledDifference[],
  occurrenceOf: (labels: readonly string[]) => Occurrence = (labels) => ({ where: `in ${labels.join(", ")}` }),
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
  const clients = collect(
    all,
    occurrenceOf,
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
    routes: routes.map(({ change, occurrence }) =>
      occurrence === undefined ? change : { ...withNote(change, occurrence), ...dayOf(occurrence) },
    ),
    settings: settings.map(({ change, occurrence }) =>
      occurrence === undefined
        ? change
        : { ...change, message: `${change.message} (${occurrence.where})`, ...dayOf(occurrence) },
    ),
    clients: clients.map(({ change, occurrence }) =>
      occurrence === undefined
        ? change
        : {
            ...change,
            gained: change.gained.map((call) => withNote(call, occurrence)),
            lost: change.lost.map((call) => withNote(call, occurrence)),
            unenforced: change.unenforced.map((call) => withNote(call, occurrence)),
            ...dayOf(occurrence),
          },
    ),
  };
}

/** Adds where something occurs to its note. */
function withNote<Noted extends { readonly note: string | undefined }>(noted: Noted, { where }: Occurrence): Noted {
  return { ...noted, note: [noted.note, where].filter((it) => it !== undefined).join(", ") };
}

/** A change that occurs in some environments keeps the day that it has. */
function dayOf({ day }: Occurrence): Dated {
  return day === undefined ? {} : { day };
}

interface Found<Change> {
  readonly change: Change;
  readonly labels: string[];
}

/** Each change once, with where it occurs; `undefined`: in all. */
function collect<Change>(
  all: readonly LabelledDifference[],
  occurrenceOf: (labels: readonly string[]) => Occurrence,
  changesOf: (difference: MergedDifference) => readonly Change[],
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
    occurrence: labels.length < all.length ? occurrenceOf(labels) : undefined,
  }));
}
