import { Denial } from "../answer/denial.ts";
import { isOwnHeaderValue } from "../http/own-header-value.ts";
import { STORED_SECRET_AGE_MS } from "../limits.ts";
import type { Upstream, UpstreamHeader } from "../policy/policy.ts";
import { readStoredSecret } from "./stored-secret.ts";
import { UNUSABLE_SECRET } from "./unusable-secret.ts";

/**
 * Sets the `headers` of an upstream in a request to it. Returns why the request must not be sent, if it must not: never
 * is a header left out or sent empty. Asynchronous only when a Secrets Store has to be read.
 */
export type SetOwnHeaders = (headers: Headers, upstream: Upstream) => Promise<Denial | undefined> | Denial | undefined;

/** What reading secrets needs besides the bindings. */
export interface OwnHeadersIo {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Makes the function that sets the `headers` of upstreams. A Worker secret is a text that never changes while the
 * isolate lives. A secret of a Secrets Store is read by the first request that needs it and then once in
 * `STORED_SECRET_AGE_MS`: each read costs a request its time, and a value that was replaced must stop being used.
 * Several requests may read at once, because the runtime lets no request wait for what another one has begun. A failed
 * read is not remembered.
 *
 * Neither a denial nor an error names a value, or repeats what a store says.
 */
export function createOwnHeaders(bindings: Readonly<Record<string, unknown>>, io: OwnHeadersIo): SetOwnHeaders {
  const read = new Map<string, { readonly value: string; readonly at: number }>();

  const remembered = (name: string): string | undefined => {
    const binding = bindings[name];
    if (typeof binding === "string") return binding;
    const known = read.get(name);
    const age = known === undefined ? Number.NaN : io.now() - known.at;
    return age >= 0 && age < STORED_SECRET_AGE_MS ? known?.value : undefined;
  };
  const readStore = async (name: string): Promise<Denial | undefined> => {
    const value = await readStoredSecret(bindings[name], io.sleep);
    if (value === undefined) return new Denial("upstream-unreachable", `The secret ${name} could not be read.`);
    if (!isOwnHeaderValue(value)) return new Denial("policy-invalid", `The secret ${name} ${UNUSABLE_SECRET}`);
    read.set(name, { value, at: io.now() });
    return undefined;
  };
  const setAll = (headers: Headers, own: readonly UpstreamHeader[]): readonly string[] => {
    const missing: string[] = [];
    for (const { header, value } of own) {
      const text = value.kind === "text" ? value.text : remembered(value.secret);
      if (text !== undefined) headers.set(header, text);
      else if (value.kind === "secret") missing.push(value.secret);
    }
    return missing;
  };
  const readAndSet = async (headers: Headers, upstream: Upstream, missing: readonly string[]) => {
    const denials = await Promise.all(missing.map(readStore));
    return denials.find((denial) => denial !== undefined) ?? leftOut(setAll(headers, upstream.headers));
  };

  return (headers, upstream) => {
    const missing = setAll(headers, upstream.headers);
    return missing.length === 0 ? undefined : readAndSet(headers, upstream, missing);
  };
}

/** A read may take so long that its value is too old already: then nothing is sent. */
function leftOut([name]: readonly string[]): Denial | undefined {
  return name === undefined ? undefined : new Denial("upstream-unreachable", `The secret ${name} could not be read.`);
}
