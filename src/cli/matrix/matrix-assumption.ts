import type { AccessMatrix } from "../../policy/analysis/access-matrix.ts";

/**
 * What the matrix assumes and the gateway does not enforce, in one line for people; `undefined` if all of it is
 * enforced. Without it, a reader would take a client that lacks a scope for refused.
 */
export function matrixAssumption({ unrestrictedIssuers }: AccessMatrix): string | undefined {
  if (unrestrictedIssuers.length === 0) return undefined;
  const names = unrestrictedIssuers.map((name) => `\`${name}\``).join(", ");
  const subject = unrestrictedIssuers.length === 1 ? `The issuer ${names} does` : `The issuers ${names} do`;
  return (
    "The matrix assumes that no client has a token with scopes beyond its registration. The gateway does not enforce " +
    `that: \`registeredClientsOnly\` is off. ${subject} not restrict clients, so an accepted token of any client, ` +
    "listed here or not, opens every route whose scopes it holds."
  );
}

/** `matrixAssumption`, and what the brackets and conditions in a table mean. For formats that have room for it. */
export function matrixNote(matrix: AccessMatrix): string | undefined {
  const assumption = matrixAssumption(matrix);
  const hasBrackets = matrix.rows.some(({ unenforced }) => unenforced.includes(true));
  const hasConditions = matrix.rows.some(({ conditional }) => conditional?.includes(true));
  const hasReports = matrix.rows.some(({ enforcedFrom }) => enforcedFrom !== undefined);
  const notes = [
    ...(assumption === undefined ? [] : [assumption]),
    ...(hasBrackets ? ["Brackets mark the calls that only the registration refuses."] : []),
    ...(hasConditions ? ["`if` marks the calls that need the conditions of the requirement, too."] : []),
    ...(hasReports
      ? ["A route that is `public until` a day only reports what it would refuse until the end of that day (UTC)."]
      : []),
  ];
  return notes.length === 0 ? undefined : notes.join(" ");
}
