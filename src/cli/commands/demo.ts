/**
 * `npm run demo`: plays the running example through the local stack, on free ports and with state that is thrown away.
 */
import { defineCommand } from "citty";
import { FREE_PORTS } from "../../local/addresses.ts";
import { startStack } from "../../local/stack.ts";
import { runCommand } from "../args/run-command.ts";
import { describeAnswer } from "../demo/demo-answer.ts";
import { demoScenario, type Step } from "../demo/demo-scenario.ts";
import { formatTable, isAsExpected, type Row } from "../demo/demo-table.ts";
import { readLocalVars } from "../policy-file/local-vars.ts";

await runCommand(
  defineCommand({
    meta: { name: "demo", description: "Play the running example and compare each answer with what it should be." },
    async run() {
      const stack = await startStack({ ports: FREE_PORTS, readVars: readLocalVars });
      try {
        const rows: Row[] = [];
        for (const step of demoScenario(stack)) rows.push(await play(step));
        console.log(formatTable(rows, process.stdout.isTTY && !process.env["NO_COLOR"]));
        if (!rows.every(isAsExpected)) process.exitCode = 1;
      } finally {
        await stack.dispose();
      }
    },
  }),
);

/** A call that cannot be made is an answer like any other: the calls after it are still made. */
async function play({ call, expected, send, note }: Step): Promise<Row> {
  try {
    const answer = await send();
    const noted = note ? `, ${note(answer)}` : "";
    return { call, expected, actual: `${describeAnswer(answer)}${noted}` };
  } catch (error) {
    return { call, expected, actual: String(error) };
  }
}
