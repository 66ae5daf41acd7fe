import { createInterface } from "node:readline/promises";
import type { Complaint } from "./first-policy.ts";

export interface Question {
  readonly text: string;
  /** What is wrong with an answer: it is asked for again. */
  readonly check: (answer: string) => Complaint;
}

/** Where questions are put and answers come from. */
export interface Dialogue {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
}

/** Puts questions until each has a good answer; answers are trimmed. `undefined`: there is no more input. */
export async function ask(questions: readonly Question[], dialogue: Dialogue): Promise<readonly string[] | undefined> {
  const lines = createInterface({ input: dialogue.stdin });
  const answers: string[] = [];
  const prompt = (): void => {
    const question = questions[answers.length];
    if (question) dialogue.stdout.write(`${question.text}\n> `);
  };
  try {
    prompt();
    for await (const line of lines) {
      const answer = line.trim();
      const complaint = questions[answers.length]?.check(answer);
      if (complaint === undefined) answers.push(answer);
      else dialogue.stdout.write(`${complaint}\n`);
      if (answers.length === questions.length) return answers;
      prompt();
    }
    return undefined;
  } finally {
    lines.close();
  }
}
