import { foldHeaderName, isDroppedFromCallers, isPlainHeaderName } from "../../../../http/header-names.ts";
import type { Policy, Route, Upstream } from "../../../policy.ts";
import type { NotCompared } from "./comparers.ts";
import type { Note } from "./setting-change.ts";

/** A difference for a request that goes to another upstream than before, or to one with other settings. */
export interface DeliveryChange {
  readonly kind: "looser" | "moved" | "token-forwarding" | "headers";
  /** For people. */
  readonly note: string;
}

/** What decides how a request is delivered: the upstream, and whether the gateway reads the token. */
export type Delivery = Pick<Route, "upstream" | "requirement">;

interface UpstreamComparer {
  /** Compares the upstreams of one request, before and now. */
  readonly delivery?: (was: Delivery, is: Delivery) => DeliveryChange | undefined;
  /** Compares two upstreams of the same name. */
  readonly setting?: (was: Upstream, is: Upstream, note: Note) => void;
}

/** The members of every type in a union, not only those that all of them share. */
type MemberOf<Union> = Union extends unknown ? keyof Union : never;

/** How each member of an upstream is compared. A new member does not compile until it is listed. */
const UPSTREAM: { readonly [Member in MemberOf<Upstream>]: UpstreamComparer | NotCompared } = {
  name: "no-effect",
  kind: {
    delivery(was, is) {
      const [from, to] = [targetOf(was.upstream), targetOf(is.upstream)];
      return from === to ? undefined : { kind: "moved", note: `from ${from} to ${to}` };
    },
  },
  // These four are the target, which is compared with `kind`.
  origin: "elsewhere",
  pathPrefix: "elsewhere",
  binding: "elsewhere",
  via: "elsewhere",
  timeoutMs: {
    setting(was, is, note) {
      if (was.timeoutMs === is.timeoutMs) return;
      note("other", ["upstreams", is.name, "timeoutMs"], `Changed from ${was.timeoutMs} to ${is.timeoutMs}.`);
    },
  },
  idleTimeoutMs: {
    setting(was, is, note) {
      if (was.idleTimeoutMs === is.idleTimeoutMs) return;
      const [from, to] = [was.idleTimeoutMs ?? "no limit", is.idleTimeoutMs ?? "no limit"];
      note("other", ["upstreams", is.name, "idleTimeoutMs"], `Changed from ${from} to ${to}.`);
    },
  },
  retry: {
    setting(was, is, note) {
      if (was.retry === is.retry) return;
      note("other", ["upstreams", is.name, "retry"], `Changed from ${was.retry} to ${is.retry}.`);
    },
  },
  headers: {
    delivery(was, is) {
      const [before, after] = [ownHeaders(was.upstream), ownHeaders(is.upstream)];
      const gained = [...after.values()].filter(({ folded }) => !before.has(folded));
      const lost = [...before.values()].filter(({ folded }) => !after.has(folded));
      const changed = [...after.values()].filter(({ folded, value }) => (before.get(folded)?.value ?? value) !== value);
      // A caller could not send these while the gateway set them.
      const passed = lost.filter(({ name, folded }) => isPlainHeaderName(name) && !isDroppedFromCallers(folded));
      const notes = [
        ...noteOf(gained, "is now set by the gateway"),
        ...noteOf(changed, "has another value or secret now"),
        ...noteOf(lost, "is no longer set by the gateway"),
        ...noteOf(passed, "of the caller is now passed on"),
      ];
      if (notes.length === 0) return undefined;
      return { kind: passed.length > 0 ? "looser" : "headers", note: notes.join("; ") };
    },
  },
  forwardAuthorization: {
    delivery(was, is) {
      if (forwardsToken(was) === forwardsToken(is)) return undefined;
      // An upstream that gets a caller's token can call everything that the token opens.
      return forwardsToken(is)
        ? { kind: "token-forwarding", note: "the caller's Authorization is now passed on" }
        : { kind: "headers", note: "the caller's Authorization is no longer passed on" };
    },
  },
  assertion: {
    delivery(was, is) {
      if (getsAssertion(was) === getsAssertion(is)) return undefined;
      // An upstream that no longer gets one must trust headers again.
      return getsAssertion(is)
        ? { kind: "headers", note: "a signed assertion is now sent" }
        : { kind: "looser", note: "no signed assertion is sent any longer" };
    },
  },
  allowHeaderNames: {
    delivery(was, is) {
      const [before, after] = [was.upstream.allowHeaderNames, is.upstream.allowHeaderNames];
      const gained = [...after].filter((name) => !before.has(name));
      const lost = [...before].filter((name) => !after.has(name));
      const notes = [
        ...(gained.length > 0 ? [`the caller's ${gained.join(", ")} is now passed on`] : []),
        ...(lost.length > 0 ? [`the caller's ${lost.join(", ")} is no longer passed on`] : []),
      ];
      // The caller gains a way to speak to the upstream that the gateway does not check.
      return notes.length > 0 ? { kind: gained.length > 0 ? "looser" : "headers", note: notes.join("; ") } : undefined;
    },
  },
  originWide: {
    delivery(was, is) {
      if (was.upstream.originWide === is.upstream.originWide) return undefined;
      // The upstream gains power over the callers of all others.
      return is.upstream.originWide
        ? { kind: "looser", note: "its headers that act on the whole origin now reach callers" }
        : { kind: "headers", note: "its headers that act on the whole origin no longer reach callers" };
    },
  },
  // These two decide which requests are served: see `RouteComparer`.
  allowPathParameters: "elsewhere",
  allowEncodedSlash: "elsewhere",
  // The path that is sent is compared for each class of requests: see `compareRewriting`.
  stripPrefix: "elsewhere",
};

