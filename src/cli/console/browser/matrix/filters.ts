import { filterOfQuery, type RowFilter } from "../../matrix/filter-rows.ts";
import type { MatrixData } from "../../matrix/matrix-data.ts";

/**
 * Applies the filters as one types, and keeps them in the page's address where it is a page of the console, so that the
 * link shows the same and "back" from a reason leads to the same rows.
 *
 * @param apply shows what a filter leaves, and returns the number of rows
 */
export function startFilters(form: HTMLFormElement, data: MatrixData, apply: (filter: RowFilter) => number): void {
  const count = form.querySelector("output");
  const isPage = !form.hidden;
  form.hidden = false;
  const update = (): void => {
    const query = queryOf(form);
    const found = apply(filterOfQuery(query, data));
    const all = data.rows.length;
    if (count) count.textContent = found === all ? `${all} ${all === 1 ? "row" : "rows"}` : `${found} of ${all} rows`;
    if (isPage) history.replaceState(history.state, "", query.size === 0 ? location.pathname : `?${query}`);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    update();
  });
  form.addEventListener("input", ({ target }) => {
    // Other columns come from the server.
    if (target instanceof HTMLInputElement && target.type === "checkbox") location.search = queryOf(form).toString();
    else update();
  });
  update();
}

/** What the form would send, without what is empty. */
function queryOf(form: HTMLFormElement): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value !== "") query.set(name, value);
  return query;
}
