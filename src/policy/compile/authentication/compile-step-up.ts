import { MAX_ACR_VALUES_LENGTH } from "../../../limits.ts";
import type { Fault, Report } from "../../fault.ts";
import type { StepUp } from "../../policy.ts";
import { compileAcr } from "./compile-acr.ts";

/** As in the file, without its faulty parts. */
export interface WrittenStepUp {
  readonly acr?: readonly (string | undefined)[] | undefined;
  readonly maxAgeSeconds?: number | undefined;
}

/** What a route or a guarantee asks of the authentication, or `undefined` once a fault is reported. */
export function compileStepUp(
  written: WrittenStepUp | undefined,
  path: Fault["path"],
  report: Report,
): StepUp | undefined {
  if (written === undefined) return undefined;
  if (Object.keys(written).length === 0) {
    report(path, "This asks for nothing.", "Add `acr` or `maxAgeSeconds`, or remove it.");
    return undefined;
  }
  const acr = written.acr && compileAcr(written.acr, [...path, "acr"], report);
  const { maxAgeSeconds } = written;
  if (acr !== undefined && acr.join(" ").length > MAX_ACR_VALUES_LENGTH) {
    report(
      [...path, "acr"],
      `The list has more than ${MAX_ACR_VALUES_LENGTH} characters.`,
      "Name fewer classes: a challenge lists all of them. A higher class counts for a lower one with `acrOrder`.",
    );
  }
  const stepUp = { ...(acr && acr.length > 0 && { acr }), ...(maxAgeSeconds !== undefined && { maxAgeSeconds }) };
  return Object.keys(stepUp).length === 0 ? undefined : stepUp;
}
