// The allow-list. Names are those of torch's native_functions.yaml and register_prim_ops.cpp.
#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "io/weights/torchscript/scan.hpp"

namespace musclemap::io {
namespace {

constexpr std::string_view kAllowed[] = {
    // numbers, lists and text for messages
    "__and__", "__contains__", "__derive_index", "__getitem__", "__is__", "__isnot__", "__not__", "__or__",
    "__range_length", "__round_to_zero_floordiv", "_set_item", "append", "ceil", "extend", "floor",
    "floordiv", "format", "insert", "len", "list", "percentFormat", "pop", "remainder", "reverse", "round",
    "str", "Bool", "Float", "FloatImplicit", "Int", "IntImplicit", "ScalarImplicit", "keys", "values",
    "items", "index", "warn", "trunc",
    // arithmetic
    "abs", "absolute", "add", "addcdiv", "addcmul", "addmm", "baddbmm", "bmm", "clamp", "clamp_max",
    "clamp_min", "clip", "cos", "cumsum", "diff", "div", "divide", "dot", "einsum", "erf", "exp", "expm1",
    "fmod", "hypot", "lerp", "linear", "log", "log10", "log1p", "log2", "matmul", "maximum", "minimum", "mm",
    "mul", "multiply", "mv", "neg", "negative", "outer", "pow", "reciprocal", "rsqrt", "rsub", "sign", "sin",
    "sqrt", "square", "sub", "subtract", "tan", "tensordot", "true_divide", "floor_divide", "nan_to_num",
    // comparison and choice
    "eq", "ge", "gt", "isfinite", "isinf", "isnan", "le", "logical_and", "logical_not", "logical_or",
    "logical_xor", "lt", "masked_fill", "masked_select", "ne", "nonzero", "where", "bitwise_and",
    "bitwise_not", "bitwise_or",
    // reduction
    "all", "amax", "amin", "any", "argmax", "argmin", "argsort", "count_nonzero", "logsumexp", "max", "mean",
    "median", "min", "norm", "linalg_vector_norm", "prod", "sort", "std", "std_mean", "sum", "topk", "var",
    "var_mean",
    // shape and indexing
    "alias", "as_strided", "broadcast_to", "cat", "chunk", "concat", "contiguous", "copy", "detach",
    "diagonal", "dim", "expand", "expand_as", "flatten", "flip", "gather", "index_add", "index_put",
    "index_select", "is_contiguous", "is_floating_point", "is_complex", "meshgrid", "movedim", "narrow",
    "ndimension", "numel", "permute", "pixel_shuffle", "pixel_unshuffle", "repeat", "repeat_interleave",
    "reshape", "reshape_as", "resolve_conj", "resolve_neg", "roll", "rot90", "scatter", "scatter_add",
    "select", "size", "slice", "split", "split_with_sizes", "squeeze", "stack", "storage_offset", "stride",
    "swapaxes", "t", "tile", "transpose", "tril", "triu", "unbind", "unflatten", "unfold", "unsqueeze",
    "view", "view_as", "movedim", "fold", "im2col", "col2im",
    // making tensors and changing their type
    "arange", "bool", "clone", "cpu", "device", "double", "dtype", "empty", "empty_like", "eye", "fill",
    "float", "full", "full_like", "half", "int", "item", "linspace", "long", "new_empty", "new_full",
    "new_ones", "new_zeros", "ones", "ones_like", "scalar_tensor", "tensor", "to", "type_as", "zero", "zeros",
    "zeros_like", "_to_copy", "lift_fresh",
    // convolution, normalisation, pooling, interpolation
    "_convolution", "_convolution_mode", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d",
    "adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d", "avg_pool1d", "avg_pool2d",
    "avg_pool3d", "batch_norm", "bilinear", "constant_pad_nd", "conv1d", "conv2d", "conv3d",
    "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "convolution", "grid_sampler",
    "grid_sampler_2d", "grid_sampler_3d", "affine_grid_generator", "group_norm", "instance_norm",
    "layer_norm", "max_pool1d", "max_pool2d", "max_pool2d_with_indices", "max_pool3d",
    "max_pool3d_with_indices", "max_unpool2d", "max_unpool3d", "native_batch_norm", "native_group_norm",
    "native_layer_norm", "pad", "reflection_pad1d", "reflection_pad2d", "reflection_pad3d",
    "replication_pad1d", "replication_pad2d", "replication_pad3d", "_weight_norm", "upsample_bicubic2d",
    "upsample_bilinear2d", "upsample_linear1d", "upsample_nearest1d", "upsample_nearest2d",
    "upsample_nearest3d", "upsample_trilinear3d", "_upsample_bicubic2d_aa", "_upsample_bilinear2d_aa",
    "_upsample_nearest_exact1d", "_upsample_nearest_exact2d", "_upsample_nearest_exact3d", "__interpolate",
    "__upsample", "__upsample_bilinear", "__upsample_nearest",
    // activation and attention
    "alpha_dropout", "celu", "dropout", "elu", "feature_dropout", "gelu", "glu", "hardsigmoid", "hardswish",
    "hardtanh", "leaky_relu", "log_sigmoid", "log_softmax", "mish", "prelu", "relu", "relu6", "rrelu",
    "scaled_dot_product_attention", "selu", "sigmoid", "silu", "softmax", "softplus", "tanh", "threshold",
    "embedding", "one_hot", "normalize"};

/// Of "prim", as printed with `ops.prim.`.
constexpr std::string_view kAllowedPrim[] = {"NumToTensor",
                                             "RaiseException",
                                             "abs",
                                             "data",
                                             "device",
                                             "dtype",
                                             "is_cuda",
                                             "isinstance",
                                             "max",
                                             "min",
                                             "ndim",
                                             "shape",
                                             "type",
                                             "unchecked_cast",
                                             "unchecked_unwrap_optional",
                                             "unwrap_optional",
                                             "itemsize",
                                             "TupleUnpack",
                                             "TupleIndex",
                                             "layout",
                                             "is_quantized",
                                             "requires_grad"};

}  // namespace

bool is_allowed_aten(std::string_view name) {
  if (contains(kAllowed, name)) return true;
  // "relu_" is "relu" in place.
  return name.size() > 1 && name.back() == '_' && name.substr(name.size() - 2) != "__" &&
         contains(kAllowed, name.substr(0, name.size() - 1));
}

void TorchScriptScan::use_operator(const std::string& name) {
  constexpr std::string_view kAten = "aten::";
  constexpr std::string_view kPrim = "prim::";
  operators_.insert(name);
  const std::string_view text = name;
  const bool allowed = (text.substr(0, 6) == kAten && is_allowed_aten(text.substr(6))) ||
                       (text.substr(0, 6) == kPrim && contains(kAllowedPrim, text.substr(6)));
  if (!allowed) refused_.insert("operator " + name);
}

}  // namespace musclemap::io
