import type { Operation } from "./document/api-document.ts";

/** Collects remarks: one sentence for all operations that share it. */
export class Remarks {
  readonly #operations = new Map<string, string[]>();

  /** @param what a sentence whose subject is the operation, without the full stop */
  add(what: string, { method, path }: Operation): void {
    const names = this.#operations.get(what) ?? [];
    names.push(`${method} ${path}`);
    this.#operations.set(what, names);
  }

  /** One sentence for each remark, in the order in which they were first made. */
  sentences(): readonly string[] {
    return Array.from(this.#operations, ([what, [first, ...more]]) =>
      more.length === 0 ? `${first} ${what}.` : `${first} and ${more.length} more: each ${what}.`,
    );
  }
}
