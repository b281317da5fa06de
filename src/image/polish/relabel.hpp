// Rules: other numbers for labels, by a table.
#ifndef MUSCLEMAP_IMAGE_POLISH_RELABEL_HPP_
#define MUSCLEMAP_IMAGE_POLISH_RELABEL_HPP_

#include "image/polish/parts.hpp"

namespace musclemap::image {

/// These labels become 0: auxiliary ones, which a network knows and nobody wants.
struct DropLabels {
  static constexpr const char* kKind = "drop_labels";
  static constexpr std::array<Word, 0> kWords{};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("at", self.at);
    visit("labels", self.labels);
  }
  At at = At::task;
  LabelNumbers labels;
};

/// All but these labels become 0.
struct KeepOnly {
  static constexpr const char* kKind = "keep_only";
  static constexpr std::array<Word, 0> kWords{};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("at", self.at);
    visit("labels", self.labels);
  }
  At at = At::image;
  LabelNumbers labels;
};

/// Label n of a label map becomes to[n]; what the table does not have becomes 0.
struct Relabel {
  static constexpr const char* kKind = "relabel";
  static constexpr std::array<Word, 0> kWords{};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("at", self.at);
    visit("to", self.to);
  }
  At at = At::image;
  std::vector<std::int64_t> to;  ///< to[0] is 0
};

void polish(const DropLabels& rule, Volume& labels, const PolishContext& context);
void polish(const KeepOnly& rule, Volume& labels, const PolishContext& context);
void polish(const Relabel& rule, Volume& labels, const PolishContext& context);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_POLISH_RELABEL_HPP_
