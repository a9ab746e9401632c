import { describeClaim, lookUp } from "model-provenance-nft/core";
import { settings } from "../state/settings.ts";
import { Hex } from "./hex.tsx";

/** An account, and what the reader calls it, where they gave it a name. */
export function AccountName({ account, chainId }: { readonly account: string; readonly chainId: bigint }) {
  const [claim] = lookUp(new Map(settings.value.publishers), account, chainId);
  return (
    <>
      {claim !== undefined && <>{describeClaim(claim)} </>}
      <Hex value={account} />
    </>
  );
}
