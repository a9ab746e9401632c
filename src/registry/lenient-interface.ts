import { AbiCoder, type BytesLike, Interface, type InterfaceAbi, ParamType, Result, getBytes } from "ethers";

/**
 * An interface that decodes what strangers wrote: a contract takes any bytes for a text, and one text that is no UTF-8 must
 * not make a record, or all events of a registry, unreadable. Such bytes become U+FFFD.
 */
export function lenientInterface(abi: InterfaceAbi): Interface {
  return new LenientInterface(abi);
}

class LenientInterface extends Interface {
  override getAbiCoder(): AbiCoder {
    return new LenientAbiCoder();
  }
}

class LenientAbiCoder extends AbiCoder {
  override decode(types: readonly (string | ParamType)[], data: BytesLike, loose?: boolean): Result {
    const params = types.map((type) => ParamType.from(type));
    if (!params.some(hasText)) return super.decode(params, data, loose);
    const found = super.decode(params.map(withBytes), data, loose);
    return Result.fromItems(
      params.map((param, i) => readTexts(param, found[i])),
      params.map(({ name }) => name || null),
    );
  }
}

function hasText(param: ParamType): boolean {
  if (param.isArray()) return hasText(param.arrayChildren);
  return param.isTuple() ? param.components.some(hasText) : param.type === "string";
}

const known = new Map<string, ParamType>();

/** The same parameter with bytes for each text: their encoding is the same. */
function withBytes(param: ParamType): ParamType {
  const type = param.format();
  const found = known.get(type) ?? ParamType.from(type.replaceAll(/\bstring\b/g, "bytes"));
  known.set(type, found);
  return found;
}

function readTexts(param: ParamType, value: unknown): unknown {
  if (!hasText(param)) return value;
  if (param.isArray()) {
    const items = [...(value as Result)];
    return Result.fromItems(items.map((item) => readTexts(param.arrayChildren, item)));
  }
  if (!param.isTuple()) return readText(value as string);
  return Result.fromItems(
    param.components.map((component, i) => readTexts(component, (value as Result)[i])),
    param.components.map(({ name }) => name || null),
  );
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function readText(hex: string): string {
  return decoder.decode(getBytes(hex));
}
