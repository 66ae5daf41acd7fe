/** Other spellings of the literals of a policy's patterns. */
export class LiteralSpellings {
  readonly #literals: ReadonlySet<string>;
  readonly #undeclared = new Map<string, string | undefined>();
  /** The literals that fold to the same text, where there are several. */
  readonly #alike: ReadonlyMap<string, readonly string[]>;

  /** @param literals all literals of the policy, decoded */
  constructor(literals: ReadonlySet<string>) {
    this.#literals = literals;
    this.#alike = new Map(
      Map.groupBy(literals, fold)
        .entries()
        .filter(([, group]) => group.length > 1),
    );
  }

  /** The other literals of the policy that differ from this one in case or Unicode normalization only. */
  declared(literal: string): readonly string[] {
    if (this.#alike.size === 0) return [];
    return this.#alike.get(fold(literal))?.filter((text) => text !== literal) ?? [];
  }

  /** A spelling in another case or Unicode normalization that is not a literal. `undefined`: there is none. */
  undeclared(literal: string): string | undefined {
    if (!this.#undeclared.has(literal)) this.#undeclared.set(literal, this.#findUndeclared(literal));
    return this.#undeclared.get(literal);
  }

  /** Whether some pattern has this literal. */
  has(literal: string): boolean {
    return this.#literals.has(literal);
  }

  #findUndeclared(literal: string): string | undefined {
    return candidates(literal).find((text) => text !== literal && !this.#literals.has(text));
  }
}

/** The usual spellings come first. */
function* candidates(literal: string): Generator<string, void> {
  yield capitalized(literal);
  yield literal.toUpperCase();
  yield literal.toLowerCase();
  yield literal.normalize("NFD");
  yield literal.normalize("NFC");
  yield* withOneCharacterChanged(literal);
}

function fold(literal: string): string {
  return literal.normalize("NFC").toLowerCase();
}

function capitalized(literal: string): string {
  return literal.charAt(0).toUpperCase() + literal.slice(1);
}

function withOneCharacterChanged(literal: string): readonly string[] {
  const characters = Array.from(literal);
  return characters.map((character, at) => {
    const lower = character.toLowerCase();
    return characters.with(at, character === lower ? character.toUpperCase() : lower).join("");
  });
}
