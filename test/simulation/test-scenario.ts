import type { Scenario } from "./scenario.ts";

/** Makes an hour without events, except those given. */
export function scenario(events: Partial<Scenario> = {}): Scenario {
  return {
    name: "test",
    minutes: 60,
    warmKv: true,
    keyStates: [{ from: 0, published: ["a"], signing: "a" }],
    faults: [],
    floods: [],
    phases: [],
    ...events,
  };
}
