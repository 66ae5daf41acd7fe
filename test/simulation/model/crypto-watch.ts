/**
 * WebCrypto as the simulation needs it. Hashing and importing are real work on other threads, which a virtual clock
 * cannot see. So this class counts the work in flight, and the clock stands still meanwhile. Each input is processed
 * once, because thousands of isolates import the same few public keys. Replaces two methods of the process's
 * `crypto.subtle` until it is disposed.
 */
export class CryptoWatch implements Disposable {
  #inFlight = 0;
  readonly #results = new Map<string, Promise<unknown>>();

  constructor() {
    const { subtle } = crypto;
    const digest = subtle.digest.bind(subtle);
    const importKey = subtle.importKey.bind(subtle) as (...parameters: unknown[]) => Promise<CryptoKey>;
    subtle.digest = (algorithm, data) =>
      this.#once(["digest", algorithm, new TextDecoder().decode(data)], () => digest(algorithm, data));
    subtle.importKey = ((...parameters: unknown[]) =>
      this.#once(parameters, () => importKey(...parameters))) as typeof subtle.importKey;
  }

  /** Resolves when promises and WebCrypto have nothing left to do. */
  readonly settled = async (): Promise<void> => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.#inFlight > 0);
  };

  [Symbol.dispose](): void {
    for (const method of ["digest", "importKey"]) Reflect.deleteProperty(crypto.subtle, method);
  }

  #once<T>(input: readonly unknown[], work: () => Promise<T>): Promise<T> {
    const name = JSON.stringify(input);
    let result = this.#results.get(name) as Promise<T> | undefined;
    if (result === undefined) {
      this.#inFlight += 1;
      result = work().finally(() => {
        this.#inFlight -= 1;
      });
      this.#results.set(name, result);
    }
    return result;
  }
}
