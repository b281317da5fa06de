#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace capi = musclemap::capi;
using musclemap::Error;
using musclemap::ErrorCode;
using musclemap::Label;
using musclemap::LabelTableFormat;

namespace {

constexpr std::int64_t kMostLabels = 65536;

std::vector<Label> labels_of(const mm_label* given, std::int64_t count) {
  if (count < 1 || count > kMostLabels) {
    throw Error(ErrorCode::argument, "count is " + std::to_string(count) + "; 1 to " +
                                         std::to_string(kMostLabels) + " are allowed");
  }
  const std::uint32_t step = capi::stated_size(given, "labels");
  std::vector<Label> labels;
  for (std::int64_t n = 0; n < count; ++n) {
    const auto* at = reinterpret_cast<const unsigned char*>(given) + static_cast<std::size_t>(n) * step;
    const mm_label own = capi::taken(reinterpret_cast<const mm_label*>(at), "labels");
    if (own.value == 0) throw Error(ErrorCode::argument, "a label has the value 0, which is the background");
    labels.push_back({own.value, capi::text_or_empty(own.region), capi::text_or_empty(own.anatomy),
                      capi::text_or_empty(own.side), capi::text_or_empty(own.snomed),
                      capi::text_or_empty(own.kind)});
  }
  std::sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.value < b.value; });
  const auto twice = std::adjacent_find(labels.begin(), labels.end(),
                                        [](const Label& a, const Label& b) { return a.value == b.value; });
  if (twice != labels.end())
    throw Error(ErrorCode::argument, "two labels have the value " + std::to_string(twice->value));
  return labels;
}

}  // namespace

mm_status mm_labels_create(const mm_label* labels, int64_t count, mm_labels** out) noexcept {
  return capi::guarded([&] {
    capi::required(labels, "labels");
    capi::required(out, "out");
    *out = std::make_unique<mm_labels>(labels_of(labels, count)).release();
  });
}

mm_status mm_labels_read(const char* path, mm_labels** out) noexcept {
  return capi::guarded([&] {
    capi::required(path, "path");
    capi::required(out, "out");
    *out = std::make_unique<mm_labels>(musclemap::read_labels(path), path).release();
  });
}

mm_status mm_labels_builtin(const char* region, const char* version, mm_labels** out) noexcept {
  return capi::guarded([&] {
    capi::required(region, "region");
    capi::required(out, "out");
    const musclemap::LabelTable& table =
        musclemap::builtin_label_table(region, version == nullptr ? "latest" : version);
    *out = std::make_unique<mm_labels>(table.labels).release();
  });
}

mm_status mm_labels_builtin_count(int64_t* out) noexcept {
  return capi::guarded([&] {
    capi::required(out, "out");
    *out = static_cast<int64_t>(musclemap::builtin_label_tables().size());
  });
}

mm_status mm_labels_builtin_at(int64_t index, const char** region_out, const char** version_out) noexcept {
  return capi::guarded([&] {
    capi::required(region_out, "region_out");
    capi::required(version_out, "version_out");
    const std::vector<musclemap::LabelTable>& tables = musclemap::builtin_label_tables();
    const musclemap::LabelTable& table = tables[capi::checked_index(index, tables.size(), "index")];
    *region_out = table.region.c_str();
    *version_out = table.version.c_str();
  });
}

mm_status mm_labels_count(const mm_labels* labels, int64_t* out) noexcept {
  return capi::guarded([&] {
    const mm_labels& asked = capi::checked(labels, "labels");
    *capi::required(out, "out") = static_cast<int64_t>(asked.labels.size());
  });
}

mm_status mm_labels_at(const mm_labels* labels, int64_t index, mm_label* out) noexcept {
  return capi::guarded([&] {
    const std::vector<Label>& asked = capi::checked(labels, "labels").labels;
    const capi::Result<mm_label> result(out, "out");
    const Label& label = asked[capi::checked_index(index, asked.size(), "index")];
    mm_label own{};
    own.value = label.value;
    own.region = label.region.c_str();
    own.anatomy = label.anatomy.c_str();
    own.side = label.side.c_str();
    own.snomed = label.snomed.c_str();
    own.kind = label.kind.c_str();
    result.give(own);
  });
}

mm_status mm_labels_write(const mm_labels* labels, int32_t viewer, mm_write_fn write,
                          void* user_data) noexcept {
  return capi::guarded([&] {
    const mm_labels& written = capi::checked(labels, "labels");
    capi::required(write, "write");
    const auto format =
        capi::checked_enum(viewer, LabelTableFormat::itksnap, LabelTableFormat::bids, "viewer");
    std::ostringstream text;
    musclemap::write_label_table(written.labels, format, text);
    capi::hand_over(text.str(), write, user_data);
  });
}

void mm_labels_free(mm_labels* labels) noexcept {
  if (capi::may_free(labels)) delete labels;
}
