const INTERVAL_MS = 10;
const LIMIT_MS = 5_000;

/** The first value that `look` gives other than `undefined`; rejects when there is none in time. */
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

/** Rejects when the promise is not settled in time, so that a test that hangs says on what. */
export async function within<Value>(what: string, promise: Promise<Value>, limitMs = LIMIT_MS): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`There was not ${what} within ${limitMs} ms.`)), limitMs);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
