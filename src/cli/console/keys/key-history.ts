import { isObject, type JsonObject } from "../../../json/json-object.ts";
import { MAX_LOGGED_SKIPPED_KEYS } from "../../../limits.ts";
import type { WorkerLog } from "../../../local/worker-logs.ts";
import { stringAt } from "../../json-members.ts";
import type { IssuerHistory } from "../view/stack-view.ts";

/** Events that are kept for each issuer. */
const MAX_EVENTS = 20;
/** Issuers whose events are kept. A policy that has more is not shown all of them. */
const MAX_ISSUERS = 200;

const NOTHING: IssuerHistory = { events: [], skipped: [], skippedCount: 0, skippedAtMs: undefined };

/**
 * Keeps the lines about keys apart from the others, which would push them out of the latest lines. Only changes of
 * state are logged, so there are few.
 */
export class KeyHistory {
  readonly #byIssuer = new Map<string, IssuerHistory>();

  /** Takes any log. Keeps only what the gateway says about keys. */
  add({ worker, message: [line] }: WorkerLog, atMs: number): void {
    if (worker !== "gateway" || !isObject(line) || line["event"] !== "keys") return;
    const issuer = stringAt(line, "issuer");
    if (issuer === undefined || (!this.#byIssuer.has(issuer) && this.#byIssuer.size === MAX_ISSUERS)) return;
    const before = this.of(issuer);
    const events = [{ atMs, line }, ...before.events].slice(0, MAX_EVENTS);
    this.#byIssuer.set(issuer, {
      ...before,
      events,
      ...(line["change"] === "key-skipped" && skip(before, line, atMs)),
    });
  }

  of(issuer: string): IssuerHistory {
    return this.#byIssuer.get(issuer) ?? NOTHING;
  }
}

/** Adds a line to the list of its answer. Each line says how long that list is, so the next one begins a new list. */
function skip({ skipped, skippedCount }: IssuerHistory, line: JsonObject, atMs: number) {
  const why = stringAt(line, "why") ?? "";
  const count = Number(line["skipped"]);
  const isComplete = count !== skippedCount || skipped.length >= Math.min(count, MAX_LOGGED_SKIPPED_KEYS);
  const one = { kid: stringAt(line, "kid"), why };
  return { skipped: isComplete ? [one] : [...skipped, one], skippedCount: count, skippedAtMs: atMs };
}
