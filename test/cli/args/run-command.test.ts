import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { defineCommand } from "../../../src/cli/args/command.ts";
import { CommandError, EXIT, InputError, UsageError } from "../../../src/cli/args/exit-code.ts";
import { runCommand } from "../../../src/cli/args/run-command.ts";

const run = vi.fn();
const command = defineCommand({
  name: "it",
  summary: "Does it.",
  options: { deep: { type: "boolean", description: "Deeply." } },
  positionals: {},
  examples: [],
  run,
});

let log: ReturnType<typeof vi.spyOn>;
let error: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  log = vi.spyOn(console, "log").mockReturnValue();
  error = vi.spyOn(console, "error").mockReturnValue();
});
afterEach(() => vi.resetAllMocks());

describe("runCommand", () => {
  it("gives the exit code of the command", async () => {
    run.mockReturnValue(EXIT.findings);
    expect(await runCommand(command, ["--deep"])).toBe(1);
    expect(run).toHaveBeenCalledExactlyOnceWith({ deep: true });
    expect(error).not.toHaveBeenCalled();
  });

  it.each([
    { name: "a usage error", thrown: new UsageError("No."), expected: 2 },
    { name: "unreadable input", thrown: new InputError("No."), expected: 2 },
    { name: "work that could not be done", thrown: new CommandError("No."), expected: 1 },
  ])("prints the message of $name and nothing else", async ({ thrown, expected }) => {
    run.mockRejectedValue(thrown);
    expect(await runCommand(command, [])).toBe(expected);
    expect(error).toHaveBeenCalledExactlyOnceWith("No.");
    expect(log).not.toHaveBeenCalled();
  });

  it("lets no message steer the terminal", async () => {
    run.mockRejectedValue(new InputError("\u001b]0;title\u0007a\u001b[31mb"));
    await runCommand(command, []);
    expect(error).toHaveBeenCalledExactlyOnceWith("ab");
  });

  it("does not run a command after a usage error", async () => {
    expect(await runCommand(command, ["--dep"])).toBe(2);
    expect(error).toHaveBeenCalledExactlyOnceWith("scopegate it has no option --dep. Did you mean --deep?");
    expect(run).not.toHaveBeenCalled();
  });

  it.each([[["--help"]], [["--deep", "-h"]], [["--unknown", "--help"]]])("only shows the help for %j", async (args) => {
    expect(await runCommand(command, args)).toBe(0);
    expect(log).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("USAGE npm run scopegate -- it [OPTIONS]"));
    expect(run).not.toHaveBeenCalled();
  });

  it("throws a bug, with its stack", async () => {
    const bug = new TypeError("x is not a function");
    run.mockRejectedValue(bug);
    await expect(runCommand(command, [])).rejects.toBe(bug);
  });
});
