import { writeFileAtomically } from "../../base/atomic-write.ts";
import { sha256 } from "../../base/bytes.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex } from "../../base/hex.ts";
import { rawCidOfDigest, toIpfsUri } from "../../content/cid.ts";
import { signPublisher } from "../../metadata/publisher-statement.ts";
import { formatStatementFile } from "../../registry/publishers/statement-file.ts";
import { toCaip10 } from "../../registry/registry.ts";
import { type ChainConnection, connectRegistry, connectSigner } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { openPinningStore } from "../open-stores.ts";
import { type Options, required } from "../options.ts";
import { needsAnswer } from "../plan.ts";
import { type Terminal, confirm, printable } from "../terminal.ts";

/**
 * Signs that the account is a publisher's, for models that are recorded already: prints the statement, or writes it to a file,
 * and pins it where a store is named.
 */
export async function runPublisherSign(
  options: Options,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const did = required(options, "publisher");
  const signer = await connectSigner(connection, options);
  const registry = await connectRegistry(connection, options, signer);
  const account = await signer.getAddress();
  terminal.note(`${account} says that it is ${did}, for the registry ${toCaip10(registry)}; this sends nothing`);
  if (options.dryRun) return EXIT.done;
  if (needsAnswer(options, connection)) await confirm(terminal, "Sign it?");
  const signed = await signPublisher(did, signer, { chainId: registry.chainId, registry: registry.address });
  const bytes = formatStatementFile({ ...signed, account, registry: toCaip10(registry) });
  const uri = options.store === undefined ? undefined : await pin(bytes, options, connection, terminal);
  const { outputPath } = options;
  if (outputPath !== undefined) {
    await writeFileAtomically(outputPath, bytes).catch((cause: NodeJS.ErrnoException) => {
      throw new ProvenanceError("OPTION_INVALID", `OUTPUT_PATH ${outputPath} cannot be written (${cause.code}).`, {
        cause,
      });
    });
    terminal.note(`wrote ${printable(outputPath)}`);
  } else terminal.print(new TextDecoder().decode(bytes));
  const place = uri ?? outputPath;
  if (place !== undefined) terminal.note(`who verifies names it: --publisher-statements ${printable(place)}`);
  return EXIT.done;
}

async function pin(bytes: Uint8Array, options: Options, { chainId }: ChainConnection, terminal: Terminal) {
  const store = await openPinningStore(options, chainId, terminal);
  const cid = rawCidOfDigest(toHex(sha256(bytes)));
  await store.pin(cid, [{ cid, bytes }]);
  const uri = toIpfsUri(cid);
  terminal.note(`pinned ${uri} in ${store.name}`);
  return uri;
}
