import { KeyHistory } from "../../../src/cli/console/keys/key-history.ts";
import { type LineRing, lineRing } from "../../../src/cli/console/live/line-ring.ts";
import type { StackView } from "../../../src/cli/console/view/stack-view.ts";
import type { ViewContext } from "../../../src/cli/console/view/view-context.ts";

/** The view of a stack that logged the lines of a ring, and whose gateway has no keys. */
export function stackView(ring: LineRing = lineRing(), changes: Partial<StackView> = {}): StackView {
  const history = new KeyHistory();
  return {
    ...ring,
    gatewayUrl: "http://127.0.0.1:8787",
    standIns: () => [],
    keys: async () => ({ ready: undefined, records: new Map() }),
    keyHistory: (issuer) => history.of(issuer),
    ...changes,
  };
}

/** What a view gets from a console without a valid policy and without a stack, with some changes. */
export function viewContext(changes: Partial<ViewContext> = {}): ViewContext {
  return {
    policyName: "routes.json",
    state: { kind: "invalid", lines: [] },
    day: "2026-11-28",
    compileIn: () => Promise.reject(new Error("not asked for")),
    ...changes,
  };
}
