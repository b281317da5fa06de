#include "base/option.hpp"

#include <limits>

#include "metrics/metrics_options.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "task/segment_options.hpp"

namespace musclemap {
namespace {

using test::error_of;

template <class Struct, class Change>
std::string refusal(const Change& change) {
  Struct options;
  change(options);
  return error_of([&] { base::check_options(options); });
}

TEST_CASE("options: defaults are allowed", "[base]") {
  CHECK_NOTHROW(base::check_options(SegmentOptions{}));
  CHECK_NOTHROW(base::check_options(TissueOptions{}));
  CHECK_NOTHROW(base::check_options(TableWriteOptions{}));
  CHECK_NOTHROW(base::check_options(MetricsRequest{}));
}

TEST_CASE("options: a number out of its range is refused with the range", "[base]") {
  CHECK(refusal<SegmentOptions>([](auto& o) { o.overlap = 1; }) ==
        "argument/invalid: options.overlap is 1; 0 to below 1 is allowed");
  CHECK(refusal<SegmentOptions>([](auto& o) { o.overlap = std::numeric_limits<double>::quiet_NaN(); }) ==
        "argument/invalid: options.overlap is nan; 0 to below 1 is allowed");
  CHECK(refusal<SegmentOptions>([](auto& o) { o.chunk_slices = -1; }) ==
        "argument/invalid: options.chunk_slices is -1; 0 or more is allowed");
  CHECK(refusal<SegmentOptions>([](auto& o) {
          o.device = Device{Device::cuda, -2};
        }) == "argument/invalid: options.device.index is -2; 0 or more is allowed");
  CHECK(refusal<TableWriteOptions>([](auto& o) { o.decimals = 18; }) ==
        "argument/invalid: options.decimals is 18; 0 to 17 is allowed");
  CHECK(refusal<TissueOptions>([](auto& o) {
          o.fat_range = {3, 1};
        }) == "argument/invalid: options.fat_range runs from 3 to 1; its start may not lie above its end");
}

TEST_CASE("options: a number that is none of an enumeration is refused", "[base]") {
  CHECK(refusal<SegmentOptions>([](auto& o) { o.engine = static_cast<EngineChoice>(7); }) ==
        "argument/invalid: options.engine is 7; 0 to 2 are allowed");
  CHECK(std::string(base::word_of(static_cast<EngineChoice>(7))) == "unknown");
}

TEST_CASE("options: words and numbers of enumerations go to and fro", "[base]") {
  for (const std::string& word : base::words_of<MetricsMethod>()) {
    CHECK(base::word_of(base::from_word<MetricsMethod>(word, "method")) == word);
  }
  CHECK(base::from_word<Precision>("FAST", "precision") == Precision::fast);
  CHECK(error_of([] { base::from_word<MapChoice>("some", "maps"); }) ==
        "argument/invalid: maps is 'some'; none, masks and all are allowed");
}

TEST_CASE("options: a device is what it is called", "[base]") {
  CHECK(!task::device_of("auto", "device"));
  CHECK(task::device_of("CPU", "device")->kind == Device::cpu);
  CHECK(task::device_of("cuda", "device")->index == 0);
  CHECK(task::device_of("cuda:3", "device")->index == 3);
  for (const char* text : {"", "gpu", "cuda:", "cuda:-1", "cuda:1x", "cuda:99999999999"}) {
    INFO(text);
    CHECK(error_of([&] { task::device_of(text, "device"); }).find("argument/") == 0);
  }
}

}  // namespace
}  // namespace musclemap
