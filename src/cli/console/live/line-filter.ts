/** The kinds of lines, in the order in which a page lists them. `event`: anything except a decision about a request. */
export const LINE_KINDS = ["allow", "deny", "error", "would-deny", "shadow", "event"] as const;

/** What a line is about. */
export type LineKind = (typeof LINE_KINDS)[number];

/** What a filter looks at in a line. */
export interface FilteredLine {
  readonly kind: LineKind;
  readonly reason: string;
  readonly client: string;
  /** Method and pattern, or what an event is about. */
  readonly target: string;
}

/** Which lines to show. An empty text lets all of them through. */
export interface LineFilter {
  readonly decision: string;
  readonly reason: string;
  readonly client: string;
  readonly route: string;
}

/** The parameters of the page's address that filter its lines. */
export const FILTER_NAMES = ["decision", "reason", "client", "route"] as const satisfies readonly (keyof LineFilter)[];

/**
 * Reads a filter from the parameters of an address, or from the fields of a form. Of two values of one name, the first
 * counts. Does not check whether there are lines of the kind that it names.
 */
export function readFilter(fields: { get(name: string): unknown }): LineFilter {
  const field = (name: keyof LineFilter) => {
    const value = fields.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  return { decision: field("decision"), reason: field("reason"), client: field("client"), route: field("route") };
}

/** The parameters that give this filter again, without empty ones. */
export function filterQuery(filter: LineFilter): string {
  const given = FILTER_NAMES.filter((name) => filter[name] !== "").map((name) => [name, filter[name]]);
  return new URLSearchParams(given).toString();
}

/** Whether a line is shown: its kind is the wanted one, and it has each text somewhere, in upper or lower case. */
export function isShown(line: FilteredLine, filter: LineFilter): boolean {
  return (filter.decision === "" || line.kind === filter.decision) && hasTexts(line, filter);
}

/**
 * How many lines of each kind have the texts of a filter, so that people see what another choice of kind would show.
 */
export function countKinds(lines: Iterable<FilteredLine>, filter: LineFilter): Record<LineKind, number> {
  const counts: Record<LineKind, number> = { allow: 0, deny: 0, error: 0, "would-deny": 0, shadow: 0, event: 0 };
  for (const line of lines) if (hasTexts(line, filter)) counts[line.kind] += 1;
  return counts;
}

function hasTexts({ reason, client, target }: FilteredLine, filter: LineFilter): boolean {
  return contains(reason, filter.reason) && contains(client, filter.client) && contains(target, filter.route);
}

function contains(text: string, part: string): boolean {
  return part === "" || text.toLowerCase().includes(part.toLowerCase());
}
