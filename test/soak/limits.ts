/** More than a scenario takes even on an overloaded machine. */
export const SCENARIO_LIMIT_MS = 120_000;
