import { useEffect, useState } from "preact/hooks";
import type { WalletProvider } from "model-provenance-nft/core";
import { connectAccount, knownAccount } from "../../wallet/account.ts";

/** The account of the wallet, once its user let this page see it. */
export interface ConnectedAccount {
  /** With checksum. */
  readonly address?: string;
  readonly isAsking: boolean;
  readonly fault?: string;
  /** Asks the wallet. */
  readonly connect: () => void;
}

/** Follows the account of a wallet; one that was agreed to earlier is there at once. */
export function useAccount(wallet: WalletProvider | undefined): ConnectedAccount {
  const [address, setAddress] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    setAddress(undefined);
    if (wallet === undefined) return;
    let isGone = false;
    void knownAccount(wallet).then((found) => {
      if (!isGone && found !== undefined) setAddress(found);
    });
    return () => {
      isGone = true;
    };
  }, [wallet]);
  const connect = () => {
    if (wallet === undefined) return;
    setAsking(true);
    setFault(undefined);
    connectAccount(wallet)
      .then(setAddress, (error: unknown) => setFault((error as Error).message))
      .finally(() => setAsking(false));
  };
  return { isAsking, connect, ...(address !== undefined && { address }), ...(fault !== undefined && { fault }) };
}
