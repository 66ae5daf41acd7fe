import { createInterface } from "node:readline/promises";
import type { FaultText, Result } from "../../result.ts";

/** A question, and how its answer is read. */
export interface Question {
  readonly text: string;
  /** Reads an answer. If it fails, the question is asked again. */
  readonly parse: (answer: string) => Result<unknown, FaultText>;
}

/** Where questions are written to and answers come from. */
export interface Dialogue {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
}

/**
 * Asks each question until its answer can be read. Returns the trimmed answers; `undefined` if the input ends early.
 */
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
      const parsed = questions[answers.length]?.parse(answer);
      if (parsed?.ok === false) dialogue.stdout.write(`${parsed.failure.message} ${parsed.failure.hint}\n`);
      else answers.push(answer);
      if (answers.length === questions.length) return answers;
      prompt();
    }
    return undefined;
  } finally {
    lines.close();
  }
}