const COMPARERS = Object.values(UPSTREAM).filter((comparer) => typeof comparer === "object");

/**
 * Compares where a request goes, what is sent there, and what may come back. The name of the upstream does not matter.
 */
export function diffDelivery(was: Delivery, is: Delivery): readonly DeliveryChange[] {
  return COMPARERS.flatMap(({ delivery }) => delivery?.(was, is) ?? []);
}

/** Compares settings of upstreams that have the same name in both policies. */
export function diffUpstreams(before: Pick<Policy, "upstreams">, after: Pick<Policy, "upstreams">, note: Note): void {
  for (const [name, now] of after.upstreams) {
    const old = before.upstreams.get(name);
    if (old) for (const { setting } of COMPARERS) setting?.(old, now, note);
  }
}

/** On a public route the gateway does not read the token, so it does not pass it on. */
function forwardsToken({ upstream, requirement }: Delivery): boolean {
  return upstream.forwardAuthorization && requirement.kind !== "public";
}

/** On a public route the gateway reads no token, so there is nobody to assert. */
function getsAssertion({ upstream, requirement }: Delivery): boolean {
  return upstream.assertion === true && requirement.kind !== "public";
}

function targetOf(upstream: Upstream): string {
  if (upstream.kind === "service") return `service ${upstream.binding}`;
  const url = `${upstream.origin}${upstream.pathPrefix}`;
  return upstream.via === undefined ? url : `${url} through ${upstream.via}`;
}

interface OwnHeader {
  readonly name: string;
  readonly folded: string;
  /** Compared, never shown. */
  readonly value: string;
}

/** The headers that the gateway sets, by the names under which upstreams may know them. */
function ownHeaders({ headers }: Upstream): ReadonlyMap<string, OwnHeader> {
  return new Map(
    headers.map(({ header, value }) => {
      const folded = foldHeaderName(header);
      return [folded, { name: header, folded, value: JSON.stringify(value) }];
    }),
  );
}

function noteOf(headers: readonly OwnHeader[], what: string): readonly string[] {
  return headers.length > 0 ? [`${headers.map(({ name }) => name).join(", ")} ${what}`] : [];
}
