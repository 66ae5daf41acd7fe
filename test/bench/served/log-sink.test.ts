import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { withLogSink } from "./log-sink.ts";

it.each(["debug", "error", "info", "log", "warn"])(
  "a sink makes JSON of what console.%s gets, and prints nothing",
  (level) => {
    const printed: unknown[] = [];
    const print = (...args: readonly unknown[]): void => void printed.push(args);
    const console = { debug: print, error: print, info: print, log: print, warn: print };
    const line = { toJSON: () => printed.push("made JSON") };
    runInNewContext(withLogSink(`console.${level}(line)`), { console, line });
    expect(printed).toEqual(["made JSON"]);
  },
);
