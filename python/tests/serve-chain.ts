// A registry on a development chain for as long as somebody holds this process's standard input open. Its first account has
// every role and is the node's own, so that `publish` signs without a key. Prints {"rpcUrl", "contract", "creator"} and stays.
import { serveRegistry } from "../../test/helpers/served-registry.ts";

const { url, registry, minter, close } = await serveRegistry(31337);
console.log(JSON.stringify({ rpcUrl: url, contract: registry.address, creator: minter.address }));
process.stdin.resume().once("end", () => void close().then(() => process.exit()));
