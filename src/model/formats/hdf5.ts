import type { Format } from "./format.ts";
import { readBySignature } from "./signature.ts";

const SIGNATURE = Buffer.from("\x89HDF\r\n\x1a\n", "latin1");

/** HDF5, as Keras and TensorFlow write weights. @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html */
export const hdf5 = {
  name: "hdf5",
  extensions: [".h5", ".hdf5"],
  isWeight: true,
  mayRunCode: "never",
  holdsTensors: "none",
  read: readBySignature("hdf5", (start) => start.subarray(0, SIGNATURE.length).equals(SIGNATURE)),
} as const satisfies Format;
