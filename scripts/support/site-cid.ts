// Prints the CID of the built page, as `ipfs add` with the profile unixfs-v1-2025 names its folder: the same files, the same CID.
import { join } from "node:path";
import { hashModel } from "../../src/model/hash-model.ts";

const { cid, resources } = await hashModel(join(import.meta.dirname, "../../dist/web"), { withCid: true });
const bytes = resources.reduce((sum, { size }) => sum + size, 0);
console.log(`the page: ${cid} (${resources.length} files, ${bytes} bytes)`);
