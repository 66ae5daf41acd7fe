const INTERVAL_MS = 10;
const LIMIT_MS = 5_000;

/** Calls `look` until it returns a value other than `undefined`. Rejects if it returns none in time. */
export async function eventually<Value>(
  what: string,
  look: () => Value | undefined | Promise<Value | undefined>,
  limitMs = LIMIT_MS,
): Promise<Value> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`There was not ${what} within ${limitMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

/** The promise with a time limit, so that a test that hangs says what it waits for. */
export async function within<Value>(what: string, promise: Promise<Value>, limitMs = LIMIT_MS): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`There was not ${what} within ${limitMs} ms.`)), limitMs);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
