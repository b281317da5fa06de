#include "task/polish/polish.hpp"

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/words.hpp"

namespace musclemap::task {
namespace {

template <class Rule, class = void>
struct SaysWhere : std::false_type {};
template <class Rule>
struct SaysWhere<Rule, std::void_t<decltype(std::declval<Rule>().at)>> : std::true_type {};

// A rule has a place as a field, or one for all as its first word.
template <class Rule>
bool belongs_at(const Rule& rule, image::At at) {
  if constexpr (SaysWhere<Rule>::value) {
    return rule.at == at;
  } else {
    return Rule::kWords.front().value == std::string(base::word_of(at));
  }
}

}  // namespace

void polish_at(image::At at, const std::vector<Polish>& rules, const image::PolishContext& context,
               Volume* labels) {
  for (const Polish& each : rules) {
    std::visit(
        [&](const auto& rule) {
          if (belongs_at(rule, at)) polish(rule, *labels, context);
        },
        each);
  }
}

std::size_t polish_bytes_at(image::At at, const std::vector<Polish>& rules, const Index3& shape) {
  std::size_t most = 0;
  for (const Polish& each : rules) {
    std::visit(
        [&](const auto& rule) {
          if (belongs_at(rule, at)) most = std::max(most, image::polish_bytes(rule, shape));
        },
        each);
  }
  return most;
}

}  // namespace musclemap::task
