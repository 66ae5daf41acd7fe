/**
 * A value as JSON, with sets and maps as lists in their order. Equal texts mean equal values, not the other way round.
 */
export function plainText(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    member instanceof Set || member instanceof Map ? [...member] : member,
  );
}
