import { STORED_SECRET_TIMEOUT_MS } from "../limits.ts";

/** The binding of a secret in a Secrets Store. */
interface StoredSecret {
  readonly get: () => Promise<unknown>;
}

/** Whether a binding is a secret of a Secrets Store, as far as that can be seen. */
export function isStoredSecret(binding: unknown): binding is StoredSecret {
  return typeof binding === "object" && binding !== null && "get" in binding && typeof binding.get === "function";
}

/** The value of such a secret; `undefined`: it cannot be read within `STORED_SECRET_TIMEOUT_MS`. */
export async function readStoredSecret(
  binding: unknown,
  sleep: (ms: number) => Promise<void>,
): Promise<string | undefined> {
  if (!isStoredSecret(binding)) return undefined;
  try {
    const value = await Promise.race([binding.get(), sleep(STORED_SECRET_TIMEOUT_MS)]);
    return typeof value === "string" ? value : undefined;
  } catch {
    // What the store says is not passed on: nobody can promise that it names no secret.
    return undefined;
  }
}
