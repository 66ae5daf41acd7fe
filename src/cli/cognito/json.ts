/** Reading JSON of others: a member, if it is of the type that is wanted. Whatever is not is as good as absent. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member if it is an object, else an empty one. */
export function objectAt(value: JsonObject, name: string): JsonObject {
  const member = value[name];
  return isObject(member) ? member : {};
}

/** The objects in an array; of anything else none. */
export function objectsAt(value: JsonObject, name: string): readonly JsonObject[] {
  const member = value[name];
  return Array.isArray(member) ? member.filter(isObject) : [];
}

export function stringAt(value: JsonObject, name: string): string | undefined {
  const member = value[name];
  return typeof member === "string" ? member : undefined;
}

/** The strings in an array; of anything else none. */
export function stringsAt(value: JsonObject, name: string): readonly string[] {
  const member = value[name];
  return Array.isArray(member) ? member.filter((item) => typeof item === "string") : [];
}

/** Names that are taken for labels in templates: letters and digits, one of its kind. */
export class Labels {
  readonly #taken = new Set<string>();

  /** `https://api.example.com`, `Server` -> `ApiExampleComServer`. */
  next(text: string, kind: string): string {
    const words = text.replace(/^[a-z]+:\/\//i, "").match(/[A-Za-z0-9]+/g) ?? [];
    const base = words
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join("")
      .slice(0, 200);
    // A label must not begin with a digit everywhere.
    const name = `${/^\d/.test(base) ? "N" : ""}${base}${kind}`;
    let label = name;
    for (let count = 2; this.#taken.has(label.toLowerCase()); count++) label = `${name}${count}`;
    this.#taken.add(label.toLowerCase());
    return label;
  }
}
