import * as v from "valibot";
import { closed } from "./closed.ts";
import { about, flag, text } from "./values.ts";

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** `telemetry`: how many decisions are logged, and where they are counted. */
export const telemetrySchema = closed({
  allow: about(
    share,
    "The share of permitted requests that are logged, from 0 to 1. Errors, and the first line of each client on each route, are always logged. Default: 1.",
  ),
  deny: about(share, "The share of refused requests that are logged, from 0 to 1. Default: 1."),
  path: about(
    flag,
    "true: decision lines have the path of the request, without its query. Paths may hold personal data. Default: false.",
  ),
  metrics: about(
    text,
    "The binding of the Analytics Engine dataset that gets one data point for each decision. Default: none.",
  ),
});
