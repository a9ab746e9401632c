// Verifies credentials as tokens with jose, as whoever has the file. Prints null, or what is wrong.
import { readFileSync } from "node:fs";
import { importSPKI, compactVerify } from "jose";

const [key, ...paths] = process.argv.slice(2);
const publicKey = await importSPKI(readFileSync(key, "utf8"), "ES256");
for (const path of paths) {
  try {
    const token = readFileSync(path, "utf8").trimEnd();
    const { payload, protectedHeader } = await compactVerify(token, publicKey, { algorithms: ["ES256"] });
    const credential = JSON.parse(new TextDecoder().decode(payload));
    if (protectedHeader.typ !== "vc+jwt") throw new Error(`typ is ${protectedHeader.typ}`);
    if (protectedHeader.iss !== credential.issuer) throw new Error("iss is not the issuer");
    console.log("null");
  } catch (error) {
    console.log(JSON.stringify(error.message));
  }
}
