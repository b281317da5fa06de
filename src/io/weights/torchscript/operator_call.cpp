#include "io/weights/torchscript/operator_call.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

using Kind = ScriptValue::Kind;

}  // namespace

void refuse_network(const std::string& message) {
  throw Error(ErrorCode::unsupported, Reason::unsupported, message);
}

OperatorCall::OperatorCall(std::string name, const ScriptArguments& arguments,
                           std::vector<std::string> parameters)
    : name_(std::move(name)), values_(parameters.size()) {
  for (std::size_t i = 0; i < arguments.values.size(); ++i) {
    std::size_t place = i;
    if (!arguments.keywords[i].empty()) {
      const auto found = std::find(parameters.begin(), parameters.end(), arguments.keywords[i]);
      place = static_cast<std::size_t>(found - parameters.begin());
    }
    if (place >= values_.size()) refuse("has more arguments than are known");
    values_[place] = &arguments.values[i];
  }
}

void OperatorCall::refuse(const std::string& what) const {
  refuse_network("a call of torch." + base::printable(name_, 40) + " " + what);
}

const ScriptValue& OperatorCall::at(std::size_t place) const {
  if (values_[place] == nullptr) refuse("lacks an argument");
  return *values_[place];
}

bool OperatorCall::given(std::size_t place) const {
  return values_[place] != nullptr && !values_[place]->is(Kind::none);
}

double OperatorCall::number(std::size_t place, double otherwise) const {
  if (values_[place] == nullptr) return otherwise;
  const ScriptValue& value = *values_[place];
  if (value.is(Kind::real)) return value.real;
  if (!value.is(Kind::integer) && !value.is(Kind::boolean)) refuse("has a setting that is not known");
  return static_cast<double>(value.integer);
}

int OperatorCall::count(std::size_t place, int otherwise) const {
  if (values_[place] == nullptr) return otherwise;
  if (!values_[place]->is(Kind::integer)) refuse("has a setting that is not known");
  return whole(values_[place]->integer);
}

int OperatorCall::whole(std::int64_t number) const {
  constexpr std::int64_t kFar = 1 << 20;
  if (number < -kFar || number > kFar) refuse("has a setting of " + std::to_string(number));
  return static_cast<int>(number);
}

void OperatorCall::each_axis(std::size_t place, int net::Taps::*setting, net::Layer* layer) const {
  if (values_[place] == nullptr) return;
  const ScriptValue& list = *values_[place];
  if (list.is_list() && list.items->empty()) return;
  const std::size_t axes = layer->taps.size();
  const char* needed = axes == 2 ? "has a setting that is not two whole numbers"
                                 : "has a setting that is not three whole numbers";
  if (!list.is_list() || list.items->size() != axes) {
    refuse(axes == 2 && list.is_list() && list.items->size() == 3 ? "is in three dimensions" : needed);
  }
  for (std::size_t axis = 0; axis < axes; ++axis) {
    if (!(*list.items)[axis].is(Kind::integer)) refuse(needed);
    layer->taps[axis].*setting = whole((*list.items)[axis].integer);
  }
}

std::vector<std::int64_t> OperatorCall::axes(std::size_t place, std::int64_t of) const {
  const ScriptValue& given = at(place);
  const std::vector<ScriptValue> items = given.is_list() ? *given.items : std::vector<ScriptValue>{given};
  std::vector<std::int64_t> axes;
  for (const ScriptValue& item : items) {
    if (!item.is(Kind::integer)) refuse("has an axis that is not known");
    axes.push_back(item.integer < 0 ? item.integer + of : item.integer);
  }
  std::sort(axes.begin(), axes.end());
  return axes;
}

}  // namespace musclemap::io
