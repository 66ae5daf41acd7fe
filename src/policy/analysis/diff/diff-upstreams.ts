import type { Policy, Upstream } from "../../policy.ts";
import type { NotCompared } from "./comparers.ts";
import type { Note } from "./setting-change.ts";

/** What changes for a request because it goes to another upstream, or to one with other settings. */
export interface DeliveryChange {
  readonly kind: "moved" | "headers";
  /** For people. */
  readonly note: string;
}

interface UpstreamComparer {
  /** Compares the upstreams of one request, before and now. */
  readonly delivery?: (was: Upstream, is: Upstream) => DeliveryChange | undefined;
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
      const [from, to] = [targetOf(was), targetOf(is)];
      return from === to ? undefined : { kind: "moved", note: `from ${from} to ${to}` };
    },
  },
  // These three are the target, which is compared with `kind`.
  origin: "elsewhere",
  pathPrefix: "elsewhere",
  binding: "elsewhere",
  timeoutMs: {
    setting(was, is, note) {
      if (was.timeoutMs === is.timeoutMs) return;
      note("other", ["upstreams", is.name, "timeoutMs"], `Changed from ${was.timeoutMs} to ${is.timeoutMs}.`);
    },
  },
  forwardAuthorization: {
    delivery(was, is) {
      if (was.forwardAuthorization === is.forwardAuthorization) return undefined;
      const isForwarded = is.forwardAuthorization ? "now passed on" : "no longer passed on";
      return { kind: "headers", note: `the caller's Authorization is ${isForwarded}` };
    },
  },
  // It decides which requests are served: see `RouteComparer`.
  allowPathParameters: "elsewhere",
};

const COMPARERS = Object.values(UPSTREAM).filter((comparer) => typeof comparer === "object");

/** Compares where a request goes and what is sent there. The name of the upstream does not matter. */
export function diffDelivery(was: Upstream, is: Upstream): readonly DeliveryChange[] {
  return COMPARERS.flatMap(({ delivery }) => delivery?.(was, is) ?? []);
}

/** Compares settings of upstreams that have the same name in both policies. */
export function diffUpstreams(before: Pick<Policy, "upstreams">, after: Pick<Policy, "upstreams">, note: Note): void {
  for (const [name, now] of after.upstreams) {
    const old = before.upstreams.get(name);
    if (old) for (const { setting } of COMPARERS) setting?.(old, now, note);
  }
}

function targetOf(upstream: Upstream): string {
  return upstream.kind === "url" ? `${upstream.origin}${upstream.pathPrefix}` : `service ${upstream.binding}`;
}
