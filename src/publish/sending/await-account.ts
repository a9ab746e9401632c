import { ProvenanceError } from "../../base/errors.ts";
import { toChainError } from "../../registry/chain-error.ts";
import type { Registry } from "../../registry/registry.ts";
import { DEFAULT_WAIT_SECONDS, SYSTEM_CLOCK, type SendingOptions } from "./sending.ts";

const POLL_MILLISECONDS = 1000;

/**
 * Waits until nothing of an account is on its way into a block: until then the chain does not say yet what others recorded.
 *
 * @param onWait - called once where something is
 * @throws {ProvenanceError} `TRANSACTION_PENDING` when the time is up, `CHAIN_UNREACHABLE`
 */
export async function awaitAccount(
  { provider, contract }: Pick<Registry, "provider" | "contract">,
  account: string,
  { waitSeconds = DEFAULT_WAIT_SECONDS, clock = SYSTEM_CLOCK }: SendingOptions,
  onWait: () => void,
): Promise<void> {
  const deadline = clock.now() + waitSeconds * 1000;
  const count = async (block: "pending" | "latest") =>
    provider.getTransactionCount(account, block).catch((error: unknown) => {
      throw toChainError(error, contract.interface);
    });
  for (let looks = 0; ; looks++) {
    // In this order: what is mined in between is in both.
    const pending = await count("pending");
    if ((await count("latest")) >= pending) return;
    if (looks === 0) onWait();
    if (clock.now() >= deadline) throw stillPending(account, waitSeconds);
    await clock.sleep(POLL_MILLISECONDS);
  }
}

function stillPending(account: string, waitSeconds: number): ProvenanceError {
  const text =
    `Another process sent a transaction of ${account} that is not in a block after ${waitSeconds} seconds: what it records ` +
    "is not known yet. Run again where it was sent, which replaces it by a dearer one, or wait.";
  return new ProvenanceError("TRANSACTION_PENDING", text);
}
