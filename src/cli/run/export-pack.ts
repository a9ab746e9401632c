import { getAddress } from "ethers";
import { writePackFile } from "../../verify/pack-file.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { exportPack } from "../../verify/export-pack.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { openReading } from "../open-gateways.ts";
import { openLocalStore } from "../open-stores.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Options, required } from "../options.ts";
import { senderOf } from "../rpc-sender.ts";
import type { Terminal } from "../terminal.ts";

/** Writes a pack: the proofs of a record and all that the record names, in one file. */
export async function runExportPack(
  options: Options,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const tokenId = await resolveTokenId(required(options, "tokenId"));
  const path = required(options, "outputPath");
  const registry = await connectRegistry(connection, options);
  const source = openReading(options, connection.chainId, openLocalStore(options), terminal);
  const pack = await exportPack(registry, tokenId, source, senderOf(connection.provider));
  await writePackFile(path, pack);
  const { block } = pack;
  if (options.format === "json") {
    const document = {
      schemaVersion: "1.0",
      tokenId: pack.tokenId,
      pack: path,
      block: block.number,
      blockHash: block.hash,
    };
    terminal.print(JSON.stringify(document, null, 2));
    return EXIT.done;
  }
  terminal.print(`wrote ${path}, proved by block ${block.number}`);
  terminal.print(`block hash ${block.hash}`);
  terminal.note("Who verifies with it must have that hash from where they trust it, not from you:");
  const place = `--contract ${getAddress(pack.registry)} --chain-id ${pack.chainId}`;
  terminal.note(`  model-provenance verify MODEL --pack ${path} --block-hash ${block.hash} ${place}`);
  return EXIT.done;
}
