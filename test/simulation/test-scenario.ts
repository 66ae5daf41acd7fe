import type { Scenario } from "./scenario.ts";

/** An uneventful hour, but for what is given. */
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
