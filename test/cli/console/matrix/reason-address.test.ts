import { expect, it } from "vitest";
import { reasonAddress } from "../../../../src/cli/console/matrix/reason-address.ts";

const columns = [
  { key: "anyone", name: "anyone" },
  { key: "client a", name: "a", query: "client=a" },
  { key: "grant groups=staff", name: "groups=staff", query: "issuer=main&grant=groups%3Dstaff" },
];
const accesses = [
  { requirement: "x", marks: "nyy" },
  { requirement: "y", marks: "nyy", clientQueries: { 2: "client=a" } },
];

it.each([
  { name: "none where no request leads to the row", query: undefined, access: 0, column: 1, expected: undefined },
  { name: "the request alone", query: "path=/", access: 0, column: 0, expected: "/why?path=/" },
  { name: "the request and the caller", query: "path=/", access: 0, column: 1, expected: "/why?path=/&client=a" },
  {
    name: "a value of any client",
    query: "path=/",
    access: 0,
    column: 2,
    expected: "/why?path=/&issuer=main&grant=groups%3Dstaff",
  },
  {
    name: "a value in a token of one client",
    query: "path=/",
    access: 1,
    column: 2,
    expected: "/why?path=/&issuer=main&grant=groups%3Dstaff&client=a",
  },
])("the address of a reason has $name", ({ query, access, column, expected }) => {
  expect(reasonAddress({ accesses, columns }, { query, access }, column)).toBe(expected);
});
