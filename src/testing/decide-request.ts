import * as v from "valibot";
import { closed } from "../policy/compile/schema/closed.ts";
import { reportShapeFaults } from "../policy/compile/schema/shape/report-shape-faults.ts";
import { type Fault, formatFault } from "../policy/fault.ts";
import type { Policy } from "../policy/policy.ts";
import type { Decision } from "./decision.ts";
import type { Question } from "./question.ts";
import { QUESTION_MEMBERS } from "./question-schema.ts";
import { readQuestion } from "./read-question.ts";
import { verdictOn } from "./verdict.ts";

const questionSchema = closed(QUESTION_MEMBERS);

/**
 * Decides what the gateway does with a request. The gateway's own code decides, with nothing behind it: no network, no
 * files, and no time except `now`. Signatures of tokens are not checked.
 *
 * @param policy as `compilePolicy` of `scopegate/policy` returns it
 * @throws TypeError the question is faulty, or it names a client, scope or issuer that the policy does not have
 */
export async function decide(policy: Policy, question: Question): Promise<Decision> {
  if (typeof policy?.table?.match !== "function") {
    throw new TypeError("This is not a compiled policy. Compile it with compilePolicy of scopegate/policy.");
  }
  const given = Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined));
  const faults: Fault[] = [];
  reportShapeFaults(questionSchema, given, (path, message, hint) => faults.push({ path, message, hint }));
  if (faults.length > 0) throw faulty(faults);
  const read = readQuestion(v.parse(questionSchema, given), policy);
  if (!read.ok) throw faulty(read.failure);
  return (await verdictOn(policy, read.value)).decision;
}

function faulty(faults: readonly Fault[]): TypeError {
  return new TypeError(faults.map(formatFault).join("\n"));
}
