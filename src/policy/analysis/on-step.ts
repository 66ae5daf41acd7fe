/**
 * Receives the present step of a long analysis, such as `proving guarantee 3 of 12`. It is called often, so it must be
 * cheap. The analysis itself knows no time and prints nothing.
 */
export type OnStep = (step: string) => void;
