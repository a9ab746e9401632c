"""Says what the official Python packages know of types, and read of the model files that they ship: JSON on stdout."""

import glob
import json
import os
import sys
import tempfile


def of_gguf():
    import gguf

    kinds = {kind.value: [kind.name, *gguf.GGML_QUANT_SIZES[kind]] for kind in gguf.GGMLQuantizationType}
    files = {kind.value: kind.name for kind in gguf.LlamaFileType}
    path = os.path.join(tempfile.mkdtemp(), "model.gguf")
    import numpy

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tensor("a", numpy.zeros((3, 32), dtype=numpy.float32))
    writer.add_tensor("b", numpy.zeros((5,), dtype=numpy.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    reader = gguf.GGUFReader(path)
    tensors = [[t.name, t.tensor_type.name, [int(n) for n in reversed(t.shape)]] for t in reader.tensors]
    return {"types": kinds, "fileTypes": files, "files": [{"path": path, "tensors": tensors}]}


def of_onnx():
    import onnx

    root = os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data")
    files = []
    for path in sorted(glob.glob(os.path.join(root, "**", "*.onnx"), recursive=True)):
        model = onnx.load(path, load_external_data=False)
        tensors = [[t.name, t.data_type, list(t.dims)] for t in model.graph.initializer]
        files.append({"path": path, "tensors": tensors})
    return {"types": dict(onnx.TensorProto.DataType.items()), "files": files}


def of_safetensors():
    import safetensors

    known = {}
    for dtype, bits in json.load(sys.stdin).items():
        header = json.dumps({"w": {"dtype": dtype, "shape": [8], "data_offsets": [0, bits]}}).encode()
        try:
            safetensors.deserialize(len(header).to_bytes(8, "little") + header + bytes(bits))
            known[dtype] = True
        except Exception:
            known[dtype] = False
    return {"known": known}


def of_ml_dtypes():
    import ml_dtypes

    floats = "float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn float6_e2m3fn float6_e3m2fn"
    bits = {name: ml_dtypes.finfo(getattr(ml_dtypes, name)).bits for name in floats.split()}
    bits["bfloat16"] = ml_dtypes.finfo(ml_dtypes.bfloat16).bits
    for name in ("int2", "uint2", "int4", "uint4"):
        bits[name] = ml_dtypes.iinfo(getattr(ml_dtypes, name)).bits
    return {"bits": bits}


def of_numpy():
    import numpy

    root = os.path.join(os.path.dirname(numpy.__file__), "lib", "tests", "data")
    files = {}
    for path in sorted(glob.glob(os.path.join(root, "*.np[yz]"))):
        try:
            loaded = numpy.load(path, allow_pickle=False)
            [loaded[name] for name in getattr(loaded, "files", ())]
            files[path] = True
        except ValueError:
            files[path] = False
    return {"plain": files}


if __name__ == "__main__":
    try:
        print(json.dumps(globals()["of_" + sys.argv[1]]()))
    except ImportError as error:
        sys.exit(f"missing: {error}")
