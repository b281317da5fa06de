#include "cli/cell_range.hpp"

#include <charconv>
#include <string>

#include "cli/option_flags.hpp"
#include "musclemap/error.hpp"

namespace musclemap::cli {
namespace {

using image::ProjectionRange;

constexpr const char* kAverage = "avg";  // another word for mean
constexpr std::int64_t kNoNumber = -1;

std::int64_t whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number < 0) return kNoNumber;
  return number;
}

/// best, around:K, A:B or all.
void take_range(const std::string& text, image::ZProjection* projection) {
  const std::size_t colon = text.find(':');
  const std::string start = text.substr(0, colon);
  const std::int64_t first = whole_number(start);
  const std::int64_t second =
      colon == std::string::npos ? kNoNumber : whole_number(std::string_view(text).substr(colon + 1));
  if (text == "best" || text == "all") {
    projection->range = text == "best" ? ProjectionRange::best : ProjectionRange::all;
  } else if (start == "around" && second != kNoNumber) {
    projection->range = ProjectionRange::around;
    projection->around = second;
  } else if (first != kNoNumber && first <= second) {
    projection->range = ProjectionRange::fixed;
    projection->first = first;
    projection->last = second;
  } else {
    throw Error(ErrorCode::argument, "--range is '" + text + "'; best, around:K, A:B and all are allowed");
  }
}

}  // namespace

void add_range_flags(CLI::App& app, image::ZProjection* projection) {
  std::vector<std::string> words = base::words_of<image::ProjectionType>();
  words.emplace_back(kAverage);
  app.add_option_function<std::string>(
         "--projection",
         [projection](const std::string& word) {
           const bool average = word == kAverage;
           projection->type = average ? image::ProjectionType::mean
                                      : base::from_word<image::ProjectionType>(word, "--projection");
         },
         "how sections of a stack become one picture")
      ->option_text("mean|max|min|median|std")
      ->transform(one_of(words))
      ->default_str("mean");
  app.add_option_function<std::string>(
         "--range", [projection](const std::string& text) { take_range(text, projection); },
         "which sections: the one in best focus, that with K on either side, A to B from 0, or all")
      ->option_text("best|around:K|A:B|all")
      ->default_str("around:3");
}

}  // namespace musclemap::cli
