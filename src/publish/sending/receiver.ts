import type { Provider } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { decodeRevert } from "../../registry/chain-error.ts";
import type { ContractCall } from "./sending.ts";

/** Code of an account that delegated it (EIP-7702): a mark, and the contract whose code it runs. */
const DELEGATION = /^0xef0100([0-9a-f]{40})$/i;

/**
 * Says of a call that was refused whether its receiver is why: an account with delegated code that lacks the receiver's hook
 * takes no token, though it is somebody's own account.
 *
 * @param failure - what was understood of it so far; returned as it is where the receiver is not known to be why
 */
export async function explainReceiver(
  provider: Provider,
  error: unknown,
  failure: ProvenanceError,
  { contractInterface, data }: ContractCall,
): Promise<ProvenanceError> {
  if (failure.code !== "TRANSACTION_REFUSED") return failure;
  const revert = decodeRevert(error, contractInterface);
  if (revert !== undefined && revert.name !== "ERC721InvalidReceiver") return failure;
  const receiver = (revert?.args[0] as string | undefined) ?? receiverOf(contractInterface, data);
  if (receiver === undefined) return failure;
  const code = await provider.getCode(receiver).catch(() => "0x");
  const delegate = DELEGATION.exec(code)?.[1];
  if (delegate === undefined) return failure;
  const text =
    `The contract refuses: the receiver ${receiver} is an account with delegated code (EIP-7702), and the contract 0x${delegate} ` +
    "that it runs does not take such tokens (onERC721Received). Choose another MINT_TO, let the account delegate to a contract " +
    "that takes them, or end the delegation.";
  return new ProvenanceError("TRANSACTION_REFUSED", text, { cause: failure });
}

function receiverOf(contractInterface: ContractCall["contractInterface"], data: string): string | undefined {
  const call = contractInterface.parseTransaction({ data });
  const args = call?.fragment.inputs.map(({ name }, i) => [name, call.args[i] as unknown] as const) ?? [];
  for (const [name, value] of args) {
    if (name === "to" && typeof value === "string") return value;
    if (name === "voucher") return (value as { to?: string }).to;
  }
  return undefined;
}

/**
 * Tells whether an account is a contract: it has code, and not merely that of EIP-7702, which leaves it to its key.
 *
 * @throws what the provider throws
 */
export async function isContractAccount(account: string, provider: Provider): Promise<boolean> {
  const code = await provider.getCode(account);
  return code !== "0x" && !DELEGATION.test(code);
}
