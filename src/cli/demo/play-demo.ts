import { FREE_PORTS } from "../../local/addresses.ts";
import { startStack } from "../../local/stack.ts";
import { readLocalVars } from "../policy-file/local-vars.ts";
import { describeAnswer } from "./demo-answer.ts";
import { demoScenario, type Step } from "./demo-scenario.ts";
import type { Row } from "./demo-table.ts";

/** Plays the running example through a local stack of its own, on free ports and with state that is thrown away. */
export async function playDemo(): Promise<readonly Row[]> {
  const stack = await startStack({ ports: FREE_PORTS, readVars: readLocalVars });
  try {
    const rows: Row[] = [];
    for (const step of demoScenario(stack)) rows.push(await play(step));
    return rows;
  } finally {
    await stack.dispose();
  }
}

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
