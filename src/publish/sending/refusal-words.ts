/** What a node means by refusing a transaction. */
export type Refusal =
  | "known" // it has it already
  | "nonce-used" // another transaction with this nonce is in a block
  | "nonce-taken" // another with this nonce waits, and this one does not offer enough more
  | "fee-too-low" // the node keeps no transaction that offers so little
  | "busy" // not now: the same bytes may be taken a moment later
  | "refused"; // never, as it is

/** Words of a node, and what they mean. */
export interface RefusalWords {
  readonly meaning: Refusal;
  readonly words: RegExp;
  /** Which programs say so. */
  readonly source: string;
}

/**
 * Nodes have no codes for these. Read on 29 November 2026 in go-ethereum (core/error.go, core/txpool/errors.go,
 * core/txpool/legacypool/legacypool.go), Nethermind (Nethermind.TxPool/AcceptTxResult.cs, TxPoolErrorMessages.cs), Besu
 * (RpcErrorType.java), Erigon (txnprovider/txpool/txpoolcfg), Reth (crates/transaction-pool/src/error.rs), anvil
 * (crates/anvil/src/eth/error.rs), and heard from Hardhat 3. What is on no line says nothing of whether a node took a
 * transaction. The first that fits counts.
 */
export const REFUSAL_WORDS: readonly RefusalWords[] = [
  {
    meaning: "known",
    words:
      /already ?known|known transaction|already imported|already in (the )?(mem)?pool|existing txn? with same hash/i,
    source: "go-ethereum, Nethermind, Besu, Erigon, Reth, anvil, Hardhat",
  },
  {
    meaning: "busy",
    words: /tx ?pool is full|sub-pool is full|pool size constraints|account limit exceeded|spammer/i,
    source: "go-ethereum, Erigon, Reth",
  },
  {
    meaning: "busy",
    words: /in-?flight transaction limit|gapped-?nonce tx from delegated|delegation (nonce gap|authority has pending)/i,
    source: "go-ethereum, Nethermind (EIP-7702)",
  },
  {
    meaning: "busy",
    words: /(address|authority) already reserved|type conflict|conflicts with existing transaction/i,
    source: "go-ethereum, Nethermind, Reth",
  },
  {
    meaning: "busy",
    words:
      /future transaction tries to replace pending|nonce too (high|far)|nonce ?gap|too distant from current sender nonce/i,
    source: "go-ethereum, Nethermind, Besu, anvil, Hardhat",
  },
  {
    meaning: "busy",
    words:
      /invalid transaction with a lower nonce|node is syncing|sync is still in progress|transaction pool not enabled/i,
    source: "Besu, Nethermind",
  },
  {
    meaning: "busy",
    words: /rate.?limit|too many requests|request (count|limit|rate) exceeded|compute units|capacity exceeded/i,
    source: "providers of nodes",
  },
  {
    meaning: "nonce-taken",
    words:
      /replacement ?transaction|replacement ?not ?allowed|REPLACEMENT_UNDERPRICED|to replace existing|replace existing tx/i,
    source: "go-ethereum, Nethermind, Besu, Erigon, Reth, anvil, Hardhat, ethers",
  },
  {
    meaning: "nonce-used",
    words: /nonce (is )?too low|old ?nonce|nonce has already been used|NONCE_EXPIRED/i,
    source: "go-ethereum, Nethermind, Besu, Erigon, Reth, anvil, Hardhat, ethers",
  },
  {
    meaning: "fee-too-low",
    words:
      /underpriced|fee ?too ?low|less than (the )?(block )?base fee|below (the |configured |current |chain )?(minimum|base fee)|gas price (is )?too low/i,
    source: "go-ethereum, Nethermind, Besu, Erigon, Reth, anvil, Hardhat",
  },
  {
    meaning: "refused",
    words: /insufficient.?funds|enough funds|upfront cost exceeds|overdraws from account/i,
    source: "go-ethereum, Nethermind, Besu, Erigon, Reth, anvil, Hardhat, ethers",
  },
  {
    meaning: "refused",
    words:
      /gas limit (reached|too high)|exceeds (the )?(block|transaction).{0,4} gas (limit|cap)|greater than the block gas limit/i,
    source: "go-ethereum, Nethermind, Besu, Erigon, Reth, anvil, Hardhat (EIP-7825)",
  },
  {
    meaning: "refused",
    words: /intrinsic ?gas|gas uint64 overflow|GasUintOverflow|gas too low|floor data gas/i,
    source: "go-ethereum, Besu, Erigon, Reth, anvil, Hardhat",
  },
  {
    meaning: "refused",
    words:
      /invalid (chain ?id|sender|signature)|wrong chain ?id|chain ?id (not supported|is required)|signed for another chain/i,
    source: "go-ethereum, Besu, Erigon, anvil, Hardhat",
  },
  {
    meaning: "refused",
    words:
      /type not (yet )?supported|unsupported transaction type|invalid transaction type|oversized data|data too large|transaction too large|rlp ?too ?long|sender not an eoa|fee cap exceeded|exceeds the configured cap|not authorized to send/i,
    source: "go-ethereum, Nethermind, Besu, Erigon, Reth, anvil",
  },
  {
    meaning: "refused",
    words: /execution reverted|reverted with/i,
    source: "Hardhat, anvil: they run it before they take it",
  },
  {
    meaning: "refused",
    words: /user (rejected|denied)|rejected by (the )?user|ACTION_REJECTED/i,
    source: "wallets, ethers",
  },
];

/** Codes that mean a refusal: no such method, malformed request (JSON-RPC 2.0); the user, no permission, unsupported (EIP-1193). */
export const REFUSAL_CODES: ReadonlySet<number> = new Set([-32601, -32602, 4001, 4100, 4200]);
