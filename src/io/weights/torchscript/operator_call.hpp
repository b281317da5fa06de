// One call of an operator in a TorchScript program.
#ifndef MUSCLEMAP_IO_TORCHSCRIPT_OPERATOR_CALL_HPP_
#define MUSCLEMAP_IO_TORCHSCRIPT_OPERATOR_CALL_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "io/weights/torchscript/values.hpp"
#include "net/graph.hpp"

namespace musclemap::io {

/// Error `unsupported`: the program is no network that is known.
[[noreturn]] void refuse_network(const std::string& message);

/// Arguments by position or name, in the order of `parameters`. What does not suit is an error `unsupported`
/// that names the operator. Holds views of the arguments.
class OperatorCall {
 public:
  OperatorCall(std::string name, const ScriptArguments& arguments, std::vector<std::string> parameters);

  [[noreturn]] void refuse(const std::string& what) const;
  /// An argument that must be there.
  const ScriptValue& at(std::size_t place) const;
  bool given(std::size_t place) const;
  double number(std::size_t place, double otherwise) const;
  bool flag(std::size_t place, bool otherwise) const { return number(place, otherwise ? 1 : 0) != 0; }
  int count(std::size_t place, int otherwise = 1) const;
  /// A whole number of a size that layers have.
  int whole(std::int64_t number) const;
  /// Whole numbers, one an axis of the layer, into that setting of it; left alone where the argument is not
  /// given or an empty list.
  void each_axis(std::size_t place, int net::Taps::*setting, net::Layer* layer) const;
  /// Axes of a map of so many axes: from 0, ascending.
  std::vector<std::int64_t> axes(std::size_t place, std::int64_t of) const;

 private:
  std::string name_;
  std::vector<const ScriptValue*> values_;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TORCHSCRIPT_OPERATOR_CALL_HPP_
