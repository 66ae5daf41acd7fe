import { describe, expect, it } from "vitest";
import { ScopePool } from "../../src/token/shared-scopes.ts";

const scopes = (...names: string[]) => scopesFrom("cognito", ...names);
const scopesFrom = (issuer: string, ...names: string[]) => ({ issuer, names, effective: new Set(names) });

describe("ScopePool", () => {
  it("gives equal scopes one object", () => {
    const pool = new ScopePool();
    const first = scopes("a", "b");
    expect(pool.acquire(first).granted).toBe(first);
    expect(pool.acquire(scopes("a", "b")).granted).toBe(first);
  });

  it("gives equal names from another issuer an object of their own", () => {
    const pool = new ScopePool();
    const [own, other] = [scopesFrom("cognito", "a"), scopesFrom("partner", "a")];
    pool.acquire(own);
    expect(pool.find("partner", ["a"])).toBeUndefined();
    expect(pool.acquire(other).granted).toBe(other);
    expect(pool.find("cognito", ["a"])).toBe(own);
    expect(pool.find("partner", ["a"])).toBe(other);
  });

  it("does not take an issuer's name for that of a scope", () => {
    const pool = new ScopePool();
    pool.acquire(scopesFrom("a", "b", "c"));
    expect(pool.find('a","b', ["c"])).toBeUndefined();
    expect(pool.find("a", ['b","c'])).toBeUndefined();
  });

  it("counts scopes as long as one token has them", () => {
    const pool = new ScopePool();
    const first = pool.acquire(scopes("a"));
    const { bytes } = pool;
    expect(bytes).toBe(first.bytes);
    const second = pool.acquire(scopes("a"));
    expect(pool.bytes).toBe(bytes);
    pool.release(first);
    expect(pool.bytes).toBe(bytes);
    pool.release(second);
    expect(pool.bytes).toBe(0);
  });

  it("takes up scopes anew that have left it", () => {
    const pool = new ScopePool();
    pool.release(pool.acquire(scopes("a")));
    const again = scopes("a");
    expect(pool.acquire(again).granted).toBe(again);
  });
});
