import { expect } from "chai";
import { BlackHoleBlockstore } from "blockstore-core/black-hole";
import { importer } from "ipfs-unixfs-importer";
import { formatBatchProof } from "../../../src/registry/batches/batch-files.ts";
import { buildBatch } from "../../../src/publish/build-batch.ts";
import { bytesMatchCid } from "../../../src/content/cid.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { createPublisher } from "../../helpers/prepared-models.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("buildBatch", function () {
  const temporary = useTemporaryFolder();

  it("gives the directory that the reference importer gives for these files", async function () {
    const { prepare, registry, context } = await createPublisher(temporary);
    const models = [await prepare("first"), await prepare("second"), await prepare("third")];
    const batch = buildBatch(models, registry, context.warn);
    const { cid, root, blocks, proofs } = batch;
    const place = `eip155:31337:${registry.address}`;
    const description = `{"count":3,"registry":"${place}","root":"${root}","schemaVersion":"1.0"}`;
    const files = [{ path: "batch.json", content: Buffer.from(description) as Uint8Array }];
    models.forEach(({ model, built }, i) => {
      files.push({ path: `models/${model.modelDigest}.json`, content: built.block.bytes });
      files.push({
        path: `proofs/${model.modelDigest}.json`,
        content: formatBatchProof(proofs[i] as (typeof proofs)[0]),
      });
    });
    let directory;
    const options = { profile: "unixfs-v1-2025", wrapWithDirectory: true } as const;
    for await (const entry of importer(files, new BlackHoleBlockstore(), options)) directory = entry.cid;
    expect(cid.toString()).to.equal(directory?.toString());
    expect(batch.contentDigest).to.equal(`0x${Buffer.from(cid.multihash.digest).toString("hex")}`);
    expect(blocks.every((block) => bytesMatchCid(block.cid, block.bytes))).to.equal(true);
    expect(blocks.at(-1)?.cid.equals(cid)).to.equal(true);
    expect(buildBatch(models, registry, context.warn).cid.equals(cid)).to.equal(true);
  });

  it("refuses an empty batch, and a model that is given twice", async function () {
    const { prepare, registry, context } = await createPublisher(temporary);
    const model = await prepare("model");
    expect(await errorCode(() => buildBatch([], registry, context.warn))).to.equal("OPTION_MISSING");
    expect(await errorCode(() => buildBatch([model, model], registry, context.warn))).to.equal("OPTION_INVALID");
  });
});
