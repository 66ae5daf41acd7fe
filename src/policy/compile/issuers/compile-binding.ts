import type { Fault, Report } from "../../fault.ts";
import type { MtlsSettings } from "../../policy.ts";
import {
  BINDING_METHODS,
  BINDING_MODES,
  type Binding,
  type BindingMethod,
  CERTIFICATE_TRUST,
} from "../../requirements/binding.ts";

type BindingConfig = { readonly [Method in BindingMethod]?: string | undefined };

/**
 * Compiles `binding` of an issuer. Checks the values again, because the Worker's vars may bring in others than the
 * schema was checked with.
 *
 * @returns `undefined` if no binding is accepted
 */
export function compileBinding(
  config: BindingConfig | undefined,
  path: Fault["path"],
  report: Report,
): Binding | undefined {
  const modeOf = (method: BindingMethod) => {
    const text = config?.[method] ?? "refused";
    const mode = BINDING_MODES.find((it) => it === text);
    if (mode === undefined) {
      report([...path, method], `\`${text}\` is not one of the choices.`, `Write one of ${BINDING_MODES.join(", ")}.`);
    }
    return mode ?? "refused";
  };
  const binding = { dpop: modeOf("dpop"), mtls: modeOf("mtls") };
  return BINDING_METHODS.some((method) => binding[method] !== "refused") ? binding : undefined;
}

/** Compiles `mtls`. `trust` is `verified` if the file does not say it. */
export function compileMtls({ trust = CERTIFICATE_TRUST[0] }: { readonly trust?: MtlsSettings["trust"] | undefined }) {
  return { trust } satisfies MtlsSettings;
}
