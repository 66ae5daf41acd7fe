export const NO_METHODS: readonly string[] = [];

/**
 * Lists of methods that grow one method at a time. Hundreds of thousands of changes list the same few methods, so lists
 * that grew alike are one object.
 */
export class MethodLists {
  readonly #longer = new Map<readonly string[], Map<string, readonly string[]>>();

  /** The list with a method at its end. The same list if it has the method. Start with `NO_METHODS`. */
  with(list: readonly string[], method: string): readonly string[] {
    if (list.includes(method)) return list;
    const byMethod = this.#longer.get(list) ?? new Map<string, readonly string[]>();
    this.#longer.set(list, byMethod);
    const longer = byMethod.get(method) ?? [...list, method];
    byMethod.set(method, longer);
    return longer;
  }
}
