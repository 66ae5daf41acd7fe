/** Makes the labels of a template: letters and digits only, and no label twice (upper and lower case count as one). */
export class Labels {
  readonly #taken = new Set<string>();

  /** A new label for a name: `https://api.example.com` and `Server` become `ApiExampleComServer`. */
  next(text: string, kind: string): string {
    const words = text.replace(/^[a-z]+:\/\//i, "").match(/[A-Za-z0-9]+/g) ?? [];
    const base = words
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join("")
      .slice(0, 200);
    // Terraform takes no label that begins with a digit.
    const name = `${/^\d/.test(base) ? "N" : ""}${base}${kind}`;
    let label = name;
    for (let count = 2; this.#taken.has(label.toLowerCase()); count++) label = `${name}${count}`;
    this.#taken.add(label.toLowerCase());
    return label;
  }
}
