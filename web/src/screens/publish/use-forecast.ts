import { useEffect, useState } from "preact/hooks";
import type { BuiltMetadata } from "model-provenance-nft/core";
import { type MintForecast, forecastMint } from "../../engine/publish/plan.ts";
import { openOne } from "../../engine/sources.ts";

/** What recording would take, or why it cannot be. */
export type Forecast = MintForecast | { readonly kind: "asking" } | { readonly kind: "fault"; readonly text: string };

/**
 * Asks the chain what recording would take, for as long as there is an account and something to record.
 *
 * @param owner - who gets the token; the account where nobody is named
 * @param turn - asks again where it changes
 */
export function useForecast(
  registry: string,
  account: string | undefined,
  owner: string | undefined,
  built: BuiltMetadata | undefined,
  turn: number,
): Forecast | undefined {
  const [forecast, setForecast] = useState<Forecast>();
  const digest = built?.metadataDigest;
  useEffect(() => {
    if (account === undefined || built === undefined) return setForecast(undefined);
    let isGone = false;
    const show = (found: Forecast) => {
      if (!isGone) setForecast(found);
    };
    show({ kind: "asking" });
    openOne(registry)
      .then(async (opened) => forecastMint(opened.registry, account, owner, built))
      .then(show, (error: unknown) => show({ kind: "fault", text: (error as Error).message }));
    return () => {
      isGone = true;
    };
  }, [registry, account, owner, digest, turn]);
  return forecast;
}
