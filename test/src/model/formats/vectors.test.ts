import { expect } from "chai";
import { type ModelDescription, describeFormats } from "../../../../src/model/formats/describe-formats.ts";
import type { TensorPlace } from "../../../../src/model/formats/tensor.ts";
import { failureOf, readModelVectors, toSources } from "../../../helpers/model-vectors.ts";

interface Expected {
  readonly formats: string[];
  readonly tensors: [name: string, dtype: string, shape: number[]][];
  readonly ambiguous?: boolean;
  readonly unsafe?: string[];
  readonly places?: Record<string, TensorPlace>;
  readonly parameters?: ModelDescription["parameters"];
  readonly quantization?: ModelDescription["quantization"];
  readonly architecture?: string;
  readonly framework?: ModelDescription["framework"];
  /** What each warning must hold. */
  readonly warnings?: string[];
}

const byName = (a: { readonly 0: string }, b: { readonly 0: string }) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);

for (const format of ["safetensors", "gguf", "onnx", "zip"]) {
  describe(`describeFormats of ${format} files`, function () {
    for (const { name, description, files, expected } of readModelVectors<{ expected: Expected }>("valid", format)) {
      it(`accepts ${name}: ${description}`, async function () {
        const described = await describeFormats(toSources(files));
        const tensors = described.tensors.map(({ name, dtype, shape }) => [name, dtype, shape] as const);
        expect(described.formats).to.deep.equal(expected.formats);
        expect(tensors.toSorted(byName)).to.deep.equal(expected.tensors.toSorted(byName));
        expect(described.parameters).to.deep.equal(expected.parameters);
        expect(described.quantization).to.deep.equal(expected.quantization);
        expect(described.ambiguity !== undefined).to.equal(expected.ambiguous ?? false);
        expect(described.unsafeSerialization).to.deep.equal(expected.unsafe ?? []);
        expect(described.warnings, described.warnings.join("\n")).to.have.lengthOf(expected.warnings?.length ?? 0);
        for (const [i, text] of (expected.warnings ?? []).entries()) expect(described.warnings[i]).to.include(text);
        if (expected.architecture !== undefined) expect(described.architecture).to.equal(expected.architecture);
        if (expected.framework !== undefined) expect(described.framework).to.deep.equal(expected.framework);
        for (const [tensor, place] of Object.entries(expected.places ?? {})) {
          expect(described.tensors.find((other) => other.name === tensor)?.place).to.deep.equal(place);
        }
      });
    }

    for (const { name, description, files, error } of readModelVectors<{ error: string }>("invalid", format)) {
      it(`refuses ${name}: ${description}`, async function () {
        expect(await failureOf(() => describeFormats(toSources(files)))).to.equal(error);
      });
    }
  });
}
