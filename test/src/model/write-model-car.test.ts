import { appendFile, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { hashModel } from "../../../src/model/hash-model.ts";
import { writeModelCar } from "../../../src/model/write-model-car.ts";
import { importCar } from "../../../src/content/car/import-car.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { readCar } from "../../helpers/servers/car-content.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const FILES = {
  "config.json": "{}",
  empty: "",
  "exact.bin": Buffer.alloc(2 * MIB, 1),
  "sub/large.bin": Buffer.concat([...Array.from({ length: 9 }, (_, i) => Buffer.alloc(MIB, i)), Buffer.from("rest")]),
};

describe("writeModelCar", function () {
  const temporary = useTemporaryFolder();

  it("writes a whole archive of a folder under the CID that hashing gives", async function () {
    const folder = await temporary.write("model", FILES);
    const out = temporary.path("model.car");
    const { model, size } = await writeModelCar(folder, out);
    const { cid, modelDigest } = await hashModel(folder, { withCid: true });
    expect([model.cid, model.modelDigest]).to.deep.equal([cid, modelDigest]);
    const car = await readFile(out);
    expect(size).to.equal(car.length);
    const { root, missing } = await readCar(car);
    expect({ root, missing }).to.deep.equal({ root: cid, missing: [] });
    const store = new LocalStore(temporary.path("store"));
    const { roots } = await importCar(store, out);
    expect(roots.map(String)).to.deep.equal([cid]);
  });

  for (const name of Object.keys(FILES)) {
    it(`writes one of a single file: ${name}`, async function () {
      const path = join(await temporary.write("model", FILES), name);
      const out = temporary.path("file.car");
      const { model } = await writeModelCar(path, out);
      const { root, missing } = await readCar(await readFile(out));
      expect({ root, missing }).to.deep.equal({ root: model.cid, missing: [] });
    });
  }

  it("leaves nothing behind of a model that changes meanwhile, or is none", async function () {
    const folder = await temporary.write("model", FILES);
    const out = temporary.path("model.car");
    const changing = { onBytes: () => void appendFile(join(folder, "config.json"), " ") };
    expect(await errorCode(async () => writeModelCar(folder, out, changing))).to.equal("MODEL_CHANGED");
    expect(await errorCode(async () => writeModelCar(temporary.path("none"), out))).to.equal("MODEL_NOT_FOUND");
    expect(await readdir(temporary.path())).to.deep.equal(["model"]);
  });
});
