/**
 * A Worker with a `ReplayGuard` that has little room. Its requests go to the object; `/alarm` fires the object's alarm.
 */
import { type GuardState, ReplayGuard } from "../../../src/token/binding/dpop/replay-guard.ts";

export class SmallGuard extends ReplayGuard {
  readonly #storage: GuardState["storage"];

  constructor(state: GuardState) {
    super(state, undefined, { proofs: 3, proofsPerKey: 2 });
    this.#storage = state.storage;
  }

  override async fetch(request: Request): Promise<Response> {
    if (!request.url.endsWith("/alarm")) return super.fetch(request);
    await this.alarm();
    const [row] = this.#storage.sql.exec("SELECT count(*) AS proofs FROM proofs");
    return Response.json({ ...row, alarm: await this.#storage.getAlarm() });
  }
}

interface Bindings {
  readonly GUARD: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(request: Request): Promise<Response> };
  };
}

export default {
  fetch: (request: Request, { GUARD }: Bindings): Promise<Response> =>
    GUARD.get(GUARD.idFromName("one")).fetch(request),
};
