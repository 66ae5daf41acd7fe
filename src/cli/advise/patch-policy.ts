import type { OnStep } from "../../policy/analysis/on-step.ts";
import { CommandError } from "../args/exit-code.ts";
import { checkedPolicy, replacePolicy } from "../check/replace-policy.ts";
import { compileSource, type LoadedPolicy, parsePolicySource } from "../policy-file/policy-source.ts";
import { readVariables, type VariableSource } from "../policy-file/read-variables.ts";
import type { LogAdvice } from "./advise-on-log.ts";
import { faultsOfTightened } from "./check-tightened.ts";
import { faultsInReplay } from "./replay-tightened.ts";
import { tightenClients } from "./tighten-clients.ts";

/** What `--patch` did. */
export interface Patch {
  readonly isWritten: boolean;
  readonly clients: readonly PatchedClient[];
  /** Why nothing was written, in sentences for people. Empty: there was nothing to write, or it is written. */
  readonly why: readonly string[];
}

/** A registration that has fewer scopes in the tightened policy. Scopes by full name. */
export interface PatchedClient {
  readonly client: string;
  readonly kept: readonly string[];
  readonly removed: readonly string[];
  /** Whether other sets would have been as small. */
  readonly isChoice: boolean;
}

/**
 * Writes the tightened `clients` into the file of a policy, if that only closes, changes no call of the log that was
 * let through, and leaves a policy that `check` finds no error in. Otherwise it writes nothing.
 *
 * @param log name of the log's file: it is read a second time
 * @param variables those that the policy was loaded with
 * @param day the day (UTC) on which the policy must have no error; its routes with `report` may enforce then or not
 */
export async function patchPolicy(
  advice: LogAdvice,
  loaded: LoadedPolicy,
  log: string,
  variables: VariableSource,
  day: string,
  onStep: OnStep,
): Promise<Patch> {
  const tightened = tightenClients(advice, loaded);
  const clients = tightened.clients.map(({ client, ...rest }) => ({ client: client.name, ...rest }));
  const refused = (why: readonly string[]): Patch => ({ isWritten: false, clients, why });
  if (clients.length === 0) return refused([]);
  const faults = await faultsOfTightened(advice, tightened, loaded, loaded.policy, day, onStep);
  if (faults.length > 0) return refused(faults);
  const source = parsePolicySource(loaded.name, tightened.text);
  const { policy } = compileSource(source, await readVariables(source, variables));
  const lost = await faultsInReplay(log, advice.summary.lines, loaded.policy, policy, onStep);
  if (lost.length > 0) return refused(lost);
  try {
    replacePolicy(await checkedPolicy(loaded.name, tightened.text, { day }));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return refused(error.lines);
  }
  return { isWritten: true, clients, why: [] };
}
