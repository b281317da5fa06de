#include "io/tiff/ome_tiff_writer.hpp"

#include <algorithm>

#include "musclemap/error.hpp"
#include "musclemap/version.hpp"

namespace musclemap::io {
namespace {

std::string own_name() { return std::string("musclemap ") + kVersion; }

TiffPageFacts mask_pages(std::int64_t frames, std::int64_t height, std::int64_t width, bool wide,
                         const std::string& description) {
  TiffPageFacts facts;
  facts.pages = frames;
  facts.height = height;
  facts.width = width;
  facts.sample_bytes = wide ? 4 : 2;
  facts.description = description;
  facts.software = own_name();
  return facts;
}

}  // namespace

MaskFile::MaskFile(const std::filesystem::path& file, const OmeMaskFacts& facts)
    : pixels_(facts.height * facts.width),
      wide_(facts.wide),
      pages_(file, mask_pages(facts.frames * facts.sections, facts.height, facts.width, facts.wide,
                              ome_xml_text(facts))) {}

MaskFile::MaskFile(const std::filesystem::path& file, std::int64_t frames, std::int64_t height,
                   std::int64_t width, bool wide)
    : pixels_(height * width), wide_(wide), pages_(file, mask_pages(frames, height, width, wide, {})) {}

void MaskFile::write(const std::uint32_t* labels) {
  if (wide_) {
    pages_.write(labels);
    return;
  }
  if (needs_wide_labels(labels, pixels_)) {
    throw Error(ErrorCode::argument, Reason::limit,
                "label " + std::to_string(*std::max_element(labels, labels + pixels_)) +
                    " does not fit 16 bits; at most " + std::to_string(kMostNarrowLabel) + " is allowed");
  }
  narrow_.resize(static_cast<std::size_t>(pixels_));
  std::transform(labels, labels + pixels_, narrow_.begin(),
                 [](std::uint32_t label) { return static_cast<std::uint16_t>(label); });
  pages_.write(narrow_.data());
}

bool needs_wide_labels(const std::uint32_t* labels, std::int64_t count) {
  return std::any_of(labels, labels + count, [](std::uint32_t label) { return label > kMostNarrowLabel; });
}

}  // namespace musclemap::io
