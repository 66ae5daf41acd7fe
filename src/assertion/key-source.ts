import { Denial } from "../answer/denial.ts";
import { STORED_SECRET_AGE_MS } from "../limits.ts";
import type { AssertionSettings } from "../policy/upstream.ts";
import { readStoredSecret } from "../upstream/stored-secret.ts";
import { importSigningKeys, parseSigningKeys, type SigningKeys } from "./signing-keys.ts";

/** What reading the keys needs besides the bindings. */
export interface KeySourceIo {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Where the keys come from. */
export interface KeySource {
  /** The keys in memory; `undefined`: there are none that are fresh enough. */
  current(): SigningKeys | undefined;
  /**
   * Reads and imports them: `upstream-unreachable` if the store cannot be read, `policy-invalid` if they are unusable.
   */
  load(): Promise<SigningKeys | Denial>;
}

/**
 * Keeps the keys of the secret. A Worker secret never changes while the isolate lives. A secret of a Secrets Store is
 * read again once in `STORED_SECRET_AGE_MS`. Several requests may load at once, because the runtime lets no request
 * wait for what another one has begun. No denial repeats any of the secret.
 */
export function createKeySource(
  { secret, algorithm }: AssertionSettings,
  bindings: Readonly<Record<string, unknown>>,
  { now, sleep }: KeySourceIo,
): KeySource {
  const binding = bindings[secret];
  const isFixed = typeof binding === "string";
  let known: { readonly keys: SigningKeys; readonly text: string; readonly at: number } | undefined;

  return {
    current() {
      if (known === undefined || isFixed) return known?.keys;
      const age = now() - known.at;
      return age >= 0 && age < STORED_SECRET_AGE_MS ? known.keys : undefined;
    },
    async load() {
      const text = isFixed ? binding : await readStoredSecret(binding, sleep);
      if (text === undefined) return new Denial("upstream-unreachable", `The secret ${secret} could not be read.`);
      const at = now();
      if (known?.text === text) {
        known = { ...known, at };
        return known.keys;
      }
      const parsed = parseSigningKeys(text, algorithm);
      const keys = parsed.ok ? await importSigningKeys(parsed.value) : parsed;
      if (!keys.ok) return new Denial("policy-invalid", `The secret \`${secret}\` ${keys.failure}`);
      known = { keys: keys.value, text, at };
      return keys.value;
    },
  };
}
