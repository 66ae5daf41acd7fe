import type { Policy } from "../../policy/policy.ts";
import { MAX_REPLAY_GROUPS } from "../decisions/log-limits.ts";
import type { Cause } from "./cause.ts";
import { Judge, type Judgement } from "./judge.ts";
import type { ObservedLine } from "./observed.ts";

/** How a request ends otherwise. `other-upstream`: it is allowed as before, and another upstream gets it. */
export type ChangeKind = "newly-refused" | "newly-allowed" | "other-upstream";

/** Lines, and the requests that they stand for. With sampling, that is an estimate. */
export interface Counted {
  lines: number;
  requests: number;
}

/** Requests of one client to one route that end otherwise in the same way. */
export interface ChangedRequests extends Counted {
  readonly kind: ChangeKind;
  /** The token's `iss`; `undefined`: there was no token, or it was not accepted. */
  readonly issuer: string | undefined;
  readonly client: string | undefined;
  readonly method: string;
  /** The pattern in the log; `undefined`: no route matched. */
  readonly route: string | undefined;
  /** Why it was refused, or is refused now; `undefined`: it is allowed, or several reasons are possible. */
  readonly reasonBefore: string | undefined;
  readonly reasonAfter: string | undefined;
  readonly upstreamBefore: string | undefined;
  readonly upstreamAfter: string | undefined;
  /** The first of the lines. */
  readonly example: Pick<ObservedLine, "request_id" | "time">;
}

/** What a replay found. */
export interface ReplayResult {
  readonly total: Readonly<Counted>;
  readonly unchanged: Readonly<Counted>;
  readonly changed: Readonly<Record<ChangeKind, Readonly<Counted>>>;
  /** The most requests first. */
  readonly groups: readonly Readonly<ChangedRequests>[];
  /** Changed requests that are in no group, because there are too many groups. */
  readonly ungrouped: Readonly<Counted>;
  /** By cause, the most requests first. */
  readonly untold: ReadonlyMap<Cause, Readonly<Counted>>;
  /** Lines that were judged without the policy before: it was not given, or it cannot have written them. */
  readonly withoutBefore: Readonly<Counted>;
  /** Times of the first and of the last request; `undefined`: no line has one. */
  readonly span: { readonly first: string; readonly last: string } | undefined;
}

/**
 * Counts which requests of a log end otherwise under another policy. Memory grows with the number of clients and
 * routes, not with that of lines.
 */
export class Replay {
  readonly #judge: Judge;
  readonly #total = none();
  readonly #unchanged = none();
  readonly #ungrouped = none();
  readonly #withoutBefore = none();
  readonly #changed = { "newly-refused": none(), "newly-allowed": none(), "other-upstream": none() };
  readonly #groups = new Map<string, ChangedRequests>();
  readonly #untold = new Map<Cause, Counted>();
  #first: string | undefined;
  #last: string | undefined;

  /**
   * @param before the policy that wrote the lines; `undefined`: nobody knows it
   * @throws UndecidedError
   */
  constructor(after: Policy, before: Policy | undefined) {
    this.#judge = new Judge(after, before);
  }

  /** @param requests how many requests the line stands for */
  add(line: ObservedLine, requests: number): void {
    const judgement = this.#judge.judge(line);
    count(this.#total, requests);
    this.#addToSpan(line.time);
    if (!judgement.isBefore) count(this.#withoutBefore, requests);
    const { answer } = judgement;
    if (answer.kind === "untold") {
      const counted = this.#untold.get(answer.cause) ?? none();
      this.#untold.set(answer.cause, counted);
      count(counted, requests);
      return;
    }
    const kind = changeIn(judgement, line);
    count(kind === undefined ? this.#unchanged : this.#changed[kind], requests);
    if (kind !== undefined) this.#group(kind, line, answer, requests);
  }

  /** Times of the log have one form, so their texts are in order. */
  #addToSpan(time: string | undefined): void {
    if (time === undefined) return;
    if (this.#first === undefined || time < this.#first) this.#first = time;
    if (this.#last === undefined || time > this.#last) this.#last = time;
  }

  result(): ReplayResult {
    return {
      total: this.#total,
      unchanged: this.#unchanged,
      changed: this.#changed,
      groups: [...this.#groups.values()].sort((one, other) => other.requests - one.requests),
      ungrouped: this.#ungrouped,
      untold: new Map([...this.#untold].sort(([, one], [, other]) => other.requests - one.requests)),
      withoutBefore: this.#withoutBefore,
      span:
        this.#first === undefined || this.#last === undefined ? undefined : { first: this.#first, last: this.#last },
    };
  }

  #group(kind: ChangeKind, line: ObservedLine, answer: Judgement["answer"], requests: number): void {
    const { method, route, issuer, client_id: client, reason, upstream } = line;
    const reasonAfter = answer.kind === "refused" ? answer.reason : undefined;
    const upstreamAfter = answer.kind === "allowed" ? answer.route.upstream.name : undefined;
    const key = [kind, issuer, client, method, route, reason, reasonAfter, upstream, upstreamAfter].join("\n");
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= MAX_REPLAY_GROUPS) {
        count(this.#ungrouped, requests);
        return;
      }
      group = {
        ...{ kind, issuer, client, method, route, reasonBefore: reason, reasonAfter },
        ...{ upstreamBefore: kind === "newly-allowed" ? undefined : upstream, upstreamAfter },
        example: { request_id: line.request_id, ...(line.time !== undefined && { time: line.time }) },
        ...none(),
      };
      this.#groups.set(key, group);
    }
    count(group, requests);
  }
}

function changeIn({ observed, answer }: Judgement, { upstream }: ObservedLine): ChangeKind | undefined {
  if (answer.kind === "refused") return observed?.wasAllowed ? "newly-refused" : undefined;
  if (answer.kind !== "allowed") return undefined;
  if (!observed?.wasAllowed) return "newly-allowed";
  return answer.route.upstream.name === upstream ? undefined : "other-upstream";
}

function none(): Counted {
  return { lines: 0, requests: 0 };
}

function count(counted: Counted, requests: number): void {
  counted.lines += 1;
  counted.requests += requests;
}
