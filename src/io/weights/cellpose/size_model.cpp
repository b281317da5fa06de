// After SizeModel of cellpose/models.py.
#include "io/weights/cellpose/size_model.hpp"

#include <cmath>
#include <string>

#include "io/weights/cellpose/numpy_pickle.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

using Kind = NumpyNode::Kind;

constexpr std::string_view kNumpyMagic("\x93NUMPY", 6);
constexpr std::size_t kLongLengths = 2;  // of the format's versions 2 and 3

[[noreturn]] void refuse_size_model(const std::string& message) {
  throw Error(ErrorCode::format, Reason::corrupt, message);
}

/// What stands behind the header of a `.npy` file of objects.
std::string_view pickled_part(std::string_view bytes) {
  if (bytes.substr(0, kNumpyMagic.size()) != kNumpyMagic || bytes.size() < 12) {
    refuse_size_model("is no size model: it does not begin as a .npy file");
  }
  const auto at = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(bytes[i])}; };
  const bool wide = at(6) >= kLongLengths;
  const std::size_t length = at(8) | at(9) << 8 | (wide ? at(10) << 16 | at(11) << 24 : 0);
  const std::size_t begin = wide ? 12 : 10;
  if (length > bytes.size() - begin) refuse_size_model("is cut short");
  if (bytes.substr(begin, length).find("'descr': '|O'") == std::string_view::npos) {
    refuse_size_model("is no size model: it holds an array of numbers, not a dictionary");
  }
  return bytes.substr(begin + length);
}

class SizeFields {
 public:
  explicit SizeFields(const NumpyTree& tree) : tree_(tree), fields_(tree[tree.root]) {
    if (fields_.kind == Kind::array && fields_.items.size() == 1) fields_ = tree[fields_.items[0]];
    if (fields_.kind != Kind::dict) refuse_size_model("is no size model: it holds no dictionary");
  }

  std::vector<double> numbers(const std::string& name) const {
    for (std::size_t i = 0; i + 1 < fields_.items.size(); i += 2) {
      if (tree_[fields_.items[i]].text != name) continue;
      const std::vector<double>& found = tree_[fields_.items[i + 1]].numbers;
      for (const double value : found) {
        if (!std::isfinite(value)) refuse_size_model("has a '" + name + "' that is not finite");
      }
      if (found.empty()) refuse_size_model("has a '" + name + "' without numbers");
      return found;
    }
    refuse_size_model("is no size model: it has no '" + name + "'");
  }
  double number(const std::string& name) const {
    const std::vector<double> found = numbers(name);
    if (found.size() != 1) {
      refuse_size_model("has a '" + name + "' of " + std::to_string(found.size()) + " numbers; 1 is allowed");
    }
    return found[0];
  }

 private:
  const NumpyTree& tree_;
  NumpyNode fields_;
};

}  // namespace

CellSizeModel read_size_model(std::string_view bytes) {
  const NumpyTree tree = read_numpy_pickle(pickled_part(bytes));
  const SizeFields fields(tree);
  CellSizeModel model;
  model.a = fields.numbers("A");
  model.mean_style = fields.numbers("smean");
  model.diam_mean = fields.number("diam_mean");
  model.mean_log = fields.number("ymean");
  if (model.a.size() != model.mean_style.size()) {
    refuse_size_model("has " + std::to_string(model.a.size()) + " numbers in 'A' and " +
                      std::to_string(model.mean_style.size()) + " in 'smean'; as many are allowed");
  }
  if (model.diam_mean <= 0) refuse_size_model("has a 'diam_mean' that is not positive");
  return model;
}

}  // namespace musclemap::io
